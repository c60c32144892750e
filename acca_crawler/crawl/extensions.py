"""Ties a crawler to its run: opens one for `scrapy crawl`, joins the given one for `acca crawl`, keeps its ledger."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured

from acca_crawler.crawl.run import CrawlContext, open_run
from storage.ledger import runs
from storage.ledger.discovery_pages import forget_passed
from storage.ledger.polls import postpone
from storage.schema.database import transaction

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from acca_crawler.crawl.spider import OutletSpider


class RunExtension:
    """One outlet's part in a run."""

    def __init__(self, crawler: Crawler) -> None:
        self._open = ExitStack()
        shared: CrawlContext | None = crawler.settings.get("ACCA_CONTEXT")
        self.context = shared or self._open.enter_context(
            open_run(crawler.settings["ACCA_CONFIG"], "crawl", {"spider": crawler.spidercls.name})
        )
        crawler.signals.connect(self.spider_opened, signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)
        crawler.signals.connect(self.engine_stopped, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Raises `NotConfigured` under `scrapy check`, which stores nothing."""
        if os.environ.get("SCRAPY_CHECK"):
            raise NotConfigured
        return cls(crawler)

    def spider_opened(self, spider: OutletSpider) -> None:
        """Note the outlet and that the run has begun with it."""
        outlet = spider.outlet
        with transaction(self.context.db) as db:
            runs.save_outlet(
                db, spider.name, outlet.title, outlet.home, outlet.kind, outlet.countries, outlet.languages
            )
            runs.start_outlet(db, self.context.run_id, spider.name)

    def spider_closed(self, spider: OutletSpider, reason: str) -> None:
        """Note how it ended."""
        status, message = spider.verdict(reason)
        self.context.statuses[spider.name] = status
        if message:
            self.context.messages[spider.name] = message
        with transaction(self.context.db) as db:
            runs.finish_outlet(db, self.context.run_id, spider.name, status, spider.answered_way, message)
            runs.save_counts(db, self.context.run_id, self.context.counts)
            if spider.backfill and reason == "finished" and spider.limit is None:
                forget_passed(db, spider.name)
            if spider.wait_until:
                postpone(db, spider.name, spider.wait_until)

    def engine_stopped(self) -> None:
        """Close the run if it is ours alone."""
        self._open.close()


def context_of(crawler: Crawler) -> CrawlContext:
    """The run that a crawler works for."""
    extension = crawler.get_extension(RunExtension)
    assert extension is not None
    return extension.context
