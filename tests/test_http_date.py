"""Dates in HTTP headers: also those that no calendar has are read without an error."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from acca_crawler.http_date import http_date
from acca_crawler.retry_after import seconds_asked_for


@pytest.mark.parametrize("zone", ["GMT", "-0000", "+0000"])
def test_a_date_is_in_utc(zone: str) -> None:
    assert http_date(f"Sun, 06 Nov 1994 08:49:37 {zone}") == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "header",
    [
        None, "", "soon", "Mon, 99 Jan 2024 00:00:00 GMT", "Mon, 01 Jan 99999 00:00:00 GMT",
        "Mon, 01 Jan 2024 00:00:00 +9999999999999", "Fri, 31 Dec 9999 23:00:00 -2300",
    ],
)  # fmt: skip
def test_what_is_no_date_is_none(header: str | None) -> None:
    assert http_date(header) is None
    assert seconds_asked_for(header) is None
