"""Runs several spiders in one Scrapy process: a given number at once, stopped within seconds by a signal.

Spiders of one site never run at the same time: each has delays of its own, which would add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess

from acca_crawler.crawl.stopping import StopSignals
from acca_crawler.uncollected import collecting_less

if TYPE_CHECKING:
    import asyncio

    from scrapy import Spider
    from scrapy.settings import Settings


Turn = tuple[type["Spider"], Mapping[str, Any]]
"""A spider and its arguments."""


def run_spiders(
    settings: Settings,
    spiders: Iterable[Turn],
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
    turns = _Turns(spiders, site_of)

    def start_more() -> None:
        while len(turns.busy) < at_once and not signals.received:
            turn = turns.next()
            if turn is None:
                return
            spider, arguments = turn
            if not may_start(spider):
                continue
            site = turns.begin(spider)
            process.crawl(spider, **arguments).add_done_callback(partial(ended, site))

    def ended(site: str, _: asyncio.Task[None]) -> None:
        turns.busy.discard(site)
        start_more()

    start_more()
    if not signals.received:
        with collecting_less():
            process.start(install_signal_handlers=False)
    signals.restore()
    return signals


class _Turns:
    """Whose turn it is: the first that waits whose site is not busy."""

    def __init__(self, spiders: Iterable[Turn], site_of: Callable[[type[Spider]], str]) -> None:
        self._waiting = iter(spiders)
        self._held: list[Turn] = []
        self._site_of = site_of
        self.busy: set[str] = set()

    def next(self) -> Turn | None:
        """Return the next spider that may run now; None if all wait for their sites or none is left."""
        for turn in self._held:
            if self._is_free(turn):
                self._held.remove(turn)
                return turn
        for turn in self._waiting:
            if self._is_free(turn):
                return turn
            self._held.append(turn)
        return None

    def begin(self, spider: type[Spider]) -> str:
        """Mark a spider's site as busy, and return it."""
        site = self._site_of(spider)
        self.busy.add(site)
        return site

    def _is_free(self, turn: Turn) -> bool:
        return self._site_of(turn[0]) not in self.busy
