"""Discovery for one outlet in a run: tries the ways in order until one answers properly."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse

from acca_crawler.clock import earlier, now, utc_stamp
from acca_crawler.crawl.errors import AskedToWait, HostUnreachable
from acca_crawler.crawl.fetching.conditional import REMEMBERED, EarlierAnswer, judged
from acca_crawler.crawl.fetching.headers import headers_of
from acca_crawler.crawl.fetching.routes import next_route
from acca_crawler.crawl.fetching.unreachable import NETWORK_ERRORS
from acca_crawler.crawl.request_meta import RequestMeta, meta_of
from acca_crawler.crawl.run import OutletRun
from acca_crawler.declared_rules import address_rules
from acca_crawler.dedup.address import canonical_address
from acca_crawler.detect.region import concerns
from acca_crawler.discovery import Batch, Fetched, StopPolicy, Way, WordPressApi
from acca_crawler.discovery.bounds import bounded
from acca_crawler.discovery.wordpress_api import OVERLAP_DAYS
from acca_crawler.exceptions import DiscoveryError, PageTooHeavy, ReadersLost, SiteUnreachable, WayBlocked
from acca_crawler.extract.block_pages import blocked_by
from acca_crawler.ingest.page import identity_of, is_on
from acca_crawler.items import CaptureKind, Listed
from storage.ledger import addresses, discovery_pages, runs
from storage.ledger.discovery_pages import PageState
from storage.ledger.polls import record_poll
from storage.schema.database import transaction

_log = logging.getLogger(__name__)

Download = Callable[[Request], Awaitable[Response]]
"""Sends a request through Scrapy's downloader and its middlewares."""

FIRST_LISTED = 500
"""Number of newest addresses that a first crawl takes; `--backfill` takes all."""

SINCE_LISTED = 10_000
"""Most addresses that an incremental crawl takes from a way without dates, so that it ends."""


_FILE = re.compile(
    r"\.(?:xml|json|txt|js|css|pdf|docx?|xlsx?|pptx?|odt|rtf|zip|rar|7z|gz|jpe?g|png|gif|webp|svg|ico|mp3|mp4|avi|mov|webm)$",
    re.IGNORECASE,
)
"""Ends of paths that are not pages."""

MIN_CHANGES = 3
"""Fewest changed posts, none of them an article, from which a REST interface is doubted: one may link elsewhere."""

LARGE = 256 * 1024
"""Bytes from which an answer is parsed in a reading process, as pages are: all outlets share this thread."""

MAX_UNREAD = 3
"""Most lists that a message names among those that could not be read."""

PARSED_APART: tuple[CaptureKind, ...] = ("feed", "listing", "rest", "sitemap")


@dataclass(slots=True)
class WalkState(StopPolicy):
    """State of a walk along one way: what it has found so far, and whether to leave the current source.

    `stops_early` means that a batch without new addresses ends a source; `most` is the number of addresses that ends
    the walk. `gaps` means that pages were skipped because an earlier walk had read them: the addresses they list were
    not seen this time, but may still be there. `unread` are the reasons why some of the way's lists could not be read.
    """

    stops_early: bool
    most: int | None
    remembers: Callable[[str], bool] | None = None
    unchanged: bool = False
    listed: int = 0
    new: int = 0
    fresh: int = 0
    newest: str | None = None
    oldest: dict[str, str] = field(default_factory=dict)
    total: int | None = None
    whole: bool = True
    gaps: bool = False
    urls: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    foreign: int = 0
    first_foreign: str = ""

    def add(self, batch: Batch) -> None:
        """Count a batch. All we know of an unchanged page is that it has not changed."""
        self.listed += len(batch.listed)
        self.unchanged |= batch.unchanged
        self.whole &= not batch.unchanged
        self.unread += batch.unread
        source = batch.source.partition("?")[0]
        for listed in batch.listed:
            newest = listed.published or listed.modified
            self.newest = max(filter(None, (self.newest, newest)), default=None)
            if listed.published:
                self.oldest[source] = min(self.oldest.get(source, listed.published), listed.published)

    def passed(self, url: str) -> bool:
        """Whether an interrupted backfill has already read this page."""
        passed = self.remembers is not None and self.remembers(url)
        self.gaps |= passed
        return passed

    def enough(self) -> bool:
        """Whether to leave the current source."""
        done = (self.stops_early and self.fresh == 0) or self.full()
        self.whole = self.whole and not done
        return done

    def full(self) -> bool:
        """Whether to end the walk."""
        return self.most is not None and self.listed >= self.most

    @property
    def in_part(self) -> str | None:
        """Which lists could not be read though others were; None if all were read."""
        if not self.unread:
            return None
        more = f"; and {len(self.unread) - MAX_UNREAD} more" if len(self.unread) > MAX_UNREAD else ""
        return f"not read: {'; '.join(self.unread[:MAX_UNREAD])}{more}"

    @property
    def covered_since(self) -> str | None:
        """Earliest publication date from which every source was read without gaps."""
        return max(self.oldest.values(), default=None)


class DiscoveryRun:
    """Follows the ways of one outlet. Each batch is stored in the archive before the next one is requested."""

    def __init__(self, run: OutletRun, download: Download) -> None:
        self._run = run
        self._outlet = run.outlet
        self._download = download
        self._answers: dict[str, PageState] = {}
        self._rules = address_rules(run.outlet)

    async def run(self) -> tuple[str | None, str | None]:
        """Return the way that answered and the problems met before; each is None if there are none."""
        complaints: list[str] = []
        silent: str | None = None
        for way in self._ways():
            attempt = await self._try(way)
            self._record(attempt)
            if attempt.outcome == "answered":
                if attempt.reason:
                    complaints.append(f"{way.name} answered in part, {attempt.reason}")
                return way.name, "; ".join(complaints) or None
            if attempt.found and self._run.budget.spent_on_discovery:
                return way.name, "; ".join([*complaints, f"{way.name} was not read to its end: {attempt.reason}"])
            silent = silent or (way.name if attempt.outcome == "silent" else None)
            complaints.append(f"{way.name} {attempt.outcome}: {attempt.reason} ({self._last_well(way)})")
        if silent is None:
            self._record_poll(WalkState(stops_early=False, most=None))
        return silent, "; ".join(complaints) or "the outlet declares no way of discovery"

    def _last_well(self, way: Way) -> str:
        last = runs.last_well(self._run.db, self._run.name, way.name)
        return f"last worked on {last[:10]}" if last else "has never worked so far"

    def _ways(self) -> tuple[Way, ...]:
        return self._run.archive_ways or self._run.ways if self._run.backfill else self._run.ways

    async def _try(self, way: Way) -> runs.WayAttempt:
        last = runs.last_answer(self._run.db, self._run.name, way.name)
        since = None if self._run.backfill else self._run.since or (last[0] if last else None)
        walk = WalkState(
            stops_early=last is not None and not self._run.backfill and way.newest_first and not way.lists_all,
            most=None if self._run.backfill else FIRST_LISTED if since is None else SINCE_LISTED,
            remembers=partial(self._was_passed, way) if self._run.backfill else None,
        )
        if failed := await self._followed(way, walk, self._to_its_news(way, walk, since)):
            return failed
        if walk.unchanged and walk.newest is None:
            walk.newest = runs.last_newest(self._run.db, self._run.name, way.name)
        if not self._run.backfill:
            self._record_poll(walk)
        silence = self._silence(walk)
        return self._attempt(way, walk, "silent" if silence else "answered", silence or walk.in_part)

    async def _followed(self, way: Way, walk: WalkState, work: Awaitable[None]) -> runs.WayAttempt | None:
        """Follow a way, and return how it failed; None if it did not."""
        try:
            await work
        except WayBlocked as error:
            return self._attempt(way, walk, "blocked", str(error))
        except DiscoveryError as error:
            return self._attempt(way, walk, "failed", str(error))
        except Exception as error:  # noqa: BLE001 - a bug met on an odd answer: try the next way
            _log.exception("%s: the way %s failed", self._run.name, way.name)
            return self._attempt(way, walk, "failed", f"{type(error).__name__}: {error}"[:300])
        return None

    async def _to_its_news(self, way: Way, walk: WalkState, since: str | None) -> None:
        """List what is new by a way, and suspect what it lists no more."""
        await self._go(way, walk, since)
        if isinstance(way, WordPressApi):
            await self._look_for_removed_posts(way, walk)
        else:
            self._suspect_unlisted(way, walk)

    def _record_poll(self, walk: WalkState) -> None:
        poll = self._outlet.poll
        with transaction(self._run.db) as db:
            record_poll(db, self._run.name, walk.listed, walk.new, poll.min_minutes, poll.max_minutes, now())

    def _was_passed(self, way: Way, url: str) -> bool:
        return discovery_pages.was_passed(self._run.db, self._run.name, way.name, url, self._rules)

    async def _go(self, way: Way, walk: WalkState, since: str | None) -> None:
        sees_changes = isinstance(way, WordPressApi)
        window = self._run.since or (since if sees_changes else None)
        async for batch in way.walk(self.fetch, self._outlet.home, window, walk):
            walk.fresh = self._list(way, batch, walk)
            if walk.full():
                walk.whole = False
                break
        if walk.foreign == walk.listed >= (MIN_CHANGES if window and sees_changes else 1):
            raise DiscoveryError(
                f"none of the {walk.listed} addresses listed is an article of the outlet: {walk.first_foreign}"
            )

    def _list(self, way: Way, batch: Batch, walk: WalkState) -> int:
        walk.add(batch)
        if batch.skipped:
            self._run.count("entries_skipped", len(batch.skipped))
            _log.warning(
                "%s: %d entries of %s skipped: %s", self._run.name, len(batch.skipped), way.name, batch.skipped[0]
            )
        for kind in batch.passed_over:
            self._run.count(kind)
        if batch.unread:
            self._run.count("lists_unread", len(batch.unread))
        at = utc_stamp()
        fresh = 0
        new: list[Listed] = []
        with transaction(self._run.db) as db:
            for listed in batch.listed:
                url = self._wanted(way, listed)
                if url is None:
                    self._run.count("not_listed")
                    walk.foreign += 1
                    walk.first_foreign = walk.first_foreign or listed.url[:200]
                    continue
                if url in walk.urls:
                    continue
                if not self._run.backfill:  # a backfill keeps no addresses in memory
                    walk.urls.add(url)
                identity = identity_of(url, self._outlet)
                outcome = addresses.list_address(db, self._run.name, way.name, url, listed, identity, at)
                if outcome in ("new", "changed"):
                    fresh += 1
                    self._accept(listed, url, at)
                if outcome == "new":
                    new.append(listed)
            walk.new += len(new)
            self._note_source(way, batch, new, at)
            runs.save_counts(db, self._run.context.run_id, self._run.context.counts)
        return fresh

    def _accept(self, listed: Listed, url: str, at: str) -> None:
        """Count an address as discovered, or refuse it if it concerns a region that we don't follow for this outlet."""
        if concerns(listed, self._outlet):
            self._run.count("discovered")
            return
        self._run.count("elsewhere")
        reason = "names no place of the region in its title, lead or address"
        addresses.set_status(self._run.db, self._run.name, url, "refused", reason, self._run.rules, at)

    def _note_source(self, way: Way, batch: Batch, new: list[Listed], at: str) -> None:
        """Remember the response state of the batch's page, now that the addresses it lists are stored."""
        db = self._run.db
        for source in (batch.source, *batch.covers) if self._run.backfill and batch.source else ():
            discovery_pages.pass_by(db, self._run.name, way.name, source, self._rules, at)
        state = self._answers.pop(batch.source, None)
        if state is not None and batch.opening:
            discovery_pages.remember(db, self._run.name, batch.source, judged(state, new), self._rules)

    def _wanted(self, way: Way, listed: Listed) -> str | None:
        """Return the canonical address of a listed entry, or None if it is not an article of this outlet.

        Feeds and REST interfaces list articles only; sitemaps and listing pages list other pages too.
        """
        if not is_on(listed.url, self._outlet):
            return None
        url = canonical_address(listed.url, keep_query=self._outlet.keep_query)
        if way.name not in ("sitemap", "listing"):
            return url
        return url if self._outlet.identify(url) is not None and not _FILE.search(urlsplit(url).path) else None

    async def _look_for_removed_posts(self, way: WordPressApi, walk: WalkState) -> None:
        """If the number of posts differs from what we expect, find posts that are gone and posts that we missed.

        A post that appears today with last week's dates, for example after late approval, is in no list of changes.
        """
        census = await way.census(self.fetch, self._outlet.home)
        walk.add(Batch(census.listed))
        walk.total = census.total
        last = runs.last_answer(self._run.db, self._run.name, way.name)
        if census.total is None or last is None or last[1] is None or census.total == last[1] + walk.new:
            return
        missing = max(0, census.total - last[1] - walk.new)
        still_there: set[str] = set()
        since = earlier(last[0], days=OVERLAP_DAYS)
        async for batch in way.identities(self.fetch, self._outlet.home):
            urls = [canonical_address(listed.url, keep_query=self._outlet.keep_query) for listed in batch.listed]
            known = addresses.known_among(self._run.db, self._run.name, urls)
            late = [one for one, url in zip(batch.listed, urls, strict=True) if url not in known]
            if len(late) > missing:  # these are not late but old: a first crawl leaves them out
                late = []
            missing -= len(late)
            recent = [one for one in batch.listed if one.published and one.published >= since]
            self._list(way, replace(batch, listed=tuple(dict.fromkeys((*recent, *late)))), walk)
            still_there.update(urls)
        self._ask_again(url for url in self._unlisted(way, None) if url not in still_there)

    def _suspect_unlisted(self, way: Way, walk: WalkState) -> None:
        """Schedule visits to articles that this way listed before and no longer lists for the same period."""
        if walk.gaps or walk.unread:
            return
        if way.lists_all and walk.whole:
            self._ask_again(self._unlisted(way, None))
        elif walk.covered_since:
            self._ask_again(self._unlisted(way, walk.covered_since))

    def _unlisted(self, way: Way, published_since: str | None) -> list[str]:
        return list(
            addresses.suspect_unlisted(
                self._run.db, self._run.name, way.name, self._run.context.started_at, published_since
            )
        )

    def _ask_again(self, urls: Iterable[str]) -> None:
        at = utc_stamp()
        with transaction(self._run.db) as db:
            for url in urls:
                addresses.ask_again(db, self._run.name, url, "no longer listed", at)

    def _silence(self, walk: WalkState) -> str | None:
        greatest = self._outlet.expected.max_silence_days
        if walk.newest is None or walk.newest >= earlier(utc_stamp(), days=greatest):
            return None
        return f"the newest item is from {walk.newest[:10]}, more than {greatest} days ago"

    def _attempt(self, way: Way, walk: WalkState, outcome: str, reason: str | None) -> runs.WayAttempt:
        return runs.WayAttempt(way.name, self._outlet.home, outcome, walk.listed, reason, walk.newest, walk.total)

    def _record(self, attempt: runs.WayAttempt) -> None:
        with transaction(self._run.db) as db:
            runs.record_way(db, self._run.context.run_id, self._run.name, attempt, utc_stamp())
        if attempt.outcome != "answered":
            self._run.count(f"way_{attempt.outcome}")

    async def fetch(self, url: str, kind: CaptureKind) -> Fetched:
        """Fetch through Scrapy's downloader, so that robots.txt, retries, throttling and evidence capture apply.

        Raises `DiscoveryError` if there is no answer, `WayBlocked` if we are blocked.
        """
        known = self._known(url, kind)
        request = Request(url, headers=known.conditions(), meta=dict(RequestMeta(kind=kind)), dont_filter=True)
        response, headers = await self._answer(request)
        answer = known.after(response.status, headers, response.body, utc_stamp())
        if kind in REMEMBERED and answer.state:
            self._answers[url] = answer.state
        encoding = response.encoding if isinstance(response, TextResponse) else None
        capture_id = meta_of(response).get("capture_id")
        body = response.body
        apart = partial(self._parsed_apart, kind) if kind in PARSED_APART and len(body) > LARGE else None
        if apart is None:
            body, cut = bounded(body, kind)
            self._count_cut(cut)
        return Fetched(
            response.url,
            response.status,
            headers,
            body,
            encoding,
            answer.unchanged,
            capture_id,
            self._outlet.timezone,
            meta_of(response).get("fetched_at"),
            apart,
        )

    async def _parsed_apart(self, kind: CaptureKind, parse: Callable[[Fetched], Any], answer: Fetched) -> Any:
        """Parse a large answer in a reading process. Raises `DiscoveryError` if that exceeds a limit."""
        try:
            found, cut = await self._run.readers.parsed(parse, answer, kind)
        except PageTooHeavy as error:
            self._run.count("too_heavy")
            raise DiscoveryError(f"too heavy to read: {error}") from error
        except ReadersLost as error:
            raise DiscoveryError(f"can't be read: {error}") from error
        self._count_cut(cut)
        return found

    def _count_cut(self, cut: Iterable[str]) -> None:
        for name in cut:
            self._run.count(f"cut:{name}")

    async def _answer(self, request: Request) -> tuple[Response, dict[str, str]]:
        """Return the first answer that is not a block, over the outlet's routes; header names in lower case.

        Raises `WayBlocked`, `SiteUnreachable`, `DiscoveryError`.
        """
        try:
            response = await self._download(request)
        except AskedToWait as error:
            raise WayBlocked(str(error)) from error
        except NETWORK_ERRORS as error:
            further = next_route(request, self._run.routes)
            if further is not None:
                return await self._answer(further)
            if isinstance(error, HostUnreachable):
                raise SiteUnreachable(str(error)) from error
            raise DiscoveryError(f"{type(error).__name__}: {error}") from error
        except IgnoreRequest as error:
            raise DiscoveryError(str(error) or "refused") from error
        except Exception as error:  # any error of the downloader: DNS, TLS, timeouts, broken transfers
            raise DiscoveryError(f"{type(error).__name__}: {error}") from error
        headers = headers_of(response)
        blocked = blocked_by(response.status, headers, response.body)
        if not blocked:
            return response, headers
        further = next_route(request, self._run.routes)
        if further is None:
            raise WayBlocked(blocked)
        return await self._answer(further)

    def _known(self, url: str, kind: CaptureKind) -> EarlierAnswer:
        """Return a page's previous answer; with `--backfill` or `--since` every page is read in full."""
        if kind not in REMEMBERED or self._run.backfill or self._run.since:
            return EarlierAnswer()
        return EarlierAnswer(discovery_pages.recall(self._run.db, self._run.name, url, self._rules))
