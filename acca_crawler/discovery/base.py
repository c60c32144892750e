"""What every way of discovery has in common."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from urllib.parse import urljoin, urlsplit

from acca_crawler.exceptions import DiscoveryError, WayBlocked
from acca_crawler.items import CaptureKind, Listed
from acca_crawler.text.moments import read_moment
from acca_crawler.text.scrub import scrub


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer to a discovery request, decompressed. Header names are in lower case.

    `unchanged` says that the page is what it was when it was last read to the end: there is nothing new in it.
    `capture_id` is the answer's capture, where it is kept. `timezone` is the outlet's (an IANA name), in which times
    without a zone are read, `fetched_at` the time of the answer (UTC), after which no date is believed; None for now.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    encoding: str | None = None
    unchanged: bool = False
    capture_id: int | None = None
    timezone: str | None = None
    fetched_at: str | None = None

    def moment(self, text: str | None) -> str | None:
        """The UTC time or plain day that a text of this answer gives, or None."""
        found = read_moment(text, self.timezone, self.fetched_at)
        return found.value if found else None

    def ok(self) -> Fetched:
        """The answer itself if its status is 200. Raises `DiscoveryError` otherwise."""
        if self.status != 200:
            raise DiscoveryError(f"HTTP {self.status}")
        return self


class Fetch(Protocol):
    """Fetches an address for discovery. Raises `DiscoveryError` where no answer came."""

    async def __call__(self, url: str, kind: CaptureKind) -> Fetched: ...


@dataclass(frozen=True, slots=True)
class Batch:
    """Addresses that one answer listed. `total` is how many articles the site says it has in all.

    `source` is the address of the answer; an `unchanged` one lists nothing because nothing has changed in it.
    `opening` says that it is a page that shows what is newest, which every run asks for again. `skipped` says why
    entries were left out.
    """

    listed: tuple[Listed, ...]
    total: int | None = None
    source: str = ""
    unchanged: bool = False
    opening: bool = False
    skipped: tuple[str, ...] = ()


Item = TypeVar("Item")

MAX_ADDRESS = 2083
"""Characters of an address; Scrapy asks for no longer one."""


def web_address(base: str, ref: str) -> str:
    """The absolute http(s) address behind a reference. Raises `ValueError` where there is no address to ask for."""
    url = urljoin(base, scrub(ref).strip())
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"not an http(s) address: {url[:100]!r}")
    if parts.port == 0:  # reading the port raises for what is no number
        raise ValueError(f"no port 0: {url[:100]!r}")
    if len(url) > MAX_ADDRESS:
        raise ValueError(f"an address of {len(url)} characters: {url[:100]!r}")
    return url


def entries_of(items: Iterable[Item], read: Callable[[Item], Listed]) -> tuple[tuple[Listed, ...], tuple[str, ...]]:
    """What each item lists, and why others were skipped: one bad entry never ends an outlet's discovery.

    `read` raises `ValueError` (an unreadable address or value), or what odd shapes of data lead to.
    """
    listed: list[Listed] = []
    skipped: list[str] = []
    for item in items:
        try:
            listed.append(read(item))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            skipped.append(f"{type(error).__name__}: {error}"[:200])
    return tuple(listed), tuple(skipped)


class StopPolicy:
    """What a walk asks between two pages of one source; this one goes to the end of every source.

    A walk that keeps a memory, or that may stop early, is given one of its own.
    """

    def passed(self, url: str) -> bool:
        """Whether an earlier, broken off walk has already brought what the page at an address lists."""
        return False

    def enough(self) -> bool:
        """Whether the last batch has shown that the source's further pages hold nothing new."""
        return False


TO_THE_END = StopPolicy()


class Way(Protocol):
    """One way to find an outlet's articles.

    `newest_first` says that a batch without anything new ends the search; `lists_all` says that a whole walk
    lists every article that the site has.
    """

    @property
    def name(self) -> str: ...

    @property
    def newest_first(self) -> bool: ...

    @property
    def lists_all(self) -> bool: ...

    def walk(self, fetch: Fetch, home: str, since: str | None, stop: StopPolicy = TO_THE_END) -> AsyncIterator[Batch]:
        """List articles, those changed since `since` (a UTC stamp) where the way can tell, else all of them.

        Pages that an earlier walk has passed are left out, so that a walk back to the oldest article goes on
        where it was broken off; a source that has given enough is left for the next one.
        Raises `DiscoveryError` where the answer is not what this way should give.
        """
        ...


@dataclass(slots=True)
class Failures:
    """Collects why each of several addresses failed, so that one error can tell them all."""

    reasons: list[str] = field(default_factory=list)
    blocked: bool = False

    def add(self, url: str, error: DiscoveryError) -> None:
        """Note a failure."""
        self.reasons.append(f"{url}: {error}")
        self.blocked = self.blocked or isinstance(error, WayBlocked)

    def error(self) -> DiscoveryError:
        """One error that names every failure; a block where one of them was."""
        return (WayBlocked if self.blocked else DiscoveryError)("; ".join(self.reasons))
