"""What is fuzzed: each parser of foreign input, its seeds, and the errors it may raise."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from acca_crawler.config.loading import parse_text
from acca_crawler.crawl.start import load_outlets
from acca_crawler.detect import Detector
from acca_crawler.detect.validate import check_lexicons
from acca_crawler.discovery import Fetched
from acca_crawler.discovery.bounds import bounded
from acca_crawler.discovery.feed import parse_feed
from acca_crawler.discovery.listing import parse_listing
from acca_crawler.discovery.sitemap import parse_sitemap
from acca_crawler.discovery.telegram import parse_posts_page
from acca_crawler.discovery.wordpress_api import parse_posts
from acca_crawler.exceptions import AccaError
from acca_crawler.extract.bounds import bound_markup
from acca_crawler.importing.pieces import Scanner
from acca_crawler.importing.text_dump import read_text_dump
from acca_crawler.ingest.capture import article_in
from acca_crawler.ingest.page import process_page
from acca_crawler.items import CaptureKind, Page
from acca_crawler.text import normalise, transliterate
from tests.support.known import FIXTURES, outlets

ADDRESS = "https://paper.example/news/1"


@dataclass(frozen=True)
class Target:
    """One parser. Whatever it raises besides our own errors (`AccaError`) is a crash."""

    name: str
    seeds: tuple[bytes, ...]
    run: Callable[[bytes], object]


def targets() -> dict[str, Target]:
    """Return all targets by name."""
    pages = tuple(path.read_bytes() for path in sorted(FIXTURES.glob("*/article.html"))[::6])
    found = [
        Target("extraction", pages, _extraction()),
        Target("feed", FEEDS, _answer(parse_feed, "feed")),
        Target("sitemap", SITEMAPS, _answer(parse_sitemap, "sitemap")),
        Target("listing", pages[:4], _answer(lambda answer: parse_listing(answer, "a"), "listing")),
        Target("rest", POSTS, _answer(parse_posts, "rest")),
        Target("telegram", (CHANNEL,), _answer(parse_posts_page, "posts")),
        Target("warc", (_warc(gz=True), _warc(gz=False)), _warcs()),
        Target("dump", DUMPS, lambda data: read_text_dump(data, outlet=outlets()["acca"].outlet)),
        Target("configuration", CONFIGURATIONS, _configuration),
        Target("lexicon", LEXICONS, _lexicon),
        Target("words", WORDS, _words),
    ]
    return {target.name: target for target in found}


def _extraction() -> Callable[[bytes], object]:
    config = parse_text(CONFIGURATIONS[0].decode(), Path("acca.toml"))
    detector, outlet = Detector(), load_outlets(config)["paper"].outlet

    def run(data: bytes) -> object:
        html, _ = bound_markup(data)
        return process_page(Page(ADDRESS, html, ADDRESS), "paper", outlet, detector)

    return run


def _answer(parse: Callable[[Fetched], object], kind: CaptureKind) -> Callable[[bytes], object]:
    headers = {"content-type": "text/html; charset=utf-8"}

    def run(data: bytes) -> object:
        body, _ = bounded(data, kind)
        return parse(Fetched("https://t.me/s/paper" if kind == "posts" else ADDRESS, 200, headers, body))

    return run


def _warcs() -> Callable[[bytes], object]:
    config = parse_text(CONFIGURATIONS[0].decode(), Path("acca.toml"))
    paper = load_outlets(config)["paper"].outlet
    scan, detector = Scanner({"paper": paper}), Detector()

    def run(data: bytes) -> Counter[str]:
        with tempfile.NamedTemporaryFile(suffix=".warc.gz") as file:
            file.write(data)
            file.flush()
            scanned = scan(Path(file.name), 0)
        for one in scanned.found:
            with suppress(AccaError):
                article_in(one.capture, "paper", paper, capture_id=None, detector=detector)
        return scanned.skipped

    return run


def _configuration(data: bytes) -> object:
    return parse_text(data.decode(errors="surrogateescape"), Path("acca.toml"))


def _lexicon(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "ru.toml").write_bytes(data)
        return check_lexicons([Path(directory)])


def _words(data: bytes) -> object:
    text = data.decode(errors="replace")
    for language in (None, "ru", "kk", "uz", "tk", "tg"):
        folded = normalise.fold_for_matching(text, language)
        normalise.one_script(text, language)
        transliterate.name_key(text, language=language)
        transliterate.romanise(text, language)
    return folded


FEEDS = (
    b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Paper</title><item><title>A &amp; B</title><link>https://paper.example/news/1</link>
<pubDate>Sat, 28 Nov 2026 10:00:00 +0600</pubDate><description><![CDATA[<p>Lead</p>]]></description>
<content:encoded><![CDATA[<p>Whole text of an invented report.</p>]]></content:encoded></item>
<item><guid>https://paper.example/news/2</guid><title>Second</title></item></channel></rss>""",
    """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://paper.example/"><title>Газета</title>
<entry><id>tag:1</id><title type="html">Первая &lt;b&gt;</title><link rel="alternate" href="news/1"/>
<updated>2026-11-28T10:00:00Z</updated><content type="html">&lt;p&gt;Текст&lt;/p&gt;</content></entry>
</feed>""".encode(),
)
SITEMAPS = (
    b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://paper.example/news/1</loc>
<lastmod>2026-11-28T10:00:00+06:00</lastmod><news:news><news:title>One</news:title>
<news:publication_date>2026-11-28</news:publication_date></news:news></url></urlset>""",
    gzip.compress(b"<sitemapindex><sitemap><loc>https://paper.example/s1.xml</loc></sitemap></sitemapindex>"),
)
POSTS = (
    json.dumps(
        [
            {
                "id": 7, "link": "https://paper.example/news/7", "date_gmt": "2026-11-28T04:00:00",
                "modified_gmt": "2026-11-28T05:00:00", "title": {"rendered": "A &#8220;report&#8221;"},
                "content": {"rendered": "<p>An invented text.</p>", "protected": False}, "excerpt": {"rendered": "x"},
            }
        ]
    ).encode(),
    b'{"code": "rest_post_invalid_page_number", "data": {"status": 400}}',
)  # fmt: skip
CHANNEL = """<html><body><div class="tgme_channel_info_header_title">Paper</div>
<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="paper/12">
<div class="tgme_widget_message_text">Выдуманное сообщение о суде.<br/>Вторая строка.</div>
<span class="tgme_widget_message_views">1.2K</span><a class="tgme_widget_message_date" href="https://t.me/paper/12">
<time datetime="2026-11-28T10:00:00+00:00">10:00</time></a></div></div></body></html>""".encode()
DUMPS = (
    "Заголовок сообщения\n28.11.2026 10:00\nАвтор Примеров\n\nПервый абзац выдуманного текста.\n\nВторой.".encode(),
    b"A title\n\nPosted on November 28, 2026 by admin\n\nThe first paragraph of a text.\n\nShare this:\nFacebook",
)
CONFIGURATIONS = (
    b"""[crawl]
contact = "a@b.example"
delay = 1.5
[[outlet]]
name = "paper"
base = "generic"
home = "https://paper.example/"
countries = ["KG"]
languages = ["ru", "en"]
article_path = "^/news/(?P<id>[0-9]+)"
identity = ["{id}"]
feeds = ["/feed/"]
timezone = "Asia/Bishkek"
""",
    b"""[alerts]
hold = []
[[channel]]
name = "mail"
kind = "webhook"
url = "https://hook.example/x"
secret_env = "X"
[[rule]]
name = "all"
channels = ["mail"]
[operations]
run_minutes = 8
""",
)
LEXICONS = (
    b"""kind = "lexicon"
lang = "en"
[torture]
role = "act"
certainty = "high"
terms = [
  { lemma = "swallow", pattern = 'swallow\\W+poses?', strength = 3, gloss = "stress position" },
  { lemma = "lash", pattern = 'lash(?:ed|es|ing)?', strength = 1, gloss = "whip" },
]
must_match = ["swallow pose", "lashed"]
must_not_match = ["a swallow", "eyelash"]
""",
)
WORDS = (
    "Қазақ тілінде жазылған мәтін: Үсенов Ә. қамауға алынды.".encode(),
    "Oʻzbekistonda hibsga olingan Alisher Gʻaniyev shikoyat qildi. Toshkent, o'tgan yili.".encode(),
    "Türkmenistanda Aşgabatda ýaşaýan Ataýew. Ñ ň ž ä ö".encode(),
    "Дар шаҳри Душанбе Ҷамшед Қодиров ҳабс шуд; İstanbul ıssız ǅ ﬁ ẞ".encode(),
)


def _warc(*, gz: bool) -> bytes:
    page = next(iter(sorted(FIXTURES.glob("*/article.html")))).read_bytes()
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gz)
    for number in range(3):
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            f"https://paper.example/news/{number}", "response", payload=io.BytesIO(page[:20_000]), http_headers=head,
            warc_headers_dict={"WARC-Date": "2026-11-28T10:00:00Z"},
        )  # fmt: skip
        writer.write_record(record)
    return out.getvalue()


def crash_of(target: Target, data: bytes) -> Exception | None:
    """Run a target on data; return what it must not raise, or None."""
    try:
        target.run(data)
    except AccaError:
        return None
    except Exception as error:  # noqa: BLE001 - this is what fuzzing looks for
        return error
    return None
