"""Stops a crawl within seconds on Ctrl-C, SIGTERM or SIGHUP: running requests may finish, but can't delay the end."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Any

from acca_crawler.interrupts import SIGNALS, stop_requested

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess

GRACE_SECONDS = 3.0
"""Seconds that running requests may take to finish; the next run fetches the rest."""


class StopSignals:
    """Stops a Scrapy process that was started with `install_signal_handlers=False`.

    `received` means that no further outlets may start: from the start if a signal came within `stop_signals` before.
    A signal that was ignored from the start (nohup) stays ignored.
    """

    def __init__(self, process: AsyncCrawlerProcess) -> None:
        from twisted.internet import reactor

        self._process = process
        self._reactor: Any = reactor
        self._before = {number: signal.getsignal(number) for number in SIGNALS}
        for number, handler in self._before.items():
            if handler != signal.SIG_IGN:
                signal.signal(number, self._on_signal)
        self.received = stop_requested()

    def restore(self) -> None:
        """Restore the previous signal handlers after the process has ended."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, *_: object) -> None:
        self._reactor.callFromThread(self._stop)

    def _stop(self) -> None:
        if not self.received:
            self.received = True
            self._stopping = asyncio.ensure_future(self._process.stop())
            self._reactor.callLater(GRACE_SECONDS, self._reactor.stop)
