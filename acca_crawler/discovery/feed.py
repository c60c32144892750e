"""RSS and Atom feeds, with WordPress' paging where the outlet has it."""

from __future__ import annotations

import calendar
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from time import struct_time
from urllib.parse import urljoin

import feedparser

from acca_crawler.clock import stamp
from acca_crawler.discovery.base import Batch, Failures, Fetch, Fetched
from acca_crawler.exceptions import DiscoveryError
from acca_crawler.items import Listed


@dataclass(frozen=True, slots=True)
class Feed:
    """One or more feeds, all of which are read; the way fails only if each of them fails."""

    refs: tuple[str, ...] = ("feed/",)
    paged: bool = False
    name: str = "feed"
    newest_first: bool = True
    lists_all: bool = False

    async def walk(self, fetch: Fetch, home: str, since: str | None) -> AsyncIterator[Batch]:
        """The newest first. A feed gives what it gives: `since` only ends the paging."""
        failures = Failures()
        answered = False
        for ref in self.refs:
            url = urljoin(home, ref)
            try:
                batch = parse_feed(await fetch(url, "feed"))
            except DiscoveryError as error:
                failures.add(url, error)
                continue
            answered = True
            yield batch
            if self.paged:
                async for further in _further_pages(fetch, url, batch, since):
                    yield further
        if not answered:
            raise failures.error()


async def _further_pages(fetch: Fetch, url: str, first: Batch, since: str | None) -> AsyncIterator[Batch]:
    page, batch, seen = 2, first, {listed.url for listed in first.listed}
    while not (since and all(listed.published and listed.published < since for listed in batch.listed)):
        answer = await fetch(f"{url}?paged={page}", "feed")
        if answer.status == 404:
            return
        batch = parse_feed(answer)
        fresh = {listed.url for listed in batch.listed} - seen
        if not fresh:
            return
        seen |= fresh
        yield batch
        page += 1


def parse_feed(answer: Fetched) -> Batch:
    """The items of a feed. Raises `DiscoveryError`: no feed (an HTML shell, a 404 page as 200), or without items."""
    body = answer.ok().body
    parsed = feedparser.parse(body, response_headers={"content-location": answer.url}, sanitize_html=False)
    if not parsed.version:
        raise DiscoveryError("HTML instead of a feed" if b"<html" in body[:2000].lower() else "not a feed")
    listed = tuple(_entry(entry, answer.url) for entry in parsed.entries if entry.get("link"))
    if not listed:
        raise DiscoveryError("a feed without items")
    return Batch(listed)


def _entry(entry: feedparser.FeedParserDict, base: str) -> Listed:
    published = _time(entry.get("published_parsed"))
    return Listed(
        url=urljoin(base, entry["link"].strip()),
        modified=_time(entry.get("updated_parsed")) if "updated" in entry else None,
        published=published,
        title=entry.get("title", ""),
    )


def _time(value: struct_time | None) -> str | None:
    return stamp(datetime.fromtimestamp(calendar.timegm(value), UTC)) if value else None
