"""Listing pages: the last resort, and the only way into sites that offer no other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from parsel import Selector

from acca_crawler.clock import now
from acca_crawler.discovery.base import TO_THE_END, Batch, Failures, Fetch, Fetched, StopPolicy
from acca_crawler.exceptions import DiscoveryError
from acca_crawler.extract.dates import read as read_date
from acca_crawler.extract.relative_dates import relative_date
from acca_crawler.items import Listed


@dataclass(frozen=True, slots=True)
class Listing:
    """Pages that list articles: `links` selects their anchors, `pages` is the form of the further pages' addresses.

    `pages` is a format string over `{page}`, relative to the listing's own address, empty where there is one page.
    Where each article stands in an element of its own (`items`), `times` selects its date inside it; a time without
    a zone, and a relative date ("Сегодня, 14:05"), is read in `timezone`.
    """

    refs: tuple[str, ...] = ("",)
    links: str = "h3 a, h2 a"
    pages: str = ""
    first_page: int = 2
    items: str = ""
    times: str = ""
    timezone: str = "UTC"
    name: str = "listing"
    newest_first: bool = True
    lists_all: bool = False

    async def walk(
        self, fetch: Fetch, home: str, since: str | None, stop: StopPolicy = TO_THE_END
    ) -> AsyncIterator[Batch]:
        """Page after page until one is missing or repeats. A listing knows no dates: `since` has no effect."""
        failures = Failures()
        answered = False
        for ref in self.refs:
            url = urljoin(home, ref)
            try:
                answer = await fetch(url, "listing")
                batch = Batch((), unchanged=True) if answer.unchanged else self._parse(answer)
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

    async def _further_pages(self, fetch: Fetch, url: str, first: Batch, stop: StopPolicy) -> AsyncIterator[Batch]:
        page, opening = self.first_page, {listed.url for listed in first.listed}
        latest = opening
        while True:
            address = urljoin(url, self.pages.format(page=page))
            page += 1
            if stop.passed(address):
                continue
            answer = await fetch(address, "listing")
            if answer.status == 404 or not links_on(answer.ok(), self.links):
                return
            batch = self._parse(answer)
            addresses = {listed.url for listed in batch.listed}
            if addresses <= opening or addresses == latest:
                return  # past its end, a site shows its first or its last page again
            latest = addresses
            yield replace(batch, source=address)
            if stop.enough():
                return

    def _parse(self, answer: Fetched) -> Batch:
        batch = parse_listing(answer, self.links)
        if not self.times:
            return batch
        dates = _dates(answer, self)
        return replace(batch, listed=tuple(replace(one, published=dates.get(one.url)) for one in batch.listed))


def _dates(answer: Fetched, listing: Listing) -> dict[str, str]:
    """The date of each address whose item shows one. A bare day gives no time, so it is left out."""
    found: dict[str, str] = {}
    fetched_at = now()
    for item in _selector(answer).css(listing.items):
        time = item.css(listing.times)
        if not time:
            continue
        text = time[0].attrib.get("datetime") or " ".join(time[0].css("*::text").getall())
        date = relative_date(text, fetched_at, listing.timezone) or _absolute(text, listing.timezone)
        for anchor in item.css("a[href]"):
            if date and "T" in date:
                found.setdefault(urljoin(answer.url, anchor.attrib["href"].strip()), date)
    return found


def _absolute(text: str, timezone: str) -> str | None:
    moment = read_date(text, timezone)
    return moment.value if moment else None


def _selector(answer: Fetched) -> Selector:
    return Selector(body=answer.ok().body, encoding=answer.encoding or "utf-8", base_url=answer.url)


def parse_listing(answer: Fetched, links: str) -> Batch:
    """The articles that a listing page links to. Raises `DiscoveryError` where the selector finds no link."""
    listed = links_on(answer.ok(), links)
    if not listed:
        raise DiscoveryError(f"no link matches {links!r}")
    return Batch(listed)


def links_on(answer: Fetched, links: str) -> tuple[Listed, ...]:
    """The links that a selector finds on a page, each once, with their texts; none past a listing's end."""
    selector = Selector(body=answer.body, encoding=answer.encoding or "utf-8", base_url=answer.url)
    found: dict[str, str] = {}
    for anchor in selector.css(links):
        href = anchor.attrib.get("href", "").strip()
        if href and not href.startswith(("#", "javascript:", "mailto:", "tel:")):
            found.setdefault(urljoin(answer.url, href), " ".join(anchor.css("*::text").getall()).strip())
    return tuple(Listed(url=url, title=title) for url, title in found.items())
