"""The newsroom server: all sites, the calendar, the log."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from acca_crawler.newsroom.exchange import Log, RequestRecord
from acca_crawler.newsroom.faults import Faults
from acca_crawler.newsroom.samples import Clocks, Post, shown
from acca_crawler.newsroom.served import ServedSite
from acca_crawler.newsroom.sites import SITES
from acca_crawler.newsroom.sites.base import Edition

_SITES = {site.name: site for site in SITES}


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes from the first to the second day. `republished` are new addresses of texts published before."""

    new: tuple[Post, ...]
    republished: tuple[Post, ...]
    edited: tuple[Post, ...]
    removed: tuple[Post, ...]


class Newsroom:
    """The sample newsroom, a context manager.

    `day` is 1 or 2. `today` fixes the calendar: the first day's articles are older than its midnight (UTC), the second
    day's older than the next midnight; without it, the first day ended at today's midnight and the second day's
    articles are from the hour before `set_day(2)`. `sites` names the sites to serve (default: all); `port_base` gives
    them consecutive fixed ports in the order of `SITES`, 0 free ones. Raises OSError on `start` if a port is taken.
    """

    def __init__(
        self,
        day: int = 1,
        *,
        today: date | None = None,
        sites: Iterable[str] | None = None,
        port_base: int = 0,
    ) -> None:
        wanted = set(_SITES if sites is None else sites)
        unknown = wanted - _SITES.keys()
        if unknown:
            raise ValueError(f"the newsroom has no site named {', '.join(sorted(unknown))}")
        self._today = today
        self._clocks = Clocks.starting(today)
        self.day = 0
        self.log = Log()
        self.sites: dict[str, ServedSite] = {
            site.name: ServedSite(
                site, port_base + number if port_base else 0, partial(self._edition, site.name), self.log
            )
            for number, site in enumerate(SITES)
            if site.name in wanted
        }
        self.set_day(day)

    def __enter__(self) -> Newsroom:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> Newsroom:
        """Bind and serve all sites from daemon threads."""
        for site in self.sites.values():
            site.start()
        return self

    def stop(self) -> None:
        """Close all connections and ports; hanging answers end too."""
        with ThreadPoolExecutor(max(1, len(self.sites))) as pool:
            list(pool.map(ServedSite.stop, self.sites.values()))

    def set_day(self, day: int) -> None:
        """Switch all sites to that day. Raises `ValueError` if it is not 1 or 2."""
        if day not in (1, 2):
            raise ValueError(f"the newsroom has days 1 and 2, not {day}")
        if day == 2 and self._today is None:
            self._clocks = Clocks(self._clocks.first, datetime.now(UTC).replace(microsecond=0))
        self.day = day

    def reset(self, day: int = 1, clocks: Clocks | None = None) -> None:
        """Return to a day as if just started: without faults, with an empty log, at the same addresses.

        The articles keep their dates, or get those of `clocks`.
        """
        self._clocks = clocks or self._clocks
        self.day = day
        for site in self.sites.values():
            site.faults = Faults()
        self.log.requests.clear()
        self.log.errors.clear()

    @property
    def requests(self) -> list[RequestRecord]:
        """Every request so far, oldest first."""
        return self.log.requests

    @property
    def errors(self) -> list[BaseException]:
        """The newsroom's internal errors, for tests."""
        return self.log.errors

    def _edition(self, site: str, url: str, faults: Faults) -> Edition:
        neighbours = {name: other.url for name, other in self.sites.items() if other.is_open}
        return Edition(url, self.day, self._clocks.at(self.day), self.posts(site), faults, neighbours)

    @property
    def clocks(self) -> Clocks:
        """The clocks relative to which the articles are dated."""
        return self._clocks

    def posts(self, site: str, day: int | None = None) -> tuple[Post, ...]:
        """Return a site's articles on a day (default: the current one), newest first."""
        return shown(_SITES[site].articles, day or self.day, self._clocks)

    def changes(self, site: str) -> Changes:
        """Return the changes of day two at a site."""
        before = {post.id: post for post in self.posts(site, 1)}
        after = {post.id: post for post in self.posts(site, 2)}
        fresh = [post for post in after.values() if post.id not in before]
        return Changes(
            new=tuple(post for post in fresh if post.republishes is None),
            republished=tuple(post for post in fresh if post.republishes is not None),
            edited=tuple(
                post
                for post in after.values()
                if post.id in before and (post.title, post.body) != (before[post.id].title, before[post.id].body)
            ),
            removed=tuple(post for post in before.values() if post.id not in after),
        )
