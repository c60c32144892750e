"""Listing pages: what their links are relative to, and which are left out."""

from __future__ import annotations

from acca_crawler.discovery import Fetched
from acca_crawler.discovery.listing import links_on

HERE = "https://outlet.example/news/list/"


def test_links_are_relative_to_the_pages_base() -> None:
    page = b'<head><base href="/archive/"></head><h2><a href="one">One</a></h2><h2><a href="/two">Two</a></h2>'
    batch = links_on(Fetched(HERE, 200, {}, page), "h2 a")
    assert [one.url for one in batch.listed] == ["https://outlet.example/archive/one", "https://outlet.example/two"]
    broken = links_on(Fetched(HERE, 200, {}, page.replace(b"/archive/", b"http://[x]/")), "h2 a")
    assert broken.listed[0].url == "https://outlet.example/news/list/one"


def test_one_bad_link_is_skipped_and_no_link_is_not_counted() -> None:
    hrefs = ("http://[site_url]/x", "#top", "javascript:void(0)", "mailto:a@b.example", "", "/a", "tel:+996")
    page = "".join(f'<h2><a href="{href}">A title</a></h2>' for href in hrefs).encode()
    batch = links_on(Fetched(HERE, 200, {}, page), "h2 a")
    assert [one.url for one in batch.listed] == ["https://outlet.example/a"]
    assert len(batch.skipped) == 1
