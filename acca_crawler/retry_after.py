"""The wait that a server asks for in Retry-After (RFC 9110, 10.2.3)."""

from __future__ import annotations

from acca_crawler.clock import now
from acca_crawler.http_date import http_date


def seconds_asked_for(header: str | None) -> float | None:
    """Return the seconds from now that a header asks for, as a number or as an HTTP date; None if it is neither."""
    asked = (header or "").strip()
    if asked.isascii() and asked.isdecimal():
        return float(asked)
    until = http_date(asked)
    return None if until is None else max(0.0, (until - now()).total_seconds())
