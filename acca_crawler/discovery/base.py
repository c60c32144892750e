"""Common parts of all ways of discovery."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from acca_crawler.dedup.address import resolved
from acca_crawler.exceptions import DiscoveryError, PageMissing, SiteUnreachable, WayBlocked
from acca_crawler.items import CaptureKind, Listed
from acca_crawler.text.moments import read_moment
from acca_crawler.text.scrub import scrub

Parsed = TypeVar("Parsed")


class Apart(Protocol):
    """Parses an answer in another process. Raises `DiscoveryError` if that exceeds a limit."""

    async def __call__(self, parse: Callable[[Fetched], Any], answer: Fetched) -> Any: ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer to a discovery request, decompressed. Header names are in lower case.

    `unchanged` means that the page has not changed since it was last read in full and lists nothing new. `capture_id`
    is the answer's capture, if it is stored. `timezone` is the outlet's (an IANA name), used for times without a zone;
    `fetched_at` is the time of the answer (UTC; None for now): later dates are rejected. `apart`, if any, parses the
    answer in another process: it is so large that all outlets would wait.
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
    apart: Apart | None = field(default=None, compare=False)

    async def parsed(self, parse: Callable[[Fetched], Parsed]) -> Parsed:
        """Return what `parse` makes of the answer. Raises its exceptions; `DiscoveryError` if it takes too long."""
        if self.apart is None:
            return parse(self)
        found: Parsed = await self.apart(parse, replace(self, apart=None))
        return found

    def moment(self, text: str | None) -> str | None:
        """Parse a text of this answer as a UTC time or plain day; None if it is not a date."""
        found = read_moment(text, self.timezone, self.fetched_at)
        return found.value if found else None

    def ok(self) -> Fetched:
        """Return the answer if its status is 200. Raises `PageMissing`, `DiscoveryError`."""
        if self.status != 200:
            kind = PageMissing if self.status in (404, 410) else DiscoveryError
            raise kind(f"HTTP {self.status}")
        return self


class Fetch(Protocol):
    """Fetches an address for discovery. Raises `DiscoveryError` if there is no answer."""

    async def __call__(self, url: str, kind: CaptureKind) -> Fetched: ...


@dataclass(frozen=True, slots=True)
class Batch:
    """Addresses listed by one answer. `total` is the number of articles that the site reports.

    `source` is the address of the answer; an `unchanged` answer lists nothing because it has not changed. `opening`
    marks a page with the newest articles, which every run requests again. `skipped` contains the reasons why entries
    were skipped. `passed_over` names the kinds of entries that are not articles (`post:poll`), one for each entry.
    `covers` are the addresses of further pages whose entries are all in this batch. `unread` are the reasons why some
    lists of the way, which has others, could not be read.
    """

    listed: tuple[Listed, ...]
    total: int | None = None
    source: str = ""
    unchanged: bool = False
    opening: bool = False
    skipped: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


Item = TypeVar("Item")

MAX_ADDRESS = 2083
"""Longest address (characters) that Scrapy requests."""


def web_address(base: str, ref: str) -> str:
    """Resolve a reference to an absolute http(s) address. Raises `ValueError` if it can't be requested."""
    ref = scrub(ref).strip()
    if not ref.strip("/") and ref != "/":  # joined to `base`, they would be its own address
        raise ValueError(f"no address: {ref!r}")
    url = resolved(base, ref)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"not an http(s) address: {url[:100]!r}")
    if parts.port == 0:  # reading the port raises if it is not a number
        raise ValueError(f"no port 0: {url[:100]!r}")
    if len(url) > MAX_ADDRESS:
        raise ValueError(f"an address of {len(url)} characters: {url[:100]!r}")
    return url


def entries_of(items: Iterable[Item], read: Callable[[Item], Listed]) -> tuple[tuple[Listed, ...], tuple[str, ...]]:
    """Read each item and collect the reasons for skipped ones: a bad entry never ends an outlet's discovery.

    `read` raises `ValueError` (an unreadable address or value) or any error that malformed data can cause.
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
    """Decides between two pages whether a walk continues; this default reads every source to its end.

    Walks that remember pages or may stop early use a subclass.
    """

    def passed(self, url: str) -> bool:
        """Whether an earlier, interrupted walk has already read the page at an address."""
        return False

    def enough(self) -> bool:
        """Whether the last batch shows that further pages of the source contain nothing new."""
        return False


TO_THE_END = StopPolicy()


class Way(Protocol):
    """One way to find an outlet's articles."""

    @property
    def name(self) -> str:
        """The way's name in the ledger and in messages."""
        ...

    @property
    def newest_first(self) -> bool:
        """Whether a batch without new addresses ends the search."""
        ...

    @property
    def lists_all(self) -> bool:
        """Whether a complete walk lists every article of the site."""
        ...

    def walk(self, fetch: Fetch, home: str, since: str | None, stop: StopPolicy = TO_THE_END) -> AsyncIterator[Batch]:
        """List articles: those changed since `since` (a UTC stamp) if the way supports it, else all.

        Skips pages that an earlier walk has read, so that an interrupted backfill resumes where it stopped; leaves a
        source as soon as `stop.enough()` is true. Raises `DiscoveryError` if an answer is not in the expected format.
        """
        ...


class Repeats:
    """Recognises the end of a paged list: past it, some sites repeat their first or last page."""

    def __init__(self, first: Batch) -> None:
        self._opening = self._latest = _addresses(first)

    def has(self, batch: Batch) -> bool:
        """Whether a page has nothing beyond the first one, or the same as the page before it."""
        addresses = _addresses(batch)
        if addresses <= self._opening or addresses == self._latest:
            return True
        self._latest = addresses
        return False


def _addresses(batch: Batch) -> set[str]:
    return {listed.url for listed in batch.listed}


@dataclass(slots=True)
class Failures:
    """Collects the failures of several addresses, so that one error can report them all."""

    found: dict[str, type[DiscoveryError]] = field(default_factory=dict)
    """The kind of each failure by its reason."""

    def add(self, url: str, error: DiscoveryError) -> None:
        """Record a failure with its address; that a whole site can't be reached is said once, without the addresses."""
        reason = str(error)
        if not isinstance(error, SiteUnreachable) and not reason.startswith(url):
            reason = f"{url}: {reason}"
        self.found.setdefault(reason, type(error))

    def error(self) -> DiscoveryError:
        """Return one error for all: `WayBlocked` if any was a block, the common kind of all if they have one."""
        kinds = set(self.found.values())
        kind = WayBlocked if WayBlocked in kinds else kinds.pop() if len(kinds) == 1 else DiscoveryError
        return kind("; ".join(self.found))

    def unread(self, *usual: type[DiscoveryError]) -> Iterator[Batch]:
        """Yield a batch with what could not be read, for a way that has answered otherwise; `usual` failures are none.

        Nothing is yielded if nothing is unread.
        """
        if reasons := tuple(reason for reason, kind in self.found.items() if kind not in usual):
            yield Batch((), unread=reasons)
