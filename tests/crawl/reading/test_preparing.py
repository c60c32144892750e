"""Several readers prepare new articles for the one process that stores them."""

from __future__ import annotations

import asyncio

import pytest

from acca_crawler.crawl.reading.guard import Limits
from acca_crawler.crawl.reading.pool import page_readers
from acca_crawler.detect import Detector
from acca_crawler.items import Page
from acca_crawler.outlets import Outlet

OUTLET = Outlet("Paper", "https://paper.example/", ("paper.example",), ("KG",), ("en",), "^/news/")
HTML = b"<html><head><title>Rain</title></head><body><article><h1>Rain</h1><p>It rained in the valley.</p></article>"


def is_prepared(page: Page, readers: int, stored_elsewhere: bool = False) -> bool:
    """Whether the page's article comes back prepared."""
    with page_readers(Detector(), Limits(), readers, stored_elsewhere) as pool:
        article, _ = asyncio.run(pool.article(page, "paper", OUTLET))
    return article.prepared is not None


@pytest.mark.parametrize(
    ("readers", "stored_elsewhere", "expected"), [(1, False, False), (2, False, True), (1, True, True)]
)
def test_one_reader_leaves_it_to_the_process_that_stores(readers: int, stored_elsewhere: bool, expected: bool) -> None:
    page = Page("https://paper.example/news/1", HTML)
    assert is_prepared(page, readers, stored_elsewhere) == expected


def test_an_article_that_the_archive_has_is_not_prepared() -> None:
    assert not is_prepared(Page("https://paper.example/news/1", HTML, known=True), readers=2)
