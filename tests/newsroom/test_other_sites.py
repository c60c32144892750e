"""The sites besides ACCA: each shaped like its family, with that family's traps."""

from __future__ import annotations

import gzip
import json
from collections import Counter

import feedparser
import pytest
from lxml import etree

from acca_crawler.newsroom import Newsroom
from acca_crawler.newsroom.sites import SITES, chashma, karlygash, kopuro, semdorog, tolkun
from tests.newsroom.conftest import Get, xpath

LINKS = {
    "semdorog": semdorog.link,
    "kopuro": kopuro.link,
    "tolkun": tolkun.link,
    "karlygash": karlygash.link,
    "chashma-mirror": chashma.link,
}
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.mark.parametrize("site", LINKS)
@pytest.mark.parametrize("day", [1, 2])
def test_every_article_answers_with_its_title_and_text(newsroom: Newsroom, get: Get, site: str, day: int) -> None:
    newsroom.set_day(day)
    assert newsroom.posts(site)
    for post in newsroom.posts(site):
        answer = get(LINKS[site](post), site=site)
        assert answer.status == 200
        text = answer.page.text_content()
        assert post.title in " ".join(text.split())
        assert all(paragraph in text for paragraph in post.text.split("\n\n"))
    assert newsroom.sites[site].requests[-1].kind == "article"


@pytest.mark.parametrize("site", LINKS)
def test_the_second_day_brings_an_alert(newsroom: Newsroom, get: Get, site: str) -> None:
    new = newsroom.changes(site).new
    assert any(post.level == "alert" for post in new)
    for post in new:
        assert get(LINKS[site](post), site=site).status == 404


def test_seven_languages_are_written_in_the_newsroom() -> None:
    languages = Counter(post.language for site in SITES for post in Newsroom().posts(site.name, 2))
    assert set(languages) == {"en", "ru", "ky", "kk", "uz", "tk", "tg"}


# Pangea


def test_pangea_article(newsroom: Newsroom, get: Get) -> None:
    post = next(post for post in newsroom.posts("kopuro") if post.id == 33200417)
    page = get(kopuro.link(post), site="kopuro").page
    (document,) = xpath(page, '//script[@type="application/ld+json"]/text()')
    assert json.loads(document)["datePublished"] == f"{post.published:%Y-%m-%d %H:%M:%S}Z"
    (moment,) = page.cssselect(".publishing-details .published time[pubdate][datetime]")
    assert str(moment.get("datetime")).endswith("+06:00")
    (title,) = page.cssselect(".hdr-container h1.title.pg-title")
    assert title.text_content().strip() == post.title
    assert page.cssselect("div.intro.content-offset")[0].text_content() == post.intro
    body = [node.text_content() for node in page.cssselect("#article-content div.wsw > p")]
    assert "\n\n".join(body) == post.text
    assert "No media source currently available" in page.cssselect(".wsw .wsw__embed")[-1].text_content()
    assert page.cssselect(".links__item-link")[0].text_content() == post.author


def test_pangea_addresses(newsroom: Newsroom, get: Get) -> None:
    post = newsroom.posts("kopuro")[0]
    canonical = newsroom.sites["kopuro"].url + kopuro.link(post)
    for form in (kopuro.link(post), f"/a/{post.id}.html", f"/amp/{post.slug}/{post.id}.html"):
        assert xpath(get(form, site="kopuro").page, '//link[@rel="canonical"]/@href') == [canonical]


def test_pangea_feed_codes_rot_overnight(newsroom: Newsroom, get: Get) -> None:
    def codes() -> list[str]:
        return [str(href) for href in xpath(get("/rssfeeds", site="kopuro").page, '//a[@class="rss"]/@href')]

    first = codes()
    found = [entry.link for code in first for entry in feedparser.parse(get(code, site="kopuro").body).entries]
    expected = {newsroom.sites["kopuro"].url + kopuro.link(post) for post in newsroom.posts("kopuro")}
    assert set(found) == expected and len(found) == len(expected)
    assert len(feedparser.parse(get("/api/", site="kopuro").body).entries) == len(expected)
    newsroom.set_day(2)
    assert {get(code, site="kopuro").status for code in first} == {404}
    assert set(codes()).isdisjoint(first)
    assert get("/api/", site="kopuro").status == 200


def test_pangea_sections_and_sitemap(newsroom: Newsroom, get: Get) -> None:
    expected = {kopuro.link(post) for post in newsroom.posts("kopuro")}
    found: set[str] = set()
    for section in kopuro.SECTIONS.values():
        for page in (0, 1):
            rows = get(f"/z/{section}?p={page}", site="kopuro").page.cssselect(".media-block__content a")
            found |= {str(row.get("href")) for row in rows}
    assert found == expected
    (child,) = etree.fromstring(get("/sitemap.xml", site="kopuro").body).iter(LOC)
    children = etree.fromstring(gzip.decompress(get(str(child.text), site="kopuro").body)).iter(LOC)
    assert {str(node.text) for node in children} == {newsroom.sites["kopuro"].url + path for path in expected}


# 24.kg


def test_microdata_article(newsroom: Newsroom, get: Get) -> None:
    post = newsroom.posts("tolkun")[0]
    page = get(tolkun.link(post), site="tolkun").page
    assert [node.text_content() for node in page.cssselect("h1.newsTitle")] == [post.title]
    (moment,) = page.cssselect("[itemprop=datePublished][content]")
    assert str(moment.get("content")).endswith("+06:00")
    (body,) = page.cssselect("div.cont[itemprop=articleBody]")
    assert "\n\n".join(node.text_content() for node in body.cssselect("p")) == post.text
    assert "Материалы по теме" in body.cssselect(".poTeme")[0].text_content()


def test_listing_prints_the_hour_only(newsroom: Newsroom, get: Get) -> None:
    found: list[str] = []
    for number in (1, 2, 3):
        page = get(f"/?page={number}", site="tolkun").page
        found += [str(node.get("href")) for node in page.cssselect("#newslist .one .title a")]
        assert all(len(node.text_content()) == 5 for node in page.cssselect("#newslist .one .time"))
    assert found == [tolkun.link(post) for post in newsroom.posts("tolkun")]
    assert len(get("/koom/", site="tolkun").page.cssselect("#newslist .one")) == 1
    assert len(feedparser.parse(get("/rss/", site="tolkun").body).entries) == len(found)


# Drupal


def test_drupal_article_and_its_node_address(newsroom: Newsroom, get: Get) -> None:
    for post in newsroom.posts("karlygash"):
        alias = get(karlygash.link(post), site="karlygash")
        assert get(f"/node/{post.id}", site="karlygash").body == alias.body
        (body,) = alias.page.cssselect("article.node--view-mode-full .field--name-body")
        assert "\n\n".join(node.text_content() for node in body.cssselect("p")) == post.text
        assert xpath(alias.page, '//link[@rel="canonical"]/@href')[0].endswith(karlygash.link(post))
        assert alias.page.get("lang") == post.language


def test_drupal_pages_count_from_zero(newsroom: Newsroom, get: Get) -> None:
    found: list[str] = []
    for number in (0, 1, 2):
        rows = get(f"/?page={number}", site="karlygash").page.cssselect(".view-content h2 a")
        found += [str(row.get("href")) for row in rows]
    assert found == [karlygash.link(post) for post in newsroom.posts("karlygash")]
    uzbek = get("/uz", site="karlygash").page.cssselect(".view-content h2 a")
    assert len(uzbek) == sum(post.language == "uz" for post in newsroom.posts("karlygash"))


def test_drupal_sitemap_is_an_index_of_itself(newsroom: Newsroom, get: Get) -> None:
    parts = [str(node.text) for node in etree.fromstring(get("/sitemap.xml", site="karlygash").body).iter(LOC)]
    found = [str(node.text) for part in parts for node in etree.fromstring(get(part).body).iter(LOC)]
    url = newsroom.sites["karlygash"].url
    assert len(parts) == 2
    assert found == [url + karlygash.link(post) for post in newsroom.posts("karlygash")]
    assert len(feedparser.parse(get("/rss.xml", site="karlygash").body).entries) == len(found)


# Behind a content network


def test_the_blocked_site_shows_its_feed_and_nothing_else(newsroom: Newsroom, get: Get) -> None:
    entries = feedparser.parse(get("/rss", site="chashma").body).entries
    assert len(entries) == len(newsroom.posts("chashma"))
    assert get("/robots.txt", site="chashma").text.startswith("User-agent")
    for path, status in (("/", 403), (chashma.link(newsroom.posts("chashma")[0]), 200)):
        answer = get(path, site="chashma")
        assert answer.status == status
        assert answer.headers["cf-mitigated"] == "challenge" and "Just a moment..." in answer.text
    newsroom.set_day(2)
    feed = get("/rss", site="chashma")
    assert feed.status == 200 and "Just a moment..." in feed.text


def test_the_mirror_is_open(newsroom: Newsroom, get: Get) -> None:
    assert newsroom.posts("chashma-mirror") == newsroom.posts("chashma")
    links = [node.get("href") for node in get("/", site="chashma-mirror").page.cssselect(".khabar a")]
    assert links == [chashma.link(post) for post in newsroom.posts("chashma")]


def test_unknown_pages_are_not_found_anywhere(newsroom: Newsroom, get: Get) -> None:
    for name in newsroom.sites:
        assert get("/nothing/of/the/kind", site=name).status == 404


@pytest.mark.parametrize("death", ["html", "empty", "404-as-200"])
def test_any_feed_can_be_dead(newsroom: Newsroom, get: Get, death: str) -> None:
    feeds = {"kopuro": "/api/", "tolkun": "/rss/", "karlygash": "/rss.xml", "chashma-mirror": "/rss"}
    for name, path in feeds.items():
        newsroom.sites[name].faults.feed_dead = death  # type: ignore[assignment]
        answer = get(path, site=name)
        assert answer.status == 200 and feedparser.parse(answer.body).entries == []
