"""Ctrl-C, SIGTERM and SIGHUP end a crawl within seconds: what is under way may finish, but no site holds it up."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

GRACE_SECONDS = 3.0
"""For answers that are on their way; what takes longer is fetched by the next run."""


class StopSignals:
    """Ends a Scrapy process that is started with `install_signal_handlers=False`.

    `received` says that no further outlet is to be started. A signal that was ignored from the start (nohup) stays so.
    """

    def __init__(self, process: AsyncCrawlerProcess) -> None:
        from twisted.internet import reactor

        self.received = False
        self._process = process
        self._reactor: Any = reactor
        self._before = {number: signal.getsignal(number) for number in SIGNALS}
        for number, handler in self._before.items():
            if handler != signal.SIG_IGN:
                signal.signal(number, self._on_signal)

    def restore(self) -> None:
        """Give the signals their earlier meaning back, once the process has ended."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, *_: object) -> None:
        self._reactor.callFromThread(self._stop)

    def _stop(self) -> None:
        if not self.received:
            self.received = True
            self._stopping = asyncio.ensure_future(self._process.stop())
            self._reactor.callLater(GRACE_SECONDS, self._reactor.stop)
