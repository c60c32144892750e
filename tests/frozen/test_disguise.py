"""A saved page is disguised: no word of it is left anywhere, and it is read as it was before."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

from acca_crawler.extract import extract
from acca_crawler.outlet_tools.fixtures.disguise import Disguise
from acca_crawler.outlet_tools.fixtures.samples import Sample, samples
from acca_crawler.text.language import identify
from tests.spiders.known import FIXTURES, fixture_of, outlets

SECRET = b"thrown away after use"
URL = "https://kloop.kg/blog/2026/03/14/asan-testov-rasskazal-o-doroge/"
LEFT_IN = ("Testov", "Тестов", "Акжол", "Дорога", "testov", "doroge", "Aliya", "Алия", "4155", "0555")

PAGE = """<!doctype html><html lang="ru"><head><title>Асан Тестов: Дорога у посёлка Акжол</title>
<!-- Акжол, черновик -->
<meta name="description" content="Тестов говорит о дороге">
<meta property="article:published_time" content="2026-03-14T09:30:00Z">
<meta name="viewport" content="width=device-width">
<link rel="canonical" href="https://kloop.kg/blog/2026/03/14/asan-testov-rasskazal-o-doroge/">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Асан Тестов: Дорога у посёлка Акжол",
"datePublished": "2026-03-14T09:30:00Z", "author": {"@type": "Person", "name": "Алия Тестова"},
"url": "https://kloop.kg/blog/2026/03/14/asan-testov-rasskazal-o-doroge/"}</script>
<script>window.state = {"title": "Тестов и Дорога"}</script></head><body>
<h1 class="entry-title">Асан Тестов: Дорога у посёлка Акжол</h1>
<time class="entry-date" datetime="2026-03-14T09:30:00Z">
14 марта 2026</time><div class="td-post-content">
<p>Житель посёлка &#1040;кжол Асан Тестов, 41552 по списку, сказал, что дорога к школе размыта,
и что ему звонили с 0555.</p>
<p data-note="Тестов звонил"><a href="/tag/asan-testov/">Тестов</a> добавил: «В посёлке Акжол
ждут ответа вторую неделю».</p>
<p>Читайте также: Асан Тестов о мосте</p>
<img alt="Асан Тестов" src="https://kloop.kg/wp-content/uploads/2026/03/asan-testov-41552.jpg"></div></body></html>"""


def test_nothing_of_the_page_is_left_and_its_shape_is_what_it_was() -> None:
    disguise = Disguise(SECRET, outlets()["kloop"].outlet.boilerplate)
    disguised = disguise.page(PAGE)
    for word in LEFT_IN:
        assert word not in disguised
    before, after = html.fromstring(re.sub("<!--.*?-->", "", PAGE)), html.fromstring(disguised)
    assert [(e.tag, e.get("class"), e.get("id")) for e in before.iter()] == [
        (e.tag, e.get("class"), e.get("id")) for e in after.iter()
    ]
    assert "width=device-width" in disguised and "14 марта 2026" in disguised and "Читайте также:" in disguised


def test_a_disguised_page_is_read_as_the_page_was() -> None:
    outlet = outlets()["kloop"].outlet
    disguise = Disguise(SECRET, outlet.boilerplate)
    url = disguise.address(URL)
    before, after = extract(PAGE, URL, outlet=outlet), extract(disguise.page(PAGE), url, outlet=outlet)
    assert (after.method, after.published, after.canonical_url) == (before.method, before.published, url)
    assert [len(paragraph) for paragraph in after.paragraphs] == [len(paragraph) for paragraph in before.paragraphs]
    assert [len(name) for name in after.authors] == [len(name) for name in before.authors]
    assert {piece.rule for piece in after.stripped} == {piece.rule for piece in before.stripped}
    assert re.fullmatch(r"https://kloop\.kg/blog/2026/03/14/[a-z]+-[a-z]+-[a-z]+-o-[a-z]+/", url)
    assert outlet.identify(url)


def test_one_word_is_one_word_everywhere_and_another_under_another_secret() -> None:
    disguise = Disguise(SECRET)
    name = re.search(r"<p>(\w+)</p>", disguise.page("<p>Тестов</p>"))
    assert name and name[1] in disguise.page("<a title='Тестов'>Тестов</a>")
    assert disguise.page("<p>ТЕСТОВ</p>") == f"<p>{name[1].upper()}</p>"
    assert Disguise(b"another").page("<p>Тестов</p>") != f"<p>{name[1]}</p>"


@pytest.mark.parametrize("sample", samples().values(), ids=lambda sample: sample.language)
def test_no_word_of_three_letters_or_more_survives_in_any_language(sample: Sample) -> None:
    words = set(re.findall(r"[^\W\d_]{3,}", f"{sample.title} {sample.text}".lower()))
    disguised = Disguise(SECRET).page(f"<p>{sample.title}</p>\n<p>{sample.text}</p>")
    left = {word for word in re.findall(r"[^\W\d_]{3,}", disguised.lower()) if word in words}
    assert len(left) <= 0.02 * len(words), left  # another word's invented letters may spell one of three letters
    assert all(len(word) <= 4 for word in left)
    named = identify(disguised)
    assert named is None or named.partition("-")[0] == sample.language or sample.language in ("en", "fr", "ru")


def test_feeds_sitemaps_and_rest_answers_are_disguised_alike() -> None:
    disguise = Disguise(SECRET)
    url = disguise.address(URL)
    feed = disguise.page(f"<rss><item><title><![CDATA[<b>Асан Тестов</b>]]></title><link>{URL}</link>"
                         "<pubDate>Sat, 14 Mar 2026 09:30:00 GMT</pubDate></item></rss>")  # fmt: skip
    assert url in feed and "Sat, 14 Mar 2026 09:30:00 GMT" in feed and "Тестов" not in feed
    assert f"<loc>{url}</loc>" in disguise.page(f"<urlset><url><loc>{URL}</loc></url></urlset>")
    rest = json.loads(disguise.data(json.dumps([{"id": 7, "link": URL, "title": {"rendered": "<p>Тестов</p>"},
                                                 "date_gmt": "2026-03-14T09:30:00"}])))  # fmt: skip
    assert (rest[0]["link"], rest[0]["date_gmt"]) == (url, "2026-03-14T09:30:00")
    assert "Тестов" not in rest[0]["title"]["rendered"]


def test_the_command_disguises_what_it_freezes(tmp_path: Path) -> None:
    (tmp_path / "saved.html").write_text(PAGE)
    done = subprocess.run(
        [sys.executable, "-m", "acca_crawler", "fixture", "kloop", "--page", str(tmp_path / "saved.html"), "--url", URL,
         "--directory", str(tmp_path)],
        cwd=FIXTURES.parents[2], capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "frozen, read by selectors" in done.stdout
    written = "".join((tmp_path / "kloop" / name).read_text() for name in ("article.html", "expected.json"))
    for word in LEFT_IN:
        assert word not in written


@pytest.mark.parametrize("name", ["24kg", "azattyq_kk", "eurasianet", "ahrca_blog", "acca", "vlast"])
def test_a_frozen_page_of_each_family_is_read_alike_in_disguise(name: str) -> None:
    outlet, fixture = outlets()[name].outlet, fixture_of(name)
    disguise = Disguise(SECRET, outlet.boilerplate)
    page, url = (FIXTURES / name / "article.html").read_text(), fixture.addresses.forms[0]
    before, after = (
        extract(page, url, outlet=outlet),
        extract(disguise.page(page), disguise.address(url), outlet=outlet),
    )
    assert (after.method, after.published_at) == (before.method, before.published_at)
    assert [len(paragraph) for paragraph in after.paragraphs] == [len(paragraph) for paragraph in before.paragraphs]
    assert outlet.identify(disguise.address(url))
