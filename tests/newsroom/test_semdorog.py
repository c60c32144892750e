"""The small outlet: a feed that dies, a listing that does not."""

from __future__ import annotations

import json

import feedparser

from acca_crawler.newsroom import Newsroom
from acca_crawler.newsroom.sites.semdorog import link
from tests.newsroom.conftest import Get, xpath


def test_the_feed_lists_all_on_the_first_day(newsroom: Newsroom, get: Get) -> None:
    feed = feedparser.parse(get("/rss.xml", site="semdorog").body)
    url = newsroom.sites["semdorog"].url
    assert [entry.link for entry in feed.entries] == [url + link(post) for post in newsroom.posts("semdorog")]
    assert feed.entries[0].summary == newsroom.posts("semdorog")[0].lead


def test_on_the_second_day_the_feed_is_a_shell_and_the_listing_carries(newsroom: Newsroom, get: Get) -> None:
    newsroom.set_day(2)
    dead = get("/rss.xml", site="semdorog")
    assert dead.status == 200
    assert dead.body.startswith(b"<!DOCTYPE html>") and feedparser.parse(dead.body).entries == []
    found: list[str] = []
    address = "/news/"
    while address:
        page = get(address, site="semdorog").page
        found += xpath(page, '//a[@class="feed__link"]/@href')
        address = "".join(xpath(page, '//a[@rel="next"]/@href'))
    assert found == [link(post) for post in newsroom.posts("semdorog")]


def test_an_article_has_json_ld_and_paragraphs(newsroom: Newsroom, get: Get) -> None:
    for post in newsroom.posts("semdorog"):
        page = get(link(post), site="semdorog").page
        (document,) = xpath(page, '//script[@type="application/ld+json"]/text()')
        assert json.loads(document)["datePublished"] == f"{post.published:%Y-%m-%dT%H:%M:%S}+00:00"
        paragraphs = xpath(page, '//div[@class="material__text"]/p')
        assert "\n\n".join(paragraph.text_content() for paragraph in paragraphs) == post.text
        assert xpath(page, "//article/h1")[0].text_content() == post.title


def test_there_is_no_sitemap_and_no_rest(get: Get) -> None:
    for path in ("/sitemap.xml", "/wp-json/wp/v2/posts", "/feed/", "/news/nothing-1.html"):
        assert get(path, site="semdorog").status == 404
    assert "Sitemap" not in get("/robots.txt", site="semdorog").text
