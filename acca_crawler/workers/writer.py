"""`acca writer`: an ordinary crawl whose articles are fetched and read by workers."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from socket import gethostname
from time import monotonic
from typing import TYPE_CHECKING

from scrapy.exceptions import CloseSpider

from acca_crawler.config.loading import Config
from acca_crawler.crawl.recording import FetchOutcome
from acca_crawler.crawl.run import CrawlContext, OutletRun
from acca_crawler.crawl.start import load_outlets, site_of
from acca_crawler.ingest.reading_version import reader_of
from acca_crawler.workers.board import Board, connect
from acca_crawler.workers.intake import Intake
from acca_crawler.workers.leases import RENEWALS, Lease, Leases
from storage.exceptions import CaptureError
from storage.ledger import addresses
from storage.ledger.addresses import Pending

if TYPE_CHECKING:
    from scrapy import Request, Spider

_log = logging.getLogger(__name__)

AHEAD = 100
"""Addresses of an outlet that are queued at a time; the rest stay in the archive."""

PAUSE = 0.1
"""Seconds between two looks at the stream while it is empty."""

WARN_AFTER = 60.0
"""Seconds without a worker after which a warning is logged."""


MAX_ASKED = 3
"""How often an address is given to workers that do not come back with it."""


@dataclass(slots=True)
class _Held:
    """A site that this process has, and the task that keeps its lease."""

    lease: Lease
    renewing: asyncio.Task[None]


class SharedFrontier:
    """The writer's side of the workers: see `crawl.sharing.Workers`."""

    def __init__(
        self, board: Board, leases: Leases, intake: Intake, context: CrawlContext, sites: Mapping[str, str]
    ) -> None:
        self._board, self._leases, self._intake, self._context, self._sites = board, leases, intake, context, sites
        self._held: dict[str, _Held] = {}
        self._asked: Counter[tuple[str, str]] = Counter()
        self._seen = monotonic()

    async def hold(self, outlet: str) -> None:
        """Wait until no worker sends requests to an outlet's site, and keep it for this process."""
        while (lease := self._leases.hold(outlet, self._sites[outlet])) is None:
            self._take()
            await asyncio.sleep(PAUSE)
        self._held[outlet] = _Held(lease, asyncio.ensure_future(self._keep(lease)))

    async def _keep(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(self._leases.seconds / RENEWALS)
            if not self._leases.renew(lease, self._context.config.crawl.delay):
                _log.warning("the lease of %s ran out while this process was busy", lease.site)
                return

    def release(self, outlet: str, delay: float) -> None:
        """Give the site back, if this process holds it."""
        held = self._held.pop(outlet, None)
        if held is not None:
            held.renewing.cancel()
            self._leases.release(held.lease, delay)

    async def fetch(self, spider: Spider, request_for: Callable[[Pending], Request]) -> None:
        """Have all pending addresses fetched. Raises `CloseSpider` if the rest has to wait for another run."""
        run = self._context.outlet_runs[spider.name]
        self._intake.ended.pop(run.name, None)
        self._board.offer(run.name, self._sites[run.name], run.outlet.template)
        try:
            await self._fetch(run, spider, request_for)
        finally:
            self._board.withdraw(run.name)

    async def _fetch(self, run: OutletRun, spider: Spider, request_for: Callable[[Pending], Request]) -> None:
        waiting = self._pending(run)
        more = True
        while more or self._board.outstanding(run.name):
            while more and self._board.outstanding(run.name) < AHEAD:
                batch = next(waiting, [])
                more = bool(batch)
                self._board.seed(spider, ((one, request_for(one)) for one in batch))
            idle = self._board.is_idle(run.name, self._sites[run.name])
            taken = self._take()
            if run.name in self._intake.ended:
                raise CloseSpider(self._intake.ended[run.name])
            if run.budget.spent:
                raise CloseSpider("budget")
            if idle and not taken:  # the worker that had the rest is dead
                self._ask_again(run, spider, request_for)
            self._warn_without_workers()
            await asyncio.sleep(0 if taken else PAUSE)

    def _ask_again(self, run: OutletRun, spider: Spider, request_for: Callable[[Pending], Request]) -> None:
        lost = addresses.pending_among(run.db, run.name, self._board.forget(run.name))
        self._asked.update((run.name, one.url) for one in lost)
        for one in lost:
            if self._asked[run.name, one.url] > MAX_ASKED:
                run.record(FetchOutcome("failed", one.url, f"{MAX_ASKED} workers did not come back with it"))
            else:
                run.count("asked_again")
                self._board.seed(spider, [(one, request_for(one))])

    def _pending(self, run: OutletRun) -> Iterator[list[Pending]]:
        """Yield the addresses to be fetched, a few dozen at a time, as far as the run's limit."""
        after, left = 0, run.limit
        while batch := addresses.pending(run.db, run.name, min(AHEAD // 2, left or AHEAD), after):
            yield list(batch)
            after = batch[-1].id
            if left is not None:
                left -= len(batch)
                if left <= 0:
                    return

    def _take(self) -> int:
        try:
            return self._intake.take()
        except (CaptureError, sqlite3.OperationalError) as error:
            for run in self._context.outlet_runs.values():
                run.write_error = run.write_error or str(error)
            raise CloseSpider("disk") from error

    def _warn_without_workers(self) -> None:
        if monotonic() - self._seen > WARN_AFTER:
            self._seen = monotonic()
            if not self._board.workers():
                _log.warning("no worker is there: start `acca worker` with this Redis")


@contextmanager
def shared_frontier(
    config: Config, url: str, lease_seconds: float
) -> Iterator[Callable[[CrawlContext], SharedFrontier]]:
    """Connect to Redis; the block gets what makes a run's shared frontier and stores reports to an earlier run.

    Raises `WorkersError`.
    """
    redis = connect(url)
    board = Board(redis)
    archive = f"{gethostname()}:{config.archive_directory.resolve()}"
    stream = board.claim(archive, reader_of(config.lexicon_directories))
    spiders = load_outlets(config)

    def begin(context: CrawlContext) -> SharedFrontier:
        intake = Intake(board, stream, context, {name: spider.outlet for name, spider in spiders.items()})
        while intake.take():
            pass
        sites = {name: site_of(spider) for name, spider in spiders.items()}
        return SharedFrontier(board, Leases(redis, archive, lease_seconds), intake, context, sites)

    try:
        yield begin
    finally:
        redis.close()
