"""Asking only for what changed, polling as news come, walking back in pieces, and encodings, over real HTTP."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from acca_crawler.detect.region import concerns, names_region
from acca_crawler.items import Listed
from storage.ledger.polls import next_interval
from tests.support.desk import Desk
from tests.support.known import outlets
from tests.support.local import Answer, Asked, served

KAZAKH = "Қазақстандағы ауыл тұрғындары мектеп пен жол туралы ұзақ сөйлесті, ал әкімдік өкілдері оларға жауап бермеді."
RUSSIAN = (
    "Жители посёлка долго говорили о дороге и школе, а представители района им так ничего и не ответили — «ждите»."
)
TAJIK = "Сокинони деҳа дар бораи роҳ ва мактаб сӯҳбат карданд, аммо намояндагони ноҳия ба онҳо ҷавоб надоданд."


@dataclass
class Press:
    """One outlet on loopback: its articles, how it answers conditional requests, and what was asked of it."""

    articles: list[str] = field(default_factory=list)
    pages: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    pages_at: dict[str, bytes] = field(default_factory=dict)
    etag: bool = True
    always_304: bool = False
    per_page: int = 100
    asked: list[tuple[str, int]] = field(default_factory=list)
    home: str = ""

    def feed(self, page: int) -> bytes:
        """A page of the feed, the newest articles first."""
        start = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
        chosen = list(enumerate(self.articles))[::-1][(page - 1) * self.per_page : page * self.per_page]
        items = "".join(
            f"<item><title>Report {slug}</title><link>{self.home}news/{slug}</link>"
            f"<pubDate>{start + timedelta(minutes=number):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            for number, slug in chosen
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()

    def answer(self, asked: Asked) -> Answer:
        """Give what was asked for."""
        path, _, query = asked.target.partition("?")
        body, kind, status, tag = b"not here", "text/plain", 404, None
        if path == "/feed/":
            page = int(query.removeprefix("paged=") or 1)
            if (page - 1) * self.per_page < len(self.articles):
                body, kind, status = self.feed(page), "application/rss+xml", 200
                tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"' if self.etag else None
                wanted = asked.headers.get("If-None-Match")
                if wanted and (self.always_304 or wanted == tag):
                    body, status = b"", 304
        elif path in self.pages_at:
            body, kind, status = self.pages_at[path], "text/html; charset=utf-8", 200
        elif path.startswith("/news/"):
            slug = path.rpartition("/")[2]
            status = 200
            body, kind = self.pages.get(slug) or (article(slug, f"{slug}: {RUSSIAN}").encode(), "text/html")
        self.asked.append((asked.target, status))
        return Answer(body, kind, status, {"ETag": tag} if tag else {})

    def of_the_feed(self) -> list[tuple[str, int]]:
        """What was asked of the feed since last time, and forget all."""
        found = [entry for entry in self.asked if entry[0].startswith("/feed/")]
        self.asked.clear()
        return found


def article(slug: str, text: str, head: str = "") -> str:
    """An article's page."""
    paragraphs = "".join(f"<p>{number}. {text} {text}</p>" for number in range(1, 4))
    return (
        f"<html><head>{head}<title>Report {slug}</title></head>"
        f"<body><article><h1>Report {slug}</h1>{paragraphs}</article></body></html>"
    )


@pytest.fixture
def press() -> Iterator[Press]:
    """An outlet with three articles."""
    outlet = Press([f"report-number-{number}" for number in range(3)])
    with served(outlet.answer) as site:
        outlet.home = site.home
        yield outlet


@pytest.fixture
def desk(tmp_path: Path, press: Press) -> Desk:
    """A desk with that outlet."""
    (tmp_path / "acca.toml").write_text(
        f'[crawl]\ndelay = 0\n[[outlet]]\nname = "paper"\nbase = "wordpress"\nhome = "{press.home}"\n'
        'countries = ["KZ"]\nlanguages = ["ru", "kk", "tg", "en"]\nfeeds = ["/feed/"]\n'
    )
    return Desk(tmp_path)


@pytest.mark.parametrize(("etag", "status"), [(True, 304), (False, 200)])
def test_an_unchanged_feed_costs_one_request_and_nothing_is_lost(
    desk: Desk, press: Press, etag: bool, status: int
) -> None:
    press.etag = etag
    desk.acca("crawl", "paper")
    assert desk.tuples("SELECT count(*) FROM articles") == [(3,)]
    press.asked.clear()
    desk.acca("crawl", "paper")
    assert press.asked == [("/feed/", status)]
    press.articles.append("report-number-3")
    desk.acca("crawl", "paper")
    assert desk.tuples("SELECT count(*) FROM articles") == [(4,)]
    assert desk.tuples("SELECT count(*) FROM articles WHERE missing_since IS NOT NULL OR removed_at IS NOT NULL") == [
        (0,)
    ]


def test_an_unchanged_feed_is_read_again_once_the_outlet_s_addresses_were_corrected(desk: Desk, press: Press) -> None:
    press.etag = True
    desk.acca("crawl", "paper")
    declared = desk.directory / "acca.toml"
    declared.write_text(declared.read_text() + 'mirrors = ["mirror.example"]\n')
    press.asked.clear()
    for _ in range(2):
        desk.acca("crawl", "paper")
    assert press.of_the_feed() == [("/feed/", 200), ("/feed/", 304)]


def test_a_server_that_lies_about_unchanged_is_found_out_and_not_believed_again(desk: Desk, press: Press) -> None:
    desk.acca("crawl", "paper")
    press.always_304 = True
    press.articles.append("report-number-3")
    desk.acca("crawl", "paper")
    assert desk.tuples("SELECT count(*) FROM articles") == [(3,)]
    desk.execute("UPDATE discovery_pages SET read_at = '2020-01-01T00:00:00Z'")
    desk.acca("crawl", "paper")
    assert desk.tuples("SELECT count(*) FROM articles") == [(4,)]
    assert desk.tuples("SELECT lies FROM discovery_pages") == [(1,)]
    press.articles.append("report-number-4")
    desk.acca("crawl", "paper")
    assert desk.tuples("SELECT count(*) FROM articles") == [(5,)]


def test_only_outlets_whose_time_has_come_are_asked(desk: Desk, press: Press) -> None:
    desk.acca("crawl", "paper", "--due")
    press.asked.clear()
    desk.acca("crawl", "paper", "--due")
    assert press.asked == []
    desk.execute("UPDATE polls SET due_at = '2020-01-01T00:00:00Z'")
    desk.acca("crawl", "paper", "--due")
    assert press.asked != []


def test_the_interval_follows_the_news_within_the_outlets_bounds() -> None:
    assert next_interval(60, listed=20, new=0, least=30, most=1440) == 90
    assert next_interval(60, listed=20, new=15, least=30, most=1440) == 30
    assert next_interval(60, listed=20, new=3, least=30, most=1440) == 60
    assert next_interval(30, listed=20, new=20, least=30, most=1440) == 30
    assert next_interval(1200, listed=20, new=0, least=30, most=1440) == 1440


@pytest.mark.parametrize(
    ("encoding", "header", "meta", "text"),
    [
        ("windows-1251", "text/html; charset=windows-1251", "", RUSSIAN),
        ("windows-1251", "text/html", "windows-1251", RUSSIAN),
        ("windows-1251", "text/html; charset=utf-8", "", RUSSIAN),
        ("koi8-r", "text/html; charset=koi8-r", "", RUSSIAN.replace("—", "-").replace("«", '"').replace("»", '"')),
        ("utf-16", "text/html; charset=utf-16", "", KAZAKH),
        ("utf-8", "text/html; charset=windows-1251", "windows-1251", KAZAKH),
        ("utf-8", "text/html; charset=iso-8859-1", "", TAJIK),
    ],
)
def test_letters_survive_whatever_the_encoding_and_its_label(
    desk: Desk, press: Press, encoding: str, header: str, meta: str, text: str
) -> None:
    head = f'<meta charset="{meta}">' if meta else ""
    press.pages["report-number-0"] = (article("number 0", text, head).encode(encoding), header)
    desk.acca("crawl", "paper")
    stored = [str(row[0]) for row in desk.tuples("SELECT text FROM revisions")]
    assert any(text in one for one in stored), stored


def test_a_walk_back_goes_on_where_it_was_broken_off(desk: Desk, press: Press) -> None:
    press.articles[:] = [f"report-number-{number}" for number in range(12)]
    press.per_page = 2
    (desk.directory / "acca.toml").write_text(
        (desk.directory / "acca.toml").read_text().replace('feeds = ["/feed/"]\n', "")
    )
    desk.acca("crawl", "paper", "--limit", "1")
    passed = f"{press.home}feed/?paged=2"
    desk.execute(
        "INSERT INTO backfill_pages (outlet, way, url, passed_at, rules) "
        f"SELECT 'paper', 'feed', '{passed}', '2026-11-22T00:00:00Z', rules FROM discovery_pages LIMIT 1"
    )
    press.asked.clear()
    desk.acca("crawl", "paper", "--backfill")
    asked = [path for path, status in press.of_the_feed() if status == 200]
    assert "/feed/?paged=2" not in asked and "/feed/?paged=6" in asked
    assert desk.tuples("SELECT count(*) FROM backfill_pages") == [(0,)]
    desk.acca("crawl", "paper", "--backfill")
    assert ("/feed/?paged=2", 200) in press.of_the_feed()


def test_a_world_wide_outlet_is_asked_for_the_region_only() -> None:
    hrw, acca = outlets()["hrw"].outlet, outlets()["acca"].outlet
    wanted = Listed("https://www.hrw.org/news/2026/03/14/x", title="Kazakhstan: Lawyer Detained")
    by_lead = Listed("https://www.hrw.org/news/2026/03/14/x", title="Lawyer Detained", lead="Officers in Dushanbe came")
    by_address = Listed("https://www.hrw.org/news/2026/03/14/uzbekistan-lawyer-detained")
    russian = Listed("https://www.hrw.org/ru/news/2026/03/14/x", title="В Туркменистане задержан адвокат")
    other = Listed("https://www.hrw.org/news/2026/03/14/peru-lawyer-detained", title="Peru: Lawyer Detained")
    assert all(concerns(listed, hrw) for listed in (wanted, by_lead, by_address, russian))
    assert not concerns(other, hrw)
    assert concerns(other, acca)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Central Asian leaders meet", "en", True),
        ("Talks in Astana end", "en", True),
        ("Казахстанский суд отказал", "ru", True),
        ("Центральная Азия: обзор", "ru", True),
        ("Выборы в Молдове", "ru", False),
        ("Poland closes its border", "en", False),
    ],
)
def test_the_region_is_known_by_its_names(text: str, language: str, expected: bool) -> None:
    assert names_region(text, (language,)) is expected


def test_a_relative_date_stays_what_it_was_at_the_capture(desk: Desk, press: Press) -> None:
    """Another visit reads "5 hours ago", a reprocess reads later: neither is an edit of the article."""
    press.articles[:] = ["printed-number-0"]

    def shows(printed: str) -> None:
        page = article("number 0", RUSSIAN).replace("<h1>", f'<time class="entry-date">{printed}</time><h1>')
        press.pages["printed-number-0"] = (page.encode(), "text/html; charset=utf-8")

    shows("2 часа назад")
    (desk.directory / "acca.toml").write_text(
        (desk.directory / "acca.toml").read_text().replace('feeds = ["/feed/"]\n', 'listings = ["/list/"]\n')
    )
    press.pages_at["/list/"] = b'<h2><a href="/news/printed-number-0">number 0</a></h2>'
    desk.acca("crawl", "paper")
    asked = "SELECT published_at, published_source, published_certainty FROM revisions"
    ((published, *origin),) = desk.tuples(asked)
    assert origin == ["relative", "medium"]
    printed = datetime.fromisoformat(str(published))
    assert timedelta(0) <= datetime.now(UTC) - timedelta(hours=2) - printed < timedelta(minutes=5)
    desk.acca("reprocess")
    assert desk.tuples(asked) == [(published, *origin)]
    shows("5 часов назад")
    desk.execute("UPDATE addresses SET status = 'pending'")
    desk.acca("crawl", "paper")
    assert desk.tuples(asked) == [(published, *origin)]


LETTERS = {
    "kazakh": ("«Әкім — ұлы өңірдің қожасы ғой», – деді ол, “үйге” қайтпай; һәм „шіркін“…", "utf-8", "text/html"),
    "kyrgyz-in-pieces": ("Айылдын «өңү» — й жана ё тамгалары: Ысык-Көлдө күнүгө 5–6 киши келет…", "nfd", "text/html"),
    "tajik": ("Ҳукумати ноҳия: «Ғаму ӯҳдадорӣ — аз они ҷомеа», – гуфт қозӣ.", "utf-8", "text/html; charset=koi8-r"),
    "uzbek-latin": ("Oʻzbekistonda “gʻalla” narxi oshdi — “yo‘q” dedi hokim, o'zi ham, ma’lum.", "utf-8", "text/html"),
    "uzbek-cyrillic": ("Ўзбекистонда ғалла нархи — ҳоким: «Қишлоққа “йўл” йўқ».", "utf-16-le", "text/html"),
    "turkmen": (
        "Aşgabatda “ýangyç” ýok — häkim: «Öňňin žurnal çykdy, ňähili gowy».",
        "utf-8",
        "text/html; charset=cp1251",
    ),
    "russian-koi8": ("Жители посёлка ждали ответа - 'и не дождались', сказал учитель школы.", "koi8-r", "text/html"),
    "russian-1251": (
        "«Дорога — это „жизнь“», – сказали жители… и ждут № 5.",
        "windows-1251",
        "text/html; charset=utf-8",
    ),
}


def test_letters_quotation_marks_and_dashes_are_stored_as_published_in_nfc(desk: Desk, press: Press) -> None:
    press.articles[:] = list(LETTERS)
    for slug, (text, encoding, header) in LETTERS.items():
        page = article(slug, text)
        sent = unicodedata.normalize("NFD", page).encode() if encoding == "nfd" else page.encode(encoding)
        press.pages[slug] = (sent, header)
    desk.acca("crawl", "paper")
    stored = {str(title): str(text) for title, text in desk.tuples("SELECT title, text FROM revisions")}
    for slug, (text, _, _) in LETTERS.items():
        assert text in stored[f"Report {slug}"], slug
        assert unicodedata.is_normalized("NFC", stored[f"Report {slug}"])
