"""What our middlewares and pipelines have in common: they are made for each crawl and belong to its crawler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class CrawlerComponent:
    """A part of one crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy for each crawl."""
        return cls(crawler)
