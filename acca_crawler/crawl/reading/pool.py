"""The processes in which crawls, imports and reprocessing read pages, each with a time and memory limit."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from queue import LifoQueue
from threading import Lock
from typing import Any

from acca_crawler.config.loading import CrawlSection
from acca_crawler.crawl.reading.guard import Functions, Guard, Limits, Nursery, Task, TaskResult
from acca_crawler.detect import Detector
from acca_crawler.discovery import Fetched
from acca_crawler.discovery.bounds import bounded
from acca_crawler.exceptions import ReadersLost
from acca_crawler.extract.bounds import bound_markup
from acca_crawler.extract.template import SeenPage, see
from acca_crawler.ingest.page import process_page, text_agreement
from acca_crawler.ingest.parts import read_part
from acca_crawler.ingest.preloading import load_tables
from acca_crawler.ingest.preparation import prepare
from acca_crawler.items import Article, CaptureKind, Extraction, Page, PartPage
from acca_crawler.outlets import Outlet

TRIES = 3
"""How often a page is read whose process ends without reaching a limit: it may have been killed from outside."""

HANDOVER = 0.0002
"""Seconds that a thread may compute before another one has its turn, while a pool is open.

The pool's threads only pass pages and articles on, in half a dozen short steps. With Python's 5 milliseconds before
each of them a reader stood idle for up to 20 whenever the crawl's thread was storing an article.
"""


class Pool:
    """Pool of guards, each with a thread that waits for its answer. A guard that ended is left out from then on.

    `load` is called before the first task, once for all guards.
    """

    def __init__(self, functions: Functions, load: Callable[[], None], limits: Limits, count: int) -> None:
        self._nursery = Nursery(functions, load, limits, count)
        self._idle: LifoQueue[Guard | None] = LifoQueue()  # the last used has a worker, others would have to start one
        for guard in self._nursery.guards:
            self._idle.put(guard)
        self.jobs = count
        self._working, self._counting = count, Lock()
        self._threads = ThreadPoolExecutor(count, "acca-reader")

    @property
    def here(self) -> Pool:
        """Itself: all its processes are on this machine."""
        return self

    async def run(self, number: int, *arguments: Any) -> Any:
        """Call the function with this index. Raises its exception, `PageTooHeavy`, `ReadersLost`."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, number, arguments)

    def submit(self, number: int, *arguments: Any) -> Future[Any]:
        """Call the function with this index; the future has its result, or raises as `run` does."""
        return self._threads.submit(self._ask, number, arguments)

    def _ask(self, number: int, arguments: tuple[Any, ...]) -> Any:
        for _ in range(TRIES):
            answer = self._answer((number, arguments))
            if not answer.died:
                break
        return answer.get()

    def _answer(self, task: Task) -> TaskResult:
        """Have a guard run the task; another one if it has ended."""
        while (guard := self._idle.get()) is not None:
            try:
                answer = guard.ask(task)
            except (EOFError, OSError):
                with self._counting:
                    self._working -= 1
                    if not self._working:
                        self._idle.put(None)
                continue
            self._idle.put(guard)
            return answer
        self._idle.put(None)
        return TaskResult(error=ReadersLost("the processes that read pages have ended"))

    def close(self) -> None:
        """Terminate all guards and workers; a running task ends with `ReadersLost`."""
        self._nursery.close()
        self._threads.shutdown(cancel_futures=True)
        for guard in self._nursery.guards:
            guard.close()


def page_limits(crawl: CrawlSection) -> Limits:
    """Return the configured limits for reading one page."""
    return Limits(crawl.page_seconds, crawl.page_memory * 1024**2)


@contextmanager
def open_pool(functions: Functions, load: Callable[[], None], limits: Limits, count: int) -> Iterator[Pool]:
    """Start a pool; stop it at the end of the block. Call this before opening files that it must not share."""
    pool = Pool(functions, load, limits, count)
    before = sys.getswitchinterval()
    sys.setswitchinterval(HANDOVER)
    try:
        yield pool
    finally:
        sys.setswitchinterval(before)
        pool.close()


class PageReaders:
    """Reads pages and compares them, as `ingest.page` does, within limits.

    `prepares` is whether new articles are prepared for the process that stores them.
    """

    def __init__(self, pool: Pool, prepares: bool) -> None:
        self._pool, self._prepares = pool, prepares

    async def article(self, page: Page, name: str, outlet: Outlet) -> tuple[Article, tuple[str, ...]]:
        """Return the article on a page and what was cut from the page before parsing.

        Raises `PageTooHeavy` and the exceptions of `process_page`.
        """
        prepares = self._prepares and not page.known
        found: tuple[Article, tuple[str, ...]] = await self._pool.run(0, page, name, outlet, prepares)
        return found

    async def part(self, first: Page, part: PartPage, outlet: Outlet) -> Extraction:
        """Return what is extracted from a further part of an article. Raises `PageTooHeavy`."""
        found: Extraction = await self._pool.run(2, first.url, part, outlet, first.fetched_at)
        return found

    async def parsed(
        self, parse: Callable[[Fetched], Any], answer: Fetched, kind: CaptureKind
    ) -> tuple[Any, tuple[str, ...]]:
        """Return what a parser makes of a discovery answer, and what was cut from it before. Raises `PageTooHeavy`."""
        found: tuple[Any, tuple[str, ...]] = await self._pool.run(3, parse, answer, kind)
        return found

    async def seen(self, html: bytes, url: str, encoding: str | None) -> SeenPage | None:
        """Return what learning a template needs of a page, as `see` does. Raises `PageTooHeavy`, `ReadersLost`."""
        found: SeenPage | None = await self._pool.run(4, html, url, encoding)
        return found

    async def agreement(self, page: Page, other: Page, outlet: Outlet) -> float:
        """Return `text_agreement` of two pages. Raises `PageTooHeavy`."""
        found: float = await self._pool.run(1, page, other, outlet)
        return found


@contextmanager
def page_readers(
    detector: Detector, limits: Limits, count: int, stored_elsewhere: bool = False
) -> Iterator[PageReaders]:
    """Start the readers; stop them at the end of the block. Call this before opening files they must not share.

    With one for each outlet that is crawled at once, no outlet waits for the heavy pages of another. Several readers
    prepare new articles; one alone would hold up the crawl more than storing does, unless they are `stored_elsewhere`.
    """
    functions = (partial(_article, detector), text_agreement, _part, _parsed, see)
    with open_pool(functions, partial(load_tables, detector), limits, count) as pool:
        yield PageReaders(pool, prepares=count > 1 or stored_elsewhere)


def _parsed(parse: Callable[[Fetched], Any], answer: Fetched, kind: CaptureKind) -> tuple[Any, tuple[str, ...]]:
    body, cut = bounded(answer.body, kind)
    return parse(replace(answer, body=body)), cut


def _part(first: str, part: PartPage, outlet: Outlet, fetched_at: str | None) -> Extraction:
    html, _ = bound_markup(part.html)
    return read_part(first, replace(part, html=html), outlet, fetched_at)


def _article(
    detector: Detector, page: Page, name: str, outlet: Outlet, prepares: bool
) -> tuple[Article, tuple[str, ...]]:
    html, cut = bound_markup(page.html)
    parts = tuple(replace(part, html=bound_markup(part.html)[0]) for part in page.parts)
    article = process_page(replace(page, html=html, parts=parts), name, outlet, detector)
    return replace(article, prepared=prepare(article) if prepares else None), cut
