"""Runs several spiders in one Scrapy process: a given number at once, stopped within seconds by a signal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess

from acca_crawler.crawl.stopping import StopSignals

if TYPE_CHECKING:
    import asyncio

    from scrapy import Spider
    from scrapy.settings import Settings


def run_spiders(
    settings: Settings, spiders: Iterable[tuple[type[Spider], Mapping[str, Any]]], at_once: int
) -> StopSignals:
    """Run spiders with their arguments to the end; `received` of the result tells whether a signal came first.

    Scrapy's reactor can run only once per process, and so can this function.
    """
    process = AsyncCrawlerProcess(settings)
    signals = StopSignals(process)
    waiting = iter(spiders)

    def start_next(_: asyncio.Task[None] | None = None) -> None:
        started = next(waiting, None) if not signals.received else None
        if started is not None:
            spider, arguments = started
            process.crawl(spider, **arguments).add_done_callback(start_next)

    for _ in range(at_once):
        start_next()
    process.start(install_signal_handlers=False)
    signals.restore()
    return signals
