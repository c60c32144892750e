"""scrapy-redis' scheduler without calls that Scrapy has deprecated, whose warnings would fill a worker's log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy_redis.dupefilter import RFPDupeFilter
from scrapy_redis.queue import PriorityQueue
from scrapy_redis.scheduler import Scheduler

from acca_crawler.workers import redis_messages
from acca_crawler.workers.board import QUEUE

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler


class SharedScheduler(Scheduler):  # type: ignore[misc]  # scrapy-redis has no types
    """Keeps an outlet's requests in Redis, for whichever worker has its site."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Create the scheduler; Scrapy's statistics are not kept, they would be each worker's own."""
        made: Self = cls.from_settings(crawler.settings)
        return made

    def open(self, spider: Spider) -> None:
        """Open the outlet's queue."""
        self.spider = spider
        self.queue = PriorityQueue(self.server, spider, QUEUE, serializer=redis_messages)
        self.df = RFPDupeFilter.from_spider(spider)
