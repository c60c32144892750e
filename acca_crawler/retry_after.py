"""The wait that a server asks for in Retry-After (RFC 9110, 10.2.3)."""

from __future__ import annotations

import email.utils

from acca_crawler.clock import now


def seconds_asked_for(header: str | None) -> float | None:
    """Return the seconds from now that a header asks for, as a number or as an HTTP date; None if it is neither."""
    asked = (header or "").strip()
    if asked.isascii() and asked.isdecimal():
        return float(asked)
    try:
        return max(0.0, (email.utils.parsedate_to_datetime(asked) - now()).total_seconds())
    except (TypeError, ValueError):
        return None
