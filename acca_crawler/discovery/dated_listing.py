"""Archives by month or by day: listings with the date in their address, walked from today backwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urljoin

from acca_crawler.clock import now, parse_stamp
from acca_crawler.discovery.base import TO_THE_END, Batch, Failures, Fetch, StopPolicy
from acca_crawler.discovery.listing import Listing, links_on
from acca_crawler.exceptions import DiscoveryError, EmptyList, PageMissing, SiteUnreachable, WayBlocked

MAX_SECTIONS = 40
"""Maximum sections of a site whose archives are walked."""


@dataclass(frozen=True, slots=True)
class DatedListing:
    """Listings for each month (or day, if `ref` has `{day}`) since the beginning of the year `first_year`.

    `ref` is a format string with `{year}` and `{month}`, relative to the front page, or to each section that `sections`
    selects on it. Numbers are written with two digits where the format says so (`{month:02}`). `links` and `pages` are
    those of `Listing`. A period without articles has no page on most sites, so it is not a failure; other failures are
    reported if some period can be read.
    """

    ref: str
    links: str
    first_year: int
    pages: str = ""
    sections: str = ""
    name: str = "listing"
    newest_first: bool = True
    lists_all: bool = False

    async def walk(
        self, fetch: Fetch, home: str, since: str | None, stop: StopPolicy = TO_THE_END
    ) -> AsyncIterator[Batch]:
        """Read period after period back to `since`, or to the first year."""
        failures = Failures()
        answered = False
        first = parse_stamp(since).date() if since else date(self.first_year, 1, 1)
        bases = await self._bases(fetch, home)
        for period in self._periods(now().date(), first):
            for base in bases:
                url = urljoin(base, self.ref.format(year=period.year, month=period.month, day=period.day))
                if not self.pages and stop.passed(url):  # of a period with several pages, later ones may be unread
                    answered = True
                    yield Batch(())
                    continue
                try:
                    async for batch in Listing((url,), self.links, self.pages).walk(fetch, url, None, stop):
                        answered = True
                        yield batch
                except (WayBlocked, SiteUnreachable):
                    raise
                except DiscoveryError as error:
                    failures.add(url, error)
        if not answered:
            raise DiscoveryError("; ".join(list(failures.found)[:3]) or "no period to read")
        for batch in failures.unread(EmptyList, PageMissing):
            yield batch

    async def _bases(self, fetch: Fetch, home: str) -> list[str]:
        if not self.sections:
            return [home]
        found = links_on((await fetch(home, "listing")).ok(), self.sections).listed[:MAX_SECTIONS]
        if not found:
            raise DiscoveryError(f"no section matches {self.sections!r}")
        return [f"{one.url.partition('?')[0].rstrip('/')}/" for one in found]

    def _periods(self, last: date, first: date) -> Iterator[date]:
        """Yield the first day of each month, or each day, from the last to the first."""
        period = last
        while period >= first.replace(day=1 if "{day" not in self.ref else first.day):
            yield period
            period = (period.replace(day=1) if "{day" not in self.ref else period) - timedelta(days=1)
