"""A site in the shape of each family is probed; what the probe writes down is crawled as it stands."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from acca_crawler.newsroom import Newsroom
from tests.support import warm
from tests.support.desk import TIMEOUT, Desk
from tests.support.local import NOTHING, Answer, Asked, article, rss, served

PAST = datetime.now(UTC) - timedelta(days=2)
RUSSIAN = (
    "Жители вымышленного посёлка говорили о дороге и школе, а представители района им так ничего и не ответили, "
    "сказал он."
)


def blogger(asked: Asked) -> Answer:
    """A blog: Atom, monthly folders, the layout's own class names."""
    home = f"http://{asked.headers['Host']}"
    links = [f"{home}/{PAST:%Y/%m}/the-road-{number}.html" for number in range(1, 5)]
    if asked.path == "/":
        return Answer(f"<html><head><meta content='blogger' name='generator'/></head><body>{home}</body></html>")
    if asked.path == "/feeds/posts/default":
        entries = "".join(
            f"<entry><id>{link}</id><title>The road</title><published>{PAST:%Y-%m-%dT%H:%M:%SZ}</published>"
            f"<link rel='alternate' type='text/html' href='{link}'/></entry>"
            for link in links
        )
        started = "start-index" in asked.target
        feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title>{'' if started else entries}</feed>"
        return Answer(f"<?xml version='1.0'?>{feed}", "application/atom+xml")
    if f"{home}{asked.path}" not in links:
        return NOTHING
    paragraphs = "".join(f"<p>{number} {asked.path}: {RUSSIAN}</p>" for number in range(4))
    return Answer(
        f"<html><head><title>Дорога {asked.path}</title></head><body><div class='post hentry'>"
        f"<h3 class='post-title'>Дорога {asked.path}</h3><abbr class='published' title='{PAST:%Y-%m-%dT%H:%M:%SZ}'>x"
        f"</abbr><div class='post-body'>{paragraphs}</div><div class='post-footer'>Posted by nobody</div></div></body>"
    )


def by_listing(asked: Asked) -> Answer:
    """A site that offers no way in but its front page, with class names of its own."""
    titles = {
        f"/novosti/dorogu-otkryli-{number}": f"В посёлке снова открыли дорогу, номер {number}" for number in "1234"
    }
    if asked.path == "/":
        sections = "".join(f'<a href="/{section}/">{section}</a>' for section in ("novosti", "sport", "kontakty"))
        items = "".join(
            f'<div class="x1"><a class="x2" href="{path}">{title}</a></div>' for path, title in titles.items()
        )
        return Answer(f"<html><body>{sections}{items}<a href='/o-nas/redakciya'>О нас</a></body></html>")
    return Answer(article(titles[asked.path], RUSSIAN)) if asked.path in titles else NOTHING


def by_sitemap(asked: Asked) -> Answer:
    """A site that offers nothing but a sitemap, named nowhere, in windows-1251."""
    home = f"http://{asked.headers['Host']}"
    paths = [f"/news/{number}-doroga" for number in range(201, 206)]
    if asked.path == "/":
        return Answer("<html><body><h1>Газета</h1></body></html>")
    if asked.path == "/sitemap_index.xml":
        urls = "".join(f"<url><loc>{home}{path}</loc></url>" for path in [*paths, "/about-us/", "/contacts/all"])
        return Answer(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>', "text/xml")
    if asked.path not in paths:
        return NOTHING
    page = article(f"Дорога открыта {asked.path}", RUSSIAN)
    return Answer(page.encode("windows-1251"), "text/html; charset=windows-1251")


NUMBERED = [f"/500/the-road-to-school-{word}" for word in ("opens", "closes", "floods", "dries")]


def by_numbered_section(asked: Asked) -> Answer:
    """A site whose sections have numbers, which look like those of articles."""
    if asked.path in ("/rss.xml", "/feed/"):
        return rss(f"http://{asked.headers['Host']}{path}" for path in NUMBERED)
    return Answer(article(f"The road {asked.path}")) if asked.path in NUMBERED else Answer("x")


def by_two_feeds(asked: Asked) -> Answer:
    """A site with the same feed at two addresses, and no article outside of one section."""
    home = f"http://{asked.headers['Host']}"
    paths = [f"/analytics/the-road-to-school-{word}" for word in ("opens", "closes", "floods", "dries")]
    if asked.path in ("/rss.xml", "/feed/"):
        return rss(f"{home}{path}" for path in paths)
    return (
        Answer(article(f"The road {asked.path}"))
        if asked.path in paths
        else NOTHING
        if asked.path != "/"
        else Answer("x")
    )


@dataclass(frozen=True)
class Shape:
    """A site, and what a probe must make of it."""

    home: str
    family: str
    articles: int
    languages: set[str]


@contextmanager
def local(answer: Callable[[Asked], Answer], family: str, articles: int, languages: set[str]) -> Iterator[Shape]:
    """One of the sites above."""
    with served(answer) as site:
        yield Shape(site.home, family, articles, languages)


@contextmanager
def sample(name: str, family: str, languages: set[str], rest_off: int | None = None) -> Iterator[Shape]:
    """A site of the sample newsroom."""
    with Newsroom(1, sites=[name]) as newsroom:
        newsroom.sites[name].faults.rest_off = rest_off
        yield Shape(f"{newsroom.sites[name].url}/", family, len(newsroom.posts(name)), languages)


SHAPES = {
    "wordpress": lambda: sample("acca", "wordpress", {"en", "ru"}),
    "wordpress without REST": lambda: sample("acca", "wordpress", {"en", "ru"}, rest_off=401),
    "pangea": lambda: sample("kopuro", "pangea", {"ky"}),
    "drupal": lambda: sample("karlygash", "drupal", {"en", "kk", "uz"}),
    "24.kg-like": lambda: sample("tolkun", "generic", {"ru"}),
    "feed": lambda: sample("semdorog", "generic", {"ru"}),
    "blogger": lambda: local(blogger, "blogger", 4, {"ru"}),
    "listing": lambda: local(by_listing, "generic", 4, {"ru"}),
    "sitemap": lambda: local(by_sitemap, "generic", 5, {"ru"}),
    "numbered section": lambda: local(by_numbered_section, "generic", 4, {"en"}),
    "feeds": lambda: local(by_two_feeds, "generic", 4, {"en"}),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_what_a_probe_proposes_is_crawled_as_it_stands(tmp_path: Path, shape: str) -> None:
    desk = Desk(tmp_path)
    desk.configure("")
    with SHAPES[shape]() as site:
        output = desk.acca("outlet", "probe", site.home)
        assert f"family: {site.family};" in output
        proposed = output[output.index("[[outlet]]") :]
        table = tomllib.loads(proposed)["outlet"][0]
        assert (table["base"], table["home"]) == (site.family, site.home)
        assert set(table["languages"]) <= site.languages
        desk.configure(proposed)
        desk.acca("crawl", table["name"])
        assert desk.value("SELECT count(*) FROM articles") == site.articles
        assert desk.value("SELECT count(*) FROM revisions WHERE length(text) < 60") == 0
        languages = {str(row[0]).partition("-")[0] for row in desk.tuples("SELECT DISTINCT language FROM revisions")}
        assert languages & site.languages
        assert desk.tuples("SELECT DISTINCT status FROM run_outlets") == [("ok",)]
        again = desk.acca("crawl", table["name"])
        assert "new 0" in again


@pytest.mark.parametrize("shape", ["blogger", "listing", "sitemap", "drupal"])
def test_the_spider_file_is_crawled_as_it_stands(tmp_path: Path, shape: str) -> None:
    desk = Desk(tmp_path)
    desk.configure("")
    with SHAPES[shape]() as site:
        desk.acca("outlet", "probe", site.home, "--spider", "found.py")
        # acca.toml names the host, since private addresses are only asked where the operator wrote them down.
        desk.configure(f'[[outlet]]\nname = "same_host"\nbase = "generic"\nhome = "{site.home}"\ncountries = ["KG"]\n'
                       'languages = ["ru"]\n')  # fmt: skip
        environment = {"SCRAPY_SETTINGS_MODULE": "acca_crawler.crawl.project_settings"}
        scrapy = warm.Started(["runspider", "found.py"], tmp_path, environment, module="scrapy")
        printed = scrapy.communicate(TIMEOUT)
        assert scrapy.returncode == 0, printed
        assert desk.value("SELECT count(*) FROM articles") == site.articles


def test_two_addresses_of_one_feed_are_proposed_once_and_its_section_is_the_shape(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.configure("")
    with SHAPES["feeds"]() as site:
        output = desk.acca("outlet", "probe", site.home)
        table = tomllib.loads(output[output.index("[[outlet]]") :])["outlet"][0]
        assert table["feeds"] == [f"{site.home}feed/"]
        assert table["article_path"].startswith("^/analytics/")


def test_an_identity_that_several_articles_share_is_to_correct(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with served(by_numbered_section) as site:
        shape = "article_path = '^/(?P<id>\\d+)/'\nidentity = ['{id}']\nfeeds = ['/feed/']\n"
        desk.configure(
            f'[[outlet]]\nname = "numbered"\nbase = "generic"\nhome = "{site.home}"\ncountries = ["KG"]\n'
            f'languages = ["en"]\n{shape}'
        )
        output = desk.acca("outlet", "verify", "numbered", code=1)
    assert "identity 500 is that of 4 articles" in output
