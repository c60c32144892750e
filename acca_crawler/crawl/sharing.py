"""What a crawl needs of workers that fetch and read its articles (`acca_crawler.workers`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from storage.ledger.addresses import Pending

if TYPE_CHECKING:
    from scrapy import Request, Spider


class Workers(Protocol):
    """Workers on this or other machines. This process asks a site for nothing unless it holds the site."""

    async def hold(self, outlet: str) -> None:
        """Wait until no worker sends requests to an outlet's site, and keep it for this process."""

    def release(self, outlet: str, delay: float) -> None:
        """Give the site back, if this process holds it; nobody asks it before `delay` (seconds) is over."""

    async def fetch(self, spider: Spider, request_for: Callable[[Pending], Request]) -> None:
        """Have all pending addresses of an outlet fetched, read and stored.

        Raises `scrapy.exceptions.CloseSpider` if the rest has to wait for another run.
        """
