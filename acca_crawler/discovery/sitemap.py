"""Sitemaps (https://www.sitemaps.org/protocol.html): indexes of indexes, gzip, core WordPress' and Yoast's."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from urllib.parse import urljoin

from acca_crawler.clock import now, parse_stamp, stamp
from acca_crawler.declarations import refuse_strings
from acca_crawler.discovery import sitemap_xml
from acca_crawler.discovery.base import TO_THE_END, Batch, Failures, Fetch, Fetched, StopPolicy, entries_of, web_address
from acca_crawler.discovery.feed import is_feed, parse_feed
from acca_crawler.discovery.packed import unpacked
from acca_crawler.exceptions import DiscoveryError, PageMissing, SiteUnreachable, WayBlocked
from acca_crawler.extract.decoding import decode
from acca_crawler.items import Listed
from acca_crawler.text.scrub import scrub

DEEPEST = 3
MOST_UNREAD = 10
"""Parts of one index that can't be read before it is left: the site is ill, or they are endless."""
BATCH = 100

NO_ARTICLES = re.compile(
    r"(?<![a-z])(?:categor(?:y|ies)|tags?|authors?|users?|taxonom(?:y|ies)|images?|videos?|pages?(?![-_.]?\d))(?![a-z])",
    re.IGNORECASE,
)
"""Words in the names of sitemaps that do not list articles, in WordPress core, Yoast and similar.

Whole words only ("reportage", "hostages" and "authorities" contain some of them), and not `page` with a number.
"""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """One or more sitemaps or sitemap indexes; the first that answers is used.

    `parts` is a regular expression for the addresses in an index: if any match, only those are read. A part that can't
    be read fails the walk once the others are read. A ref may contain `{year}` and `{month}` (two digits): it expands
    to the sitemaps of the last `months` months, the newest first.
    """

    refs: tuple[str, ...] = ("/sitemap.xml",)
    parts: str = ""
    months: int = 2
    name: str = "sitemap"
    newest_first: bool = True
    lists_all: bool = True

    def __post_init__(self) -> None:
        refuse_strings(self, self.name)

    async def walk(
        self, fetch: Fetch, home: str, since: str | None, stop: StopPolicy = TO_THE_END
    ) -> AsyncIterator[Batch]:
        """Yield addresses, the newest first if the sitemap has dates; `since` filters nothing."""
        failures = Failures()
        for ref in self.refs:
            found = failed = False
            for url in self._addresses(urljoin(home, ref), since):
                try:
                    async for batch in self._walk(fetch, url, stop, DEEPEST):
                        found = True
                        yield batch
                except DiscoveryError as error:
                    failures.add(url, error)
                    failed = True
                    if found:
                        raise
            if found:
                for batch in failures.unread(PageMissing) if "{year}" in ref else ():
                    yield batch
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

    async def _walk(self, fetch: Fetch, url: str, stop: StopPolicy, depth: int) -> AsyncIterator[Batch]:
        page = await (await fetch(url, "sitemap")).parsed(parse_sitemap)
        if page.kind == "urlset":
            ordered = newest_first(page.listed, in_order_of_age="wp-sitemap" in url)
            last = range(0, len(ordered), BATCH)[-1:]
            for start in range(0, len(ordered), BATCH):
                ends = start in last and not page.broken
                skipped = page.skipped if start == 0 else ()
                yield Batch(tuple(ordered[start : start + BATCH]), source=url if ends else "", skipped=skipped)
            if page.broken:
                raise DiscoveryError(f"{url}: only {len(ordered)} addresses could be read: {page.broken}")
            return
        if depth == 0:
            raise DiscoveryError(f"{url}: sitemap indexes nested too deeply")
        failures = Failures()
        for child in children(page.listed, self.parts):
            if stop.passed(child.url):
                yield Batch(())
                continue
            try:
                async for batch in self._walk(fetch, child.url, stop, depth - 1):
                    yield batch
            except (SiteUnreachable, WayBlocked):  # so would the other parts be
                raise
            except DiscoveryError as error:
                failures.add(child.url, error)
                if len(failures.found) >= MOST_UNREAD:
                    raise failures.error() from error
        if failures.found:
            raise failures.error()
        if page.broken:
            raise DiscoveryError(f"{url}: only {len(page.listed)} parts could be read: {page.broken}")


def _monthly(url: str, month: int) -> str:
    """Return the address of a month's sitemap; `month` counts from year 0."""
    return url.replace("{year}", f"{month // 12:04}").replace("{month}", f"{month % 12 + 1:02}")


@dataclass(frozen=True, slots=True)
class SitemapPage:
    """Entries of one sitemap. `kind` is `urlset` or `sitemapindex`; `broken` is why it is cut off, empty if not."""

    kind: str
    listed: tuple[Listed, ...]
    skipped: tuple[str, ...] = ()
    broken: str = ""


def parse_sitemap(answer: Fetched) -> SitemapPage:
    """Parse a sitemap. Raises `DiscoveryError` if it is not one."""
    text = scrub(decode(unpacked(answer.ok().body), answer.encoding))
    if is_feed(text):  # the protocol allows it
        feed = parse_feed(replace(answer, body=text.encode(), encoding=None))
        return SitemapPage("urlset", feed.listed, feed.skipped)
    sitemap = sitemap_xml.parse(text)
    listed, skipped = entries_of(sitemap.entries, partial(_entry, answer=answer))
    if sitemap.broken and not listed:
        raise DiscoveryError(f"not a sitemap: {sitemap.broken}")
    return SitemapPage(sitemap.kind, listed, skipped, sitemap.broken)


def children(entries: Iterable[Listed], pattern: str = "") -> list[Listed]:
    """Return the parts of an index that may list articles, the last modified first.

    An old lastmod is not a reason to skip a part: many sites never update it.
    """
    entries = list(entries)
    entries = [entry for entry in entries if re.search(pattern, entry.url)] or entries
    parts = [entry for entry in entries if not NO_ARTICLES.search(entry.url.rsplit("/", 1)[-1])] or entries
    return sorted(parts, key=lambda entry: entry.modified or "", reverse=True)


def newest_first(entries: Iterable[Listed], in_order_of_age: bool) -> list[Listed]:
    """Sort entries by lastmod, newest first; without dates keep the order, reversed if the site lists oldest first."""
    entries = list(entries)
    if any(entry.modified for entry in entries):
        return sorted(entries, key=lambda entry: entry.modified or "", reverse=True)
    return entries[::-1] if in_order_of_age else entries


def _entry(entry: dict[str, str], answer: Fetched) -> Listed:
    modified = answer.moment(entry.get("lastmod"))
    return Listed(
        url=web_address(answer.url, entry["loc"]),
        modified=stamp(parse_stamp(modified)) if modified else None,
        published=answer.moment(entry.get("news:publication_date")),
        title=" ".join(entry.get("news:title", "").split()),
    )
