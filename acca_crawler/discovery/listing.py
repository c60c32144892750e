"""Listing pages: the last resort, and the only way for some sites."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from parsel import Selector

from acca_crawler.clock import now, parse_stamp
from acca_crawler.declarations import refuse_strings
from acca_crawler.discovery.base import (
    TO_THE_END,
    Batch,
    Failures,
    Fetch,
    Fetched,
    Repeats,
    StopPolicy,
    entries_of,
    web_address,
)
from acca_crawler.exceptions import DiscoveryError, EmptyList
from acca_crawler.extract.decoding import decode
from acca_crawler.extract.relative_dates import ClockTimes, relative_date
from acca_crawler.items import Listed
from acca_crawler.text.scrub import scrub


@dataclass(frozen=True, slots=True)
class Listing:
    """Pages that list articles: `links` selects the anchors, `pages` is the address pattern of further pages.

    `pages` is a format string with `{page}`, relative to the listing's own address; empty if there is one page. If each
    article has its own element (`items`), `times` selects the date in it.
    """

    refs: tuple[str, ...] = ("",)
    links: str = "h3 a, h2 a"
    pages: str = ""
    first_page: int = 2
    items: str = ""
    times: str = ""
    name: str = "listing"
    newest_first: bool = True
    lists_all: bool = False

    def __post_init__(self) -> None:
        refuse_strings(self, self.name)

    async def walk(
        self, fetch: Fetch, home: str, since: str | None, stop: StopPolicy = TO_THE_END
    ) -> AsyncIterator[Batch]:
        """Read page after page until one is missing or repeats. Listings have no dates: `since` has no effect."""
        failures = Failures()
        answered = False
        for ref in self.refs:
            url = urljoin(home, ref)
            try:
                answer = await fetch(url, "listing")
                batch = Batch((), unchanged=True) if answer.unchanged else await answer.parsed(self._parse)
            except DiscoveryError as error:
                failures.add(url, error)
                continue
            answered = True
            yield replace(batch, source=url, opening=True)
            if self.pages and not batch.unchanged and not stop.enough():
                async for further in self._further_pages(fetch, url, batch, stop):
                    yield further
        if not answered:
            raise failures.error()
        for batch in failures.unread():
            yield batch

    async def _further_pages(self, fetch: Fetch, url: str, first: Batch, stop: StopPolicy) -> AsyncIterator[Batch]:
        page, repeats = self.first_page, Repeats(first)
        while True:
            address = urljoin(url, self.pages.format(page=page))
            page += 1
            if stop.passed(address):
                continue
            answer = await fetch(address, "listing")
            if answer.status == 404:
                return
            batch = await answer.parsed(self._parse_further)
            if not batch.listed or repeats.has(batch):
                return
            yield replace(batch, source=address)
            if stop.enough():
                return

    def _parse(self, answer: Fetched) -> Batch:
        return self._with_dates(parse_listing(answer, self.links), answer)

    def _parse_further(self, answer: Fetched) -> Batch:
        return self._with_dates(links_on(answer.ok(), self.links), answer)

    def _with_dates(self, batch: Batch, answer: Fetched) -> Batch:
        if not self.times:
            return batch
        dates = _dates(answer, self)
        return replace(batch, listed=tuple(replace(one, published=dates.get(one.url)) for one in batch.listed))


def _dates(answer: Fetched, listing: Listing) -> dict[str, str]:
    """Return the date of each address whose item shows one. A date without a time is left out."""
    found: dict[str, str] = {}
    selector = _selector(answer)
    base = _base(selector, answer)
    fetched_at = parse_stamp(answer.fetched_at) if answer.fetched_at else now()
    clocks = ClockTimes(fetched_at, answer.timezone or "UTC")
    for item in selector.css(listing.items):
        time = item.css(listing.times)
        if not time:
            continue
        text = time[0].attrib.get("datetime") or " ".join(time[0].css("*::text").getall())
        date = clocks.read(text) or relative_date(text, fetched_at, answer.timezone or "UTC") or answer.moment(text)
        for anchor in item.css("a[href]"):
            if date and "T" in date:
                with suppress(ValueError):  # counted when the links are read
                    found.setdefault(web_address(base, anchor.attrib["href"]), date)
    return found


def _selector(answer: Fetched) -> Selector:
    return Selector(text=scrub(decode(answer.body, answer.encoding)), base_url=answer.url)


def _base(selector: Selector, answer: Fetched) -> str:
    """Return the base URL of the page's links: its `<base>`, which may itself be relative, else its own address."""
    try:
        return web_address(answer.url, selector.css("base::attr(href)").get(""))
    except ValueError:
        return answer.url


def parse_listing(answer: Fetched, links: str) -> Batch:
    """Return the articles that a listing page links to. Raises `EmptyList` if the selector matches no links."""
    batch = links_on(answer.ok(), links)
    if not batch.listed:
        raise EmptyList(f"no link matches {links!r}")
    return batch


def links_on(answer: Fetched, links: str) -> Batch:
    """Return the links that a selector finds on a page, without duplicates, with their texts; may be empty."""
    selector = _selector(answer)
    base = _base(selector, answer)

    def read(anchor: Selector) -> Listed:
        title = " ".join(anchor.css("*::text").getall()).strip()
        return Listed(url=web_address(base, anchor.attrib["href"]), title=title)

    anchors = [one for one in selector.css(links) if not _leads_nowhere(one.attrib.get("href", "").strip())]
    listed, skipped = entries_of(anchors, read)
    found: dict[str, Listed] = {}
    for one in listed:
        found.setdefault(one.url, one)
    return Batch(tuple(found.values()), skipped=skipped)


def _leads_nowhere(href: str) -> bool:
    return not href or href.startswith("#") or re.match(r"(?!https?:)[a-z]+:(?!//)", href, re.IGNORECASE) is not None
