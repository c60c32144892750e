"""Errors that end a request inside Scrapy. They subclass Scrapy's own, so they can't be in `exceptions.py`."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class AskedToWait(IgnoreRequest):
    """A host asks for a wait longer than the run: raised by `RetryAfterMiddleware` for each further request."""


class BudgetSpent(IgnoreRequest):
    """The outlet's time or requests for this run are used up: raised by `BudgetMiddleware` for each further request."""


class HostUnreachable(IgnoreRequest):
    """A host could not be reached in this run: raised by `UnreachableHostMiddleware` for this and further requests."""


class LeaseLost(IgnoreRequest):
    """A worker's lease of the site has run out: raised by `LeaseMiddleware` for each further request."""
