"""What every way of discovery has in common."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from acca_crawler.exceptions import DiscoveryError, WayBlocked
from acca_crawler.items import CaptureKind, Listed


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer to a discovery request, decompressed. Header names are in lower case.

    `unchanged` says that the page is what it was when it was last read to the end: there is nothing new in it.
    `capture_id` is the answer's capture, where it is kept.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    encoding: str | None = None
    unchanged: bool = False
    capture_id: int | None = None

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
    `opening` says that it is a page that shows what is newest, which every run asks for again.
    """

    listed: tuple[Listed, ...]
    total: int | None = None
    source: str = ""
    unchanged: bool = False
    opening: bool = False


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
