"""Scrapy's log lines about items, without the page: an article names victims and is up to megabytes long."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter, LogFormatterResult

from acca_crawler.items import Page

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.http import Response
    from twisted.python.failure import Failure

MAX_LINE = 300
"""Longest message (characters) about an item."""


class ShortLogFormatter(LogFormatter):
    """Names the address of an item instead of printing it; a dropped item is already counted in the ledger."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        """Log a stored article."""
        return _line(logging.DEBUG, "Stored", item, "")

    def dropped(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """Log a page that gave no article."""
        return _line(logging.INFO, "Not stored", item, str(exception))

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """Log a failure of the archive; the traceback follows."""
        return _line(logging.ERROR, "Error while storing", item, str(exception))


def _line(level: int, what: str, item: Any, why: str) -> LogFormatterResult:
    page = getattr(item, "page", item)
    address = page.requested_url if isinstance(page, Page) else type(item).__name__
    line = f"{what}: {address}" + (f": {why}" if why else "")
    return {"level": level, "msg": "%(line)s", "args": {"line": line[:MAX_LINE]}}
