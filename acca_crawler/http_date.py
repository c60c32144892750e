"""Dates in HTTP headers, which anybody can send."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def http_date(header: str | None) -> datetime | None:
    """Return the time (UTC) that a header names (RFC 9110, 5.6.7); None if it names none."""
    try:
        moment = parsedate_to_datetime((header or "").strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):  # the last for a zone or a year that no calendar has
        return None
