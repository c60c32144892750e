"""A worker's spiders: an outlet's own, with requests from the shared frontier and reports in place of an archive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.exceptions import CloseSpider

from acca_crawler.crawl.component import CrawlerComponent
from acca_crawler.crawl.errors import LeaseLost
from acca_crawler.crawl.run import OUTLET_RUN_SETTING, OutletRun, context_of
from acca_crawler.crawl.settings import NOT_LOADED
from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.workers.board import Board
from acca_crawler.workers.leases import Lease
from acca_crawler.workers.reporting import ReportRecorder

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

BOARD_SETTING = "ACCA_BOARD"

GIVEN_UP = frozenset({"blocked", "failing", "heavy", "patience", "unreachable", "disk"})
"""Reasons for which a spider closes that concern the outlet, no matter which worker crawls it."""


class SharedSpider(OutletSpider):
    """Mixin for an outlet's spider: fetches what is in the shared frontier while its lease of the site lasts."""

    def __init__(self, lease: Lease) -> None:
        super().__init__()
        self.lease = lease

    async def start(self) -> AsyncIterator[Request]:
        """Yield nothing: the scheduler has the requests, put there by the writer."""
        self.begin()
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    def article_failed(self, failure: Failure) -> Request | None:
        """Handle an article request without an answer.

        Raises `CloseSpider` if the lease is lost, which leaves the address to the next worker, or as a crawl does.
        """
        if isinstance(failure.value, LeaseLost):
            raise CloseSpider("lease")
        return super().article_failed(failure)


def shared(spider: type[OutletSpider]) -> type[SharedSpider]:
    """Return a worker's spider for an outlet."""
    attributes = {"name": spider.name, "__module__": spider.__module__}
    return type(f"Shared{spider.__name__}", (SharedSpider, spider), attributes)


class LeaseMiddleware(CrawlerComponent):
    """Sends no request without a valid lease of the site, however late this process notices that it ran out."""

    def process_request(self, request: Request) -> None:
        """Let the request pass. Raises `LeaseLost`."""
        spider = self._crawler.spider
        assert isinstance(spider, SharedSpider)
        if not spider.lease.valid:
            raise LeaseLost(f"the lease of {spider.lease.site} has run out")


class WorkerExtension(CrawlerComponent):
    """An outlet's part in a worker: no ledger, but a last report at the end."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        spider, context = crawler.spider, context_of(crawler)
        assert isinstance(spider, SharedSpider)
        board: Board = crawler.settings[BOARD_SETTING]
        self._run: OutletRun = spider.part_in(context)
        self._run.outlet = replace(self._run.outlet, template=board.template(spider.name))
        self._run.recorder = self._recorder = ReportRecorder(self._run, board, spider.lease.holder)
        crawler.settings.set(OUTLET_RUN_SETTING, self._run, priority="cmdline")
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    def spider_closed(self, reason: str) -> None:
        """Report what is left."""
        self._recorder.close(reason if reason in GIVEN_UP else "")


WORKER_SETTINGS: dict[str, Any] = {
    "SCHEDULER": "acca_crawler.workers.scheduler.SharedScheduler",
    "SCHEDULER_PERSIST": True,
    "DUPEFILTER_CLASS": "scrapy_redis.dupefilter.RFPDupeFilter",
    "EXTENSIONS": {"acca_crawler.workers.spider.WorkerExtension": 0, **NOT_LOADED},
}
"""Scrapy's settings that a worker changes."""
