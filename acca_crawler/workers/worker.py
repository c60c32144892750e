"""`acca worker`: takes sites from the shared frontier, fetches and reads their articles, and reports them."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import gethostname
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler

from acca_crawler.clock import exact_stamp
from acca_crawler.config.loading import Config
from acca_crawler.crawl.reading.pool import page_limits, page_readers
from acca_crawler.crawl.run import CONTEXT_SETTING, CrawlContext
from acca_crawler.crawl.start import load_outlets, scrapy_settings
from acca_crawler.crawl.stopping import StopSignals
from acca_crawler.detect import Detector
from acca_crawler.detect.validate import require_sound_lexicons
from acca_crawler.exceptions import WorkersError
from acca_crawler.ingest.reading_version import reader_of
from acca_crawler.workers.board import Board, connect
from acca_crawler.workers.leases import RENEWALS, Lease, Leases
from acca_crawler.workers.spider import BOARD_SETTING, WORKER_SETTINGS, SharedSpider, shared
from storage.evidence.captures import CaptureStore
from storage.schema.database import open_archive

if TYPE_CHECKING:
    from scrapy.settings import Settings


_log = logging.getLogger(__name__)

SHIFT_SECONDS = 60.0
"""How long a site is kept while others wait; then the one that has waited longest is next."""

PAUSE = 0.2
"""Seconds between two looks at the frontier while there is nothing to do."""


def work(config: Config, url: str, *, jobs: int | None, lease_seconds: float, idle_minutes: float | None) -> bool:
    """Work until a signal comes, or for `idle_minutes` without anything to do; return whether a signal came.

    `jobs` is the number of processes that read pages. Raises `WorkersError`, `ConfigError`.
    """
    require_sound_lexicons(config.lexicon_directories)
    limits = page_limits(config.crawl)
    detector = Detector(config.lexicon_directories)
    with (
        page_readers(detector, limits, jobs or config.crawl.outlets_at_once, stored_elsewhere=True) as readers,
        _scratch(config, detector) as context,
    ):
        context.readers = readers
        redis = connect(url)
        name = f"{gethostname()}-{os.getpid()}"
        worker = _Worker(config, context, Board(redis), Leases(redis, name, lease_seconds), name, url)
        return worker.run(idle_minutes)


@contextmanager
def _scratch(config: Config, detector: Detector) -> Iterator[CrawlContext]:
    """Give a context with an empty archive that only remembers robots.txt, and is removed in the end."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="acca-worker-")))
        db = open_archive(directory / "acca.db")
        stack.callback(db.close)
        captures = CaptureStore(directory / "warc", db)
        yield CrawlContext(config, db, captures, detector, run_id=0, started_at=exact_stamp())


class _Worker:
    """A worker's loop: as many sites at once as crawl.outlets_at_once."""

    def __init__(
        self, config: Config, context: CrawlContext, board: Board, leases: Leases, name: str, url: str
    ) -> None:
        self._at_once, self._release = config.crawl.outlets_at_once, reader_of(config.lexicon_directories)
        self._board, self._leases, self._name = board, leases, name
        self._spiders = {outlet: shared(spider) for outlet, spider in load_outlets(config).items()}
        self._settings = _settings(config, context, board, url)
        self._running: set[asyncio.Task[None]] = set()
        self._failure: Exception | None = None
        self._busy_at = monotonic()

    def run(self, idle_minutes: float | None) -> bool:
        """Run Scrapy's reactor until the loop ends; return whether a signal ended it."""
        process = AsyncCrawlerProcess(self._settings)
        from twisted.internet import reactor as installed

        reactor: Any = installed
        signals = StopSignals(process)

        async def loop() -> None:
            try:
                await self._loop(process, signals, idle_minutes)
            except Exception as error:  # noqa: BLE001 - raised again when the reactor has stopped
                self._failure = error
            finally:
                await asyncio.gather(*self._running, return_exceptions=True)
                reactor.stop()

        reactor.callWhenRunning(lambda: setattr(self, "_task", asyncio.ensure_future(loop())))
        process.start(stop_after_crawl=False, install_signal_handlers=False)
        signals.restore()
        if self._failure is not None:
            raise self._failure
        return signals.received

    async def _loop(self, process: AsyncCrawlerProcess, signals: StopSignals, idle_minutes: float | None) -> None:
        while not signals.received:
            self._board.appear(self._name)
            lease = self._next() if len(self._running) < self._at_once else None
            if lease is not None:
                task = asyncio.ensure_future(self._shift(process, lease))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
                continue
            if self._running:
                self._busy_at = monotonic()
            elif idle_minutes is not None and monotonic() - self._busy_at > 60 * idle_minutes:
                return
            await asyncio.sleep(PAUSE)

    def _next(self) -> Lease | None:
        """Take a site, unless the writer is far behind. Raises `WorkersError` if it has another release."""
        release = self._board.release()
        if not release or self._board.is_full():
            return None
        if release != self._release:
            raise WorkersError(f"the writer has another release or other lexicons: {release}; here: {self._release}")
        lease = self._leases.take()
        if lease is not None and lease.outlet not in self._spiders:
            raise WorkersError(f"the writer offers the outlet {lease.outlet}, which is not declared here")
        return lease

    async def _shift(self, process: AsyncCrawlerProcess, lease: Lease) -> None:
        """Crawl a site until nothing of it is queued, its shift is over, or its lease is lost."""
        crawler = Crawler(self._spiders[lease.outlet], self._settings)
        keeping = asyncio.ensure_future(self._keep(crawler, lease))
        try:
            await process.crawl(crawler, lease=lease)
        finally:
            keeping.cancel()
            self._leases.release(lease, self._delay(crawler))

    async def _keep(self, crawler: Crawler, lease: Lease) -> None:
        """Renew a lease while its spider runs; end the spider after its shift, or once the lease is lost."""
        until = monotonic() + SHIFT_SECONDS
        while monotonic() < until:
            await asyncio.sleep(self._leases.seconds / RENEWALS)
            if not self._leases.renew(lease, self._delay(crawler)):
                _log.warning("the lease of %s was lost", lease.site)
                break
        if crawler.engine is not None:
            await crawler.engine.close_spider_async(reason="shift")

    def _delay(self, crawler: Crawler) -> float:
        spider = crawler.spider
        return spider.present_delay if isinstance(spider, SharedSpider) else self._settings.getfloat("DOWNLOAD_DELAY")


def _settings(config: Config, context: CrawlContext, board: Board, url: str) -> Settings:
    settings = scrapy_settings(config)
    settings.set(CONTEXT_SETTING, context, priority="cmdline")
    settings.set(BOARD_SETTING, board, priority="cmdline")
    settings.setdict({**WORKER_SETTINGS, "REDIS_URL": url}, priority="cmdline")
    middlewares = settings.getdict("DOWNLOADER_MIDDLEWARES")
    middlewares["acca_crawler.workers.spider.LeaseMiddleware"] = 55
    settings.set("DOWNLOADER_MIDDLEWARES", middlewares, priority="cmdline")
    return settings
