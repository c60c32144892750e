"""Runs several spiders in one Scrapy process: a given number at once, stopped within seconds by a signal.

Spiders of one site never run at the same time: each has delays of its own, which would add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess

from acca_crawler.crawl.stopping import StopSignals

if TYPE_CHECKING:
    import asyncio

    from scrapy import Spider
    from scrapy.settings import Settings


def run_spiders(
    settings: Settings,
    spiders: Iterable[tuple[type[Spider], Mapping[str, Any]]],
    at_once: int,
    site_of: Callable[[type[Spider]], str] = lambda spider: spider.name,
    may_start: Callable[[type[Spider]], bool] = lambda spider: True,
) -> StopSignals:
    """Run spiders with their arguments to the end; `received` of the result tells whether a signal came first.

    Spiders for which `site_of` returns the same site run one after another. `may_start` is asked about each one when
    its turn comes; it is left out if not.

    Scrapy's reactor can run only once per process, and so can this function.
    """
    process = AsyncCrawlerProcess(settings)
    signals = StopSignals(process)
    waiting = iter(spiders)
    held: list[tuple[type[Spider], Mapping[str, Any]]] = []
    busy: set[str] = set()

    def next_ready() -> tuple[type[Spider], Mapping[str, Any]] | None:
        for one in held:
            if site_of(one[0]) not in busy:
                held.remove(one)
                return one
        for one in waiting:
            if site_of(one[0]) not in busy:
                return one
            held.append(one)
        return None

    def start_more() -> None:
        while len(busy) < at_once and not signals.received:
            ready = next_ready()
            if ready is None:
                return
            spider, arguments = ready
            if not may_start(spider):
                continue
            site = site_of(spider)
            busy.add(site)
            process.crawl(spider, **arguments).add_done_callback(partial(ended, site))

    def ended(site: str, _: asyncio.Task[None]) -> None:
        busy.discard(site)
        start_more()

    start_more()
    process.start(install_signal_handlers=False)
    signals.restore()
    return signals
