"""Connects a crawler to its run: opens a run for `scrapy crawl`, joins that of `acca crawl`, and updates the ledger."""

from __future__ import annotations

import logging
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured

from acca_crawler.crawl.expected import shortfalls
from acca_crawler.crawl.run import CONTEXT_SETTING, OUTLET_RUN_SETTING, CrawlContext, OutletRun, open_crawl
from acca_crawler.ingest.templates import learn_if_due, with_template
from storage.ledger import runs
from storage.ledger.discovery_pages import forget_passed, passed_since
from storage.ledger.polls import postpone
from storage.schema.database import transaction

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from acca_crawler.crawl.spider import OutletSpider


_log = logging.getLogger(__name__)


class RunExtension:
    """One outlet's part in a run."""

    def __init__(self, crawler: Crawler) -> None:
        self._open = ExitStack()
        context: CrawlContext | None = crawler.settings.get(CONTEXT_SETTING)
        if context is None:
            arguments = {"spider": crawler.spidercls.name}
            context = self._open.enter_context(open_crawl(crawler.settings["ACCA_CONFIG"], arguments))
            crawler.settings.set(CONTEXT_SETTING, context, priority="cmdline")
        spider: OutletSpider = crawler.spider  # type: ignore[assignment]
        self._spider = spider
        self._run: OutletRun = spider.part_in(context)
        self._run.outlet = with_template(context.db, self._run.name, self._run.outlet)
        context.outlet_runs[self._run.name] = self._run
        crawler.settings.set(OUTLET_RUN_SETTING, self._run, priority="cmdline")
        crawler.signals.connect(self.spider_opened, signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)
        crawler.signals.connect(self.engine_stopped, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Raises `NotConfigured` during `scrapy check`, which stores nothing."""
        if os.environ.get("SCRAPY_CHECK"):
            raise NotConfigured
        return cls(crawler)

    def spider_opened(self) -> None:
        """Record the outlet and the start of its run."""
        run, outlet = self._run, self._run.outlet
        with transaction(run.db) as db:
            runs.save_outlet(db, run.name, outlet.title, outlet.home, outlet.kind, outlet.countries, outlet.languages)
            runs.start_outlet(db, run.context.run_id, run.name)

    async def spider_closed(self, reason: str) -> None:
        """Learn the outlet's template if it is due, and record how the run ended; workers may go on with the site."""
        run, context = self._run, self._run.context
        if context.workers is not None:
            context.workers.release(run.name, self._spider.present_delay)
        if not run.outlet.selectors.body and await learn_if_due(
            run.db, context.captures, run.name, context.run_id, run.readers.seen
        ):
            run.count("template_learned")
        close_outlet(run, reason)

    def engine_stopped(self) -> None:
        """Close the run if this crawler opened it."""
        self._open.close()


def close_outlet(run: OutletRun, reason: str) -> None:
    """Record how a run ended for an outlet; `reason` is the reason its spider was closed."""
    context = run.context
    status, message = run.verdict(reason)
    message = "; ".join([*([message] if message else []), *shortfalls(run)]) or None
    context.statuses[run.name] = status
    _log.info("%s: %s%s", run.name, status, f": {message}" if message else "", extra={"spider": run})
    if message:
        context.messages[run.name] = message
    with transaction(run.db) as db:
        runs.finish_outlet(db, context.run_id, run.name, status, run.answered_way, message)
        runs.save_counts(db, context.run_id, context.counts)
        if run.whole and reason == "finished" and _walked_back(run):
            forget_passed(db, run.name)
        if run.wait_until:
            postpone(db, run.name, run.wait_until)


def _walked_back(run: OutletRun) -> bool:
    """Whether a backfill has read all it can: its way answered, and no list failed, or the same as in the run before.

    Otherwise a list that always fails would keep later backfills from reading everything again.
    """
    if run.answered_way is None:
        return False
    unread = run.context.counts.of(run.name).get("lists_unread")
    return not unread or not passed_since(run.db, run.name, run.context.started_at)
