"""Readers that have time prepare new articles for the crawl's process, which stores them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from acca_crawler.crawl.reading.guard import Limits
from acca_crawler.crawl.reading.pool import page_readers
from acca_crawler.detect import Detector
from acca_crawler.items import Page
from acca_crawler.outlets import Outlet

OUTLET = Outlet("Paper", "https://paper.example/", ("paper.example",), ("KG",), ("en",), "^/news/")
HTML = b"<html><head><title>Rain</title></head><body><article><h1>Rain</h1><p>It rained in the valley.</p></article>"


def prepared(pages: Sequence[Page], readers: int) -> list[bool]:
    """Which of these pages, all asked for at once, come back prepared."""

    async def read() -> list[bool]:
        found = await asyncio.gather(*(pool.article(page, "paper", OUTLET) for page in pages))
        return [article.prepared is not None for article, _ in found]

    with page_readers(Detector(), Limits(), readers) as pool:
        return asyncio.run(read())


def test_a_reader_prepares_what_it_can_begin_at_once() -> None:
    pages = [Page(f"https://paper.example/news/{number}", HTML) for number in range(3)]
    assert prepared(pages, readers=2) == [True, True, False]


def test_an_article_that_the_archive_has_is_not_prepared() -> None:
    page = Page("https://paper.example/news/1", HTML)
    assert prepared([replace(page, known=True)], readers=1) == [False]
