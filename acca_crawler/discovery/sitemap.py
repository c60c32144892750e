"""Sitemaps (https://www.sitemaps.org/protocol.html): indexes of indexes, gzip, core WordPress' and Yoast's."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from urllib.parse import urljoin

from lxml import etree

from acca_crawler.clock import now, parse_stamp, stamp
from acca_crawler.discovery import sitemap_xml
from acca_crawler.discovery.base import TO_THE_END, Batch, Failures, Fetch, Fetched, StopPolicy
from acca_crawler.exceptions import DiscoveryError
from acca_crawler.items import Listed

MAX_BYTES = 50 * 1024 * 1024
"""Bytes of an unpacked sitemap; the protocol allows no more."""

DEEPEST = 3
BATCH = 100

NO_ARTICLES = re.compile(r"categor|tag|author|user|taxonom|image|video|(?<![a-z])pages?[-_.]", re.I)
"""Names of sitemaps that list something else than articles, in core WordPress, Yoast and their kin."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """One or more sitemaps or sitemap indexes; the first that answers is taken.

    `parts` is a regular expression over the addresses of an index's parts: only those that match are read, where
    any does. A ref may hold `{year}` and `{month}` (two digits): it stands for the sitemaps of `months` months back
    from today, the newest first.
    """

    refs: tuple[str, ...] = ("/sitemap.xml",)
    parts: str = ""
    months: int = 2
    name: str = "sitemap"
    newest_first: bool = True
    lists_all: bool = True

    async def walk(
        self, fetch: Fetch, home: str, since: str | None, stop: StopPolicy = TO_THE_END
    ) -> AsyncIterator[Batch]:
        """The newest first where the sitemap says what is newest; with `since`, older parts are left out."""
        failures = Failures()
        for ref in self.refs:
            found = failed = False
            for url in self._addresses(urljoin(home, ref), since):
                try:
                    async for batch in self._walk(fetch, url, since, stop, DEEPEST):
                        found = True
                        yield batch
                except DiscoveryError as error:
                    failures.add(url, error)
                    failed = True
                    if found:
                        raise
            if found:
                return
            if not failed:
                failures.add(urljoin(home, ref), DiscoveryError("a sitemap without addresses"))
        raise failures.error()

    def _addresses(self, url: str, since: str | None) -> list[str]:
        if "{year}" not in url:
            return [url]
        today = now()
        oldest = parse_stamp(since) if since else today - timedelta(days=31 * (self.months - 1))
        count = (today.year - oldest.year) * 12 + today.month - oldest.month + 1
        return [_monthly(url, today.year * 12 + today.month - 1 - back) for back in range(count)]

    async def _walk(
        self, fetch: Fetch, url: str, since: str | None, stop: StopPolicy, depth: int
    ) -> AsyncIterator[Batch]:
        kind, entries = parse_sitemap(await fetch(url, "sitemap"))
        if kind == "urlset":
            ordered = newest_first(entries, in_order_of_age="wp-sitemap" in url)
            last = range(0, len(ordered), BATCH)[-1:]
            for start in range(0, len(ordered), BATCH):
                yield Batch(tuple(ordered[start : start + BATCH]), source=url if start in last else "")
            return
        if depth == 0:
            raise DiscoveryError(f"{url}: sitemap indexes nested too deeply")
        for child in children(entries, since, self.parts):
            if stop.passed(child.url):
                yield Batch(())
                continue
            async for batch in self._walk(fetch, child.url, since, stop, depth - 1):
                yield batch


def _monthly(url: str, month: int) -> str:
    """The address of a month's sitemap; `month` counts from the year 0."""
    return url.replace("{year}", f"{month // 12:04}").replace("{month}", f"{month % 12 + 1:02}")


def parse_sitemap(answer: Fetched) -> tuple[str, tuple[Listed, ...]]:
    """A sitemap's kind (`urlset` or `sitemapindex`) and its entries. Raises `DiscoveryError` where it is none."""
    body = answer.ok().body
    if body[:2] == b"\x1f\x8b":
        body = _unpack(body)
    try:
        kind, fields = sitemap_xml.parse(body)
        entries = tuple(_entry(entry, answer.url) for entry in fields if entry["loc"])
    except etree.XMLSyntaxError as error:
        raise DiscoveryError(f"not a sitemap: {error}") from error
    if kind not in ("urlset", "sitemapindex"):
        raise DiscoveryError("HTML instead of a sitemap" if kind == "html" else f"not a sitemap but <{kind}>")
    return kind, entries


def children(entries: Iterable[Listed], since: str | None, pattern: str = "") -> list[Listed]:
    """The parts of an index that can hold articles, those with the newest change first."""
    entries = list(entries)
    entries = [entry for entry in entries if re.search(pattern, entry.url)] or entries
    parts = [entry for entry in entries if not NO_ARTICLES.search(entry.url.rsplit("/", 1)[-1])] or entries
    if since:
        parts = [entry for entry in parts if not entry.modified or entry.modified >= since]
    return sorted(parts, key=lambda entry: entry.modified or "", reverse=True)


def newest_first(entries: Iterable[Listed], in_order_of_age: bool) -> list[Listed]:
    """Entries by their time of change; without any, as listed, or backwards where the site lists the oldest first."""
    entries = list(entries)
    if any(entry.modified for entry in entries):
        return sorted(entries, key=lambda entry: entry.modified or "", reverse=True)
    return entries[::-1] if in_order_of_age else entries


def _unpack(body: bytes) -> bytes:
    """Strict, unlike Scrapy's own: half a sitemap would make every article of the other half look removed."""
    try:
        with gzip.GzipFile(fileobj=BytesIO(body)) as file:
            unpacked = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DiscoveryError(f"gzip can't be unpacked: {error}") from error
    if len(unpacked) > MAX_BYTES:
        raise DiscoveryError(f"gzip can't be unpacked: more than {MAX_BYTES} bytes")
    return unpacked


def _entry(entry: dict[str, str], base: str) -> Listed:
    return Listed(url=urljoin(base, entry["loc"]), modified=_time(entry.get("lastmod")))


def _time(value: str | None) -> str | None:
    try:
        return stamp(parse_stamp(value)) if value else None
    except ValueError:
        return None
