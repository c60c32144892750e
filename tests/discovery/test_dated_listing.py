"""Archives by month and by day, and lists that show the time of day alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from acca_crawler.discovery import DatedListing, Fetched
from acca_crawler.discovery.base import Batch, StopPolicy
from acca_crawler.discovery.listing import Listing
from acca_crawler.exceptions import DiscoveryError, SiteUnreachable
from acca_crawler.items import CaptureKind

HOME = "https://outlet.example/"


class Resumed(StopPolicy):
    """A walk after one that has read some pages."""

    def __init__(self, read: Sequence[str]) -> None:
        self._read = read

    def passed(self, url: str) -> bool:
        """Whether the earlier walk has read the page."""
        return url in self._read


def walked(
    way: Any, pages: dict[str, bytes], since: str | None, fetched_at: str | None = None, read: Sequence[str] = ()
) -> list[Batch]:
    """What a way lists, of a site with these pages of which some were read before."""

    async def fetch(url: str, kind: CaptureKind) -> Fetched:
        path = url.removeprefix(HOME.rstrip("/"))
        if path not in pages:
            return Fetched(url, 404, {}, b"")
        return Fetched(url, 200, {}, pages[path], "utf-8", timezone="Asia/Bishkek", fetched_at=fetched_at)

    async def collect() -> list[Batch]:
        return [batch async for batch in way.walk(fetch, HOME, since, Resumed(read))]

    return asyncio.run(collect())


def listed(batches: list[Batch]) -> list[str]:
    return [one.url.removeprefix(HOME) for batch in batches for one in batch.listed]


def link(name: str) -> bytes:
    return f'<h3><a href="/{name}">{name}</a></h3>'.encode()


def test_months_are_walked_backwards_and_empty_ones_are_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acca_crawler.discovery.dated_listing.now", lambda: datetime(2026, 3, 31, tzinfo=UTC))
    pages = {
        "/date/2026/03/": link("march"),
        "/date/2026/03/page/2/": link("early-march"),
        "/date/2026/01/": link("january"),
        "/date/2025/12/": link("december"),
    }
    way = DatedListing("/date/{year}/{month:02}/", "h3 a", first_year=2025, pages="page/{page}/")
    assert listed(walked(way, pages, None)) == ["march", "early-march", "january", "december"]
    assert listed(walked(way, pages, "2026-01-15T00:00:00Z")) == ["march", "early-march", "january"]
    with pytest.raises(DiscoveryError, match="404"):
        walked(way, {}, None)


def test_of_a_month_that_was_read_in_part_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first page was passed when its second one failed, or when the crawl was killed."""
    monkeypatch.setattr("acca_crawler.discovery.dated_listing.now", lambda: datetime(2026, 1, 31, tzinfo=UTC))
    pages = {
        f"/date/2026/01/{page}": link(f"january-{number}")
        for number, page in enumerate(("", "page/2/", "page/3/"), start=1)
    }
    read = [f"{HOME}date/2026/01/", f"{HOME}date/2026/01/page/2/"]
    way = DatedListing("/date/{year}/{month:02}/", "h3 a", first_year=2026, pages="page/{page}/")
    assert listed(walked(way, pages, None, read=read)) == ["january-1", "january-3"]


def test_days_are_walked_in_every_section(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acca_crawler.discovery.dated_listing.now", lambda: datetime(2026, 3, 1, tzinfo=UTC))
    pages = {
        "/": b'<nav><a href="/z/330">News</a> <a href="/z/331?p=1">Video</a> <a href="/about">About</a></nav>',
        "/z/330/2026/3/1": link("a/today/1.html"), "/z/331/2026/2/28": link("a/yesterday/2.html"),
    }  # fmt: skip
    way = DatedListing("{year}/{month}/{day}", 'a[href*="/a/"]', first_year=2026, sections='a[href*="/z/"]')
    assert listed(walked(way, pages, "2026-02-27T00:00:00Z")) == ["a/today/1.html", "a/yesterday/2.html"]


def test_a_time_of_day_is_the_last_one_before_the_row_above() -> None:
    rows = "".join(
        f'<div class=row><span>{time}</span><a href="/{number}">Title</a></div>'
        for number, time in enumerate(("09:10", "00:05", "23:50", "17:30", "18:00", "1205"))
    )
    way = Listing(("/",), links=".row a", items=".row", times="span")
    (batch,) = walked(way, {"/": rows.encode()}, None, fetched_at="2026-11-28T04:00:00Z")
    assert [one.published for one in batch.listed] == [
        "2026-11-28T03:10:00Z", "2026-11-27T18:05:00Z", "2026-11-27T17:50:00Z", "2026-11-27T11:30:00Z",
        "2026-11-26T12:00:00Z", None,
    ]  # fmt: skip


def test_a_site_that_cannot_be_reached_is_not_asked_for_each_period() -> None:
    asked: list[str] = []

    async def fetch(url: str, kind: CaptureKind) -> Fetched:
        asked.append(url)
        raise SiteUnreachable("site.example can't be reached: no such name")

    async def walked() -> None:
        async for _ in DatedListing("/{year}/{month:02}/", "h3 a", 2020).walk(fetch, "https://site.example/", None):
            raise AssertionError("nothing was listed")

    with pytest.raises(SiteUnreachable, match=r"^site\.example can't be reached: no such name$"):
        asyncio.run(walked())
    assert len(asked) == 1


def test_a_period_that_fails_is_reported_and_one_without_a_page_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acca_crawler.discovery.dated_listing.now", lambda: datetime(2026, 3, 31, tzinfo=UTC))
    statuses = {"2026/03": 200, "2026/02": 500, "2026/01": 404}

    async def fetch(url: str, kind: CaptureKind) -> Fetched:
        return Fetched(url, next(status for month, status in statuses.items() if month in url), {}, link("march"))

    async def unread() -> list[str]:
        way = DatedListing("/date/{year}/{month:02}/", "h3 a", first_year=2026)
        return [reason async for batch in way.walk(fetch, HOME, None) for reason in batch.unread]

    assert asyncio.run(unread()) == [f"{HOME}date/2026/02/: HTTP 500"]
