"""What these sites do that a naive crawler gets wrong, one test for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from acca_crawler.dedup.address import canonical_address
from acca_crawler.extract import extract
from acca_crawler.extract.relative_dates import relative_date
from acca_crawler.ingest.page import is_on, process_page
from acca_crawler.items import Page
from tests.support.known import outlets

PARAGRAPHS = "".join(
    f"<p>Paragraph {number} tells at length what the people of an invented village said about the road, the water "
    "and the school, and what the district answered them after a month of waiting for a letter.</p>"
    for number in range(1, 6)
)


def identity(name: str, url: str) -> str | None:
    """What a spider makes of an address."""
    outlet = outlets()[name].outlet
    return outlet.identify(canonical_address(url, keep_query=outlet.keep_query))


def page(url: str, head: str = "", header: str = "") -> Page:
    """An article page with this in its head and above its text."""
    html = f"<html><head><title>The road</title>{head}</head><body><article><h1>The road</h1>{header}{PARAGRAPHS}"
    return Page(url=url, html=f"{html}</article></body></html>".encode())


def test_forum_18_is_identified_by_its_query() -> None:
    first = identity("forum18", "https://www.forum18.org/archive.php?article_id=3067")
    second = identity("forum18", "https://www.forum18.org/archive.php?article_id=3068")
    assert (first, second) == ("3067", "3068")
    assert identity("forum18", "https://www.forum18.org/archive.php?query=&article_id=3067&utm_medium=x") == first
    assert identity("forum18", "https://www.forum18.org/archive.php") is None


def test_fergana_is_one_outlet_on_five_domains_and_editions_stay_apart() -> None:
    domains = ("fergana.agency", "fergana.news", "fergana.plus", "fergana.media", "fergana.ru")
    assert {identity("fergana", f"https://{domain}/news/136264/") for domain in domains} == {"news/136264"}
    assert {identity("fergana", f"https://en.{domain}/news/136264") for domain in domains} == {"en:news/136264"}
    assert all(is_on(f"https://en.{domain}/news/136264", outlets()["fergana"].outlet) for domain in domains)


@pytest.mark.parametrize(
    ("name", "double", "canonical"),
    [
        ("kibhr", "https://bureau.kz/?p=50790", "https://bureau.kz/novosti/the-road/"),
        ("kibhr", "https://bureau.kz/?post_type=post&p=50790", "https://bureau.kz/novosti/the-road/"),
        ("f4e", "https://freedomforeurasia.org/?p=1846", "https://freedomforeurasia.org/the-road-and-the-water/"),
        ("notorture_tj", "https://notorturetj.org/en/node/700", "https://notorturetj.org/en/news/the-road"),
    ],
)
def test_short_addresses_are_resolved_through_the_canonical_one(name: str, double: str, canonical: str) -> None:
    outlet = outlets()[name].outlet
    assert identity(name, double)
    article = process_page(page(double, f'<link rel="canonical" href="{canonical}">'), name, outlet)
    assert article.identity == identity(name, canonical)
    assert article.url == canonical_address(canonical)
    assert canonical_address(double, keep_query=outlet.keep_query) in article.addresses


def test_a_short_address_without_a_canonical_one_is_still_an_article() -> None:
    article = process_page(page("https://bureau.kz/?p=50790"), "kibhr", outlets()["kibhr"].outlet)
    assert article.identity == "p=50790"


def test_a_trailing_dot_of_the_host_is_no_other_host() -> None:
    dotted = "https://thediplomat.com./2024/06/in-central-asia-torture-persists-as-does-impunity"
    outlet = outlets()["diplomat"].outlet
    assert is_on(dotted, outlet)
    assert canonical_address(dotted) == dotted.replace("com./", "com/")
    assert identity("diplomat", dotted) == identity("diplomat", dotted.replace("com./", "com/") + "/")


def test_blanks_and_curly_quotes_in_slugs_are_encoded_once() -> None:
    plain = "https://birduino.kg/ru/press/суд “вернул” дело, снова"
    encoded = canonical_address(plain)
    assert " " not in encoded and "“" not in encoded and "%25" not in encoded
    assert canonical_address(encoded) == encoded
    assert identity("birduino", plain) == identity("birduino", encoded)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("ozodlik_uz", "https://www.ozodlik.org/a/yol/31234567.html"),
        ("24kg", "https://24.kg/obschestvo/350001_doroga/"),
        ("ahrca", "https://ahrca.org/uzbekistan/1234-the-road"),
    ],
)
def test_a_header_that_prints_the_time_of_the_visit_dates_no_article(name: str, url: str) -> None:
    today = "2026-11-28T09:00:00+00:00"
    header = f'<header class="top"><time datetime="{today}">28.11.2026 09:00</time><span>Сегодня, 09:00</span></header>'
    visited = replace(page(url, header=header), fetched_at="2026-11-28T09:00:05Z")
    assert process_page(visited, name, outlets()[name].outlet).extraction.published is None


def test_pangeas_date_has_a_blank_where_the_t_belongs() -> None:
    head = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"The road",'
        '"datePublished":"2026-03-14 09:30:00Z"}</script>'
    )
    found = extract(page("https://www.azattyq.org/a/1234567.html", head).html, "https://www.azattyq.org/a/1234567.html")
    assert found.published_at == "2026-03-14T09:30:00Z"


def test_mirrors_and_amp_twins_are_the_article_itself() -> None:
    assert identity("kaztag", "https://kaztag.info/ru/news/the-road") == identity(
        "kaztag", "https://kaztag.kz/ru/news/the-road/"
    )
    assert is_on("https://kaztag.info/ru/news/the-road", outlets()["kaztag"].outlet)
    assert identity("ozodi_tg", "https://www.ozodi.org/amp/the-road/33512345.html") == "33512345"
    assert identity("ozodi_tg", "https://www.ozodi.org/amp/33512345.html") == "33512345"
    assert identity("knews", "https://knews.kg/2026/03/14/the-road/amp/") == "2026/03/14/the-road"


@pytest.mark.parametrize(
    "header",
    [
        "<div class='date'>21 / Thu, Nov</div>",
        "<time>21 / Thu, Nov</time>",
        "<time datetime='2026-11-22'>22 / Sun, Nov</time>",
        "<span itemprop='datePublished' content='2026-11-22T10:00:00'>22.11.2026</span>",
        "<time>Сегодня, 10:00</time>",
        "<time>2 часа назад</time>",
        "<time>Today</time>",
    ],
)
def test_todays_date_on_ahrcas_pages_is_never_a_date_of_publication(header: str) -> None:
    url = "https://ahrca.org/uzbekistan/torture-prevention/1149-the-road"
    visited = replace(page(url, header=header), fetched_at="2026-11-22T12:00:00Z")
    article = process_page(visited, "ahrca", outlets()["ahrca"].outlet)
    assert article.extraction.published_at is None
    believed = process_page(
        page(url, "<meta property='article:published_time' content='2020-05-04T10:00:00Z'>", header),
        "ahrca",
        outlets()["ahrca"].outlet,
    )
    assert believed.extraction.published_at == "2020-05-04T10:00:00Z"


@pytest.mark.parametrize("name", ["azattyq_ru", "azattyk_ru", "ozodi_ru", "ozodlik_ru"])
def test_archive_addresses_of_the_rus_sites_keep_their_identity_on_azattyq_asia(name: str) -> None:
    outlet = outlets()[name].outlet
    old = f"{outlet.home}a/33512345.html"
    new = "https://www.azattyqasia.org/a/the-road/33512345.html"
    assert is_on(new, outlet) and is_on(old, outlets()["azattyqasia"].outlet)
    assert {identity(name, old), identity(name, new), identity("azattyqasia", old), identity("azattyqasia", new)} == {
        "33512345"
    }
    assert not outlet.enabled


def test_a_blogs_country_domains_are_the_blog() -> None:
    blog = "nadejda-atayeva-en.blogspot"
    assert identity("ahrca_blog_en", f"https://{blog}.fr/2015/06/the-road.html?m=1") == "2015/06/the-road"
    assert is_on(f"https://{blog}.co.uk/2015/06/the-road.html", outlets()["ahrca_blog_en"].outlet)
    assert not is_on("https://nadejda-atayeva.blogspot.com/2015/06/the-road.html", outlets()["ahrca_blog_en"].outlet)


def test_old_addresses_that_carry_their_date() -> None:
    old = "https://www.iphronline.org/hdim-statement-central-asia-torture-20140922.html"
    assert identity("iphr", old) == "hdim-statement-central-asia-torture-20140922"


NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
"""In Almaty and Tashkent it is already half past one of the 23rd, in Prague still the 22nd."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Сегодня, 01:05", "2026-11-22T20:05:00Z"),
        ("Сегодня", "2026-11-23"),
        ("Вчера, 14:05", "2026-11-22T09:05:00Z"),
        ("Позавчера", "2026-11-21"),
        ("2 часа назад", "2026-11-22T18:30:00Z"),
        ("час назад", "2026-11-22T19:30:00Z"),
        ("15 минут назад", "2026-11-22T20:15:00Z"),
        ("только что", "2026-11-22T20:30:00Z"),
        ("3 дня назад", "2026-11-20"),
        ("Today at 01:05", "2026-11-22T20:05:00Z"),
        ("yesterday", "2026-11-22"),
        ("2 hours ago", "2026-11-22T18:30:00Z"),
        ("an hour ago", "2026-11-22T19:30:00Z"),
        ("2 weeks ago", "2026-11-09"),
        ("Бүгін, 01:05", "2026-11-22T20:05:00Z"),
        ("кеше", "2026-11-22"),
        ("2 сағат бұрын", "2026-11-22T18:30:00Z"),
        ("10 минут бұрын", "2026-11-22T20:20:00Z"),
        ("Бүгүн 01:05", "2026-11-22T20:05:00Z"),
        ("кечээ", "2026-11-22"),
        ("3 саат мурун", "2026-11-22T17:30:00Z"),
        ("5 мүнөт мурда", "2026-11-22T20:25:00Z"),
        ("Bugun, 01:05", "2026-11-22T20:05:00Z"),
        ("kecha", "2026-11-22"),
        ("2 soat oldin", "2026-11-22T18:30:00Z"),
        ("20 daqiqa avval", "2026-11-22T20:10:00Z"),
        ("Бугун, 01:05", "2026-11-22T20:05:00Z"),
        ("2 соат олдин", "2026-11-22T18:30:00Z"),
        ("Имрӯз, 01:05", "2026-11-22T20:05:00Z"),
        ("дирӯз", "2026-11-22"),
        ("2 соат пеш", "2026-11-22T18:30:00Z"),
        ("30 дақиқа пеш", "2026-11-22T20:00:00Z"),
        ("Şu gün, 01:05", "2026-11-22T20:05:00Z"),
        ("düýn", "2026-11-22"),
        ("2 sagat öň", "2026-11-22T18:30:00Z"),
        ("15 minut öň", "2026-11-22T20:15:00Z"),
    ],
)
def test_a_relative_date_is_read_in_the_outlets_time_zone(text: str, expected: str) -> None:
    assert relative_date(text, NOW, "Asia/Almaty") == expected


def test_the_time_zone_decides_which_day_today_is() -> None:
    assert relative_date("Сегодня", NOW, "Europe/Prague") == "2026-11-22"
    assert relative_date("Сегодня", NOW, "Asia/Bishkek") == "2026-11-23"


@pytest.mark.parametrize("text", ["14 марта 2026", "2026-03-14", "Кеңеш", "тодей", "", "Todays news", "2 часа"])
def test_what_is_no_relative_date_gives_none(text: str) -> None:
    assert relative_date(text, NOW, "Asia/Almaty") is None
