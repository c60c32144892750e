"""Base spider of every outlet: discovers addresses, saves them as pending, fetches them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response, TextResponse

from acca_crawler.clock import earlier, utc_stamp
from acca_crawler.crawl.archiving import ArchiveRecorder
from acca_crawler.crawl.budget import FOR_DISCOVERY, Budget
from acca_crawler.crawl.census import CensusRun
from acca_crawler.crawl.discovery import DiscoveryRun
from acca_crawler.crawl.errors import AskedToWait, BudgetSpent, HostUnreachable
from acca_crawler.crawl.fetching.headers import headers_of
from acca_crawler.crawl.fetching.mirrors import MirrorCheck
from acca_crawler.crawl.fetching.rendering import browser_settings
from acca_crawler.crawl.fetching.routes import fallback_routes, next_route, route_of
from acca_crawler.crawl.fetching.unreachable import NETWORK_ERRORS
from acca_crawler.crawl.recording import FetchOutcome
from acca_crawler.crawl.request_meta import HANDLED_STATUSES, RequestMeta, meta_of
from acca_crawler.crawl.run import MAX_BLOCKED, MAX_FAILED, MAX_HEAVY, CrawlContext, OutletRun, outlet_run_of
from acca_crawler.dedup.address import canonical_address, host_key
from acca_crawler.discovery import Way
from acca_crawler.extract.block_pages import blocked_by
from acca_crawler.ingest.payload import charset_of, unpacked
from acca_crawler.ingest.recrawl import OTHER_DAYS
from acca_crawler.items import Page
from acca_crawler.outlets import EDITIONS, Outlet
from storage.articles import visits
from storage.exceptions import CaptureError
from storage.ledger import addresses
from storage.schema.database import transaction

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

AT_ONCE = 50
"""Requests handed to Scrapy's scheduler at a time; the rest stay in the archive, not in memory."""

GONE_STATUSES = frozenset({404, 410})
PROPER_STATUSES = GONE_STATUSES | {200, 304}
"""Answers after which the requests that failed before are no longer failures in a row."""


class OutletSpider(Spider):
    """Base of every outlet's spider. Subclasses declare `name`, `outlet` and, to override their family's, `ways`."""

    family: ClassVar[str] = ""
    outlet: Outlet
    ways: tuple[Way, ...] = ()
    proxy: ClassVar[str | None] = None
    archive_ways: ClassVar[tuple[Way, ...]] = ()
    """Ways that reach the oldest articles, for outlets whose daily ways do not."""
    reads_listed: ClassVar[bool] = False
    """Whether the ways list articles in full, so that only later visits ask for an article's own page."""

    def __init__(
        self,
        since: str | None = None,
        limit: str | None = None,
        backfill: str | None = None,
        census: str | None = None,
    ) -> None:
        super().__init__()
        self.since = since
        self.limit = int(limit) if limit else None
        self.backfill = bool(backfill)
        self.census = bool(census)
        own = (host_key(name.partition(":")[0]) for name in (*self.outlet.hosts, *self.outlet.mirrors))
        self.allowed_domains = list(own)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Create the spider as Scrapy does, with `-a since=`, `-a limit=`, `-a backfill=` and `-a census=`."""
        return super().from_crawler(crawler, *args, **kwargs)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Set the spider's settings as Scrapy does, and those for a browser if the outlet needs one."""
        super().update_settings(settings)
        if cls.outlet.render == "browser":
            settings.update(browser_settings(), priority="spider")

    def part_in(self, context: CrawlContext) -> OutletRun:
        """Return this outlet's part in a run, with the options of the command line."""
        run = OutletRun(
            context,
            self.name,
            self.outlet,
            Budget(context.outlet_minutes, 1.0 if self.census else FOR_DISCOVERY),
            ways=self.ways,
            archive_ways=self.archive_ways,
            routes=fallback_routes(self.outlet, self.proxy),
            since=self.since,
            limit=self.limit,
            backfill=self.backfill,
        )
        run.recorder = ArchiveRecorder(run)
        return run

    @classmethod
    def adapted(cls, outlet: Outlet) -> Outlet:
        """Return a declaration with what its family derives from its home; the family may override this."""
        return outlet

    def page_address(self, url: str) -> str:
        """Return the address to request for an article; the family may override this."""
        return url

    def article_address(self, url: str) -> str:
        """Return the article's address for one that a page came from: the inverse of `page_address`."""
        return url

    async def start(self) -> AsyncIterator[Request]:
        """Discover first, then fetch all pending addresses; a census fetches none."""
        run = self.begin()
        workers = run.context.workers
        if workers is not None:
            await workers.hold(self.name)
        assert self.crawler.engine is not None
        download = self.crawler.engine.download_async
        discovery = CensusRun(run, download) if self.census else DiscoveryRun(run, download)
        run.answered_way, run.discovery_message = await discovery.run()
        if self.census:
            return
        self._ask_for_due_visits()
        at = utc_stamp()
        seen_since = earlier(at, days=max(OTHER_DAYS))
        with transaction(run.db) as db:
            addresses.ask_refused_again(db, self.name, at, everywhere=self.outlet.concerns == "all")
            addresses.ask_again_by_rules(
                db, self.name, run.rules, listed_since=run.context.started_at, seen_since=seen_since, at=at
            )
        if workers is not None and not (self.outlet.mirrors or self.reads_listed):
            workers.release(self.name, self.present_delay)
            await workers.fetch(self, self._article_request)
            return
        async for request in self._pending_requests():
            yield request

    def begin(self) -> OutletRun:
        """Get the outlet's part in the run, before the first request."""
        self._run = outlet_run_of(self.crawler)
        self._mirror_check = MirrorCheck(self._run, HANDLED_STATUSES)
        return self._run

    @property
    def present_delay(self) -> float:
        """Seconds between two requests, as the site and its answers have set them so far."""
        assert self.crawler.engine is not None
        slots = self.crawler.engine.downloader.slots.values()
        return max((slot.delay for slot in slots), default=self.crawler.settings.getfloat("DOWNLOAD_DELAY"))

    async def _pending_requests(self) -> AsyncIterator[Request]:
        assert self.crawler.engine is not None
        left = self.limit
        after = 0
        while batch := addresses.pending(self._run.db, self.name, min(AT_ONCE, left or AT_ONCE), after):
            requested = False
            for pending in batch:
                if self.reads_listed and pending.listed.body_html:
                    await self.crawler.engine.scraper.start_itemproc_async(_listed_page(pending), response=None)
                else:
                    requested = True
                    yield self._article_request(pending)
            after = batch[-1].id
            if left is not None:
                left -= len(batch)
                if left <= 0:
                    return
            if (
                requested
            ):  # else nothing is under way, and the signal would come with Scrapy's next tick, every 5 seconds
                await self.crawler.signals.wait_for(signals.scheduler_empty)

    def _ask_for_due_visits(self) -> None:
        at = utc_stamp()
        with transaction(self._run.db) as db:
            for url in visits.due(db, self.name, at, limit=1000):
                addresses.ask_again(db, self.name, url, "visit due", at)

    def _article_request(self, pending: addresses.Pending) -> Request:
        headers = {}
        conditional = self.outlet.render != "browser"  # scripts may fetch another text into an unchanged page
        if pending.etag and conditional:
            headers["If-None-Match"] = pending.etag
        if pending.last_modified and conditional:
            headers["If-Modified-Since"] = pending.last_modified
        return Request(
            self.page_address(pending.listed.url),
            callback=self.parse_article,
            errback=self.article_failed,
            headers=headers,
            cb_kwargs={"pending": pending},
            meta=dict(
                RequestMeta(
                    kind="article",
                    route=route_of(pending.listed.url, self.outlet),
                    handle_httpstatus_list=HANDLED_STATUSES,
                )
            ),
            dont_filter=True,
        )

    def check(self, response: Response) -> None:
        """Method for `scrapy check`; the contract does the work.

        @outlet tests/fixtures/outlets
        """

    def parse_article(self, response: Response, pending: addresses.Pending) -> Any:
        """Classify an answer: an article, unchanged, gone, blocked, failed, or not an article.

        Raises `CloseSpider` if too many pages in a row were too heavy.
        """
        if self._run.heavy_in_a_row >= MAX_HEAVY:
            raise CloseSpider("heavy")  # this one stays pending
        headers = headers_of(response)
        capture_id: int | None = meta_of(response).get("capture_id")
        blocked = blocked_by(response.status, headers, response.body)
        if blocked:
            return self._behind_block(response, pending, blocked)
        self._run.blocked_in_a_row = 0
        if response.status not in PROPER_STATUSES:
            return self._failed(pending, f"HTTP {response.status}", capture_id)
        self._run.failed_in_a_row = 0
        if response.status == 304:
            return self._run.record(FetchOutcome("unchanged", pending.url, capture_id=capture_id))
        if response.status in GONE_STATUSES:
            return self._run.record(FetchOutcome("gone", pending.url, f"HTTP {response.status}", capture_id))
        self._run.count("fetched")
        if self._led_home(response, pending):
            reason = "redirected to the front page or a section"
            return self._run.record(FetchOutcome("gone", pending.url, reason, capture_id))
        if self._led_elsewhere(response, pending):
            reason = f"redirected to {response.url[:150]}, which is not an article's address"
            return self._run.record(FetchOutcome("other_page", pending.url, reason, capture_id))
        body = unpacked(response.body)
        if not body.strip():
            return self._run.record(FetchOutcome("other_page", pending.url, "a blank page", capture_id))
        if not isinstance(response, TextResponse) and body is response.body:
            reason = f"not a page but {headers.get('content-type', 'nothing')}"
            return self._run.record(FetchOutcome("no_article", pending.url, reason, capture_id))
        page = Page(
            url=self.article_address(response.url),
            requested_url=pending.url,
            html=body,
            encoding=charset_of(headers.get("content-type", "")),
            listed=pending.listed,
            capture_id=capture_id,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            fetched_at=meta_of(response).get("fetched_at"),
            route=meta_of(response).get("route", "origin"),
            known=pending.article_id is not None,
        )
        mirror_request = self._mirror_check.mirror_request(page, response, pending)
        return [page, mirror_request] if mirror_request else page

    def article_failed(self, failure: Failure) -> Request | None:
        """Handle an article request without an answer: refused by a rule, timed out, interrupted.

        If the network failed, returns the request for the outlet's next route. Raises `CloseSpider` if the site asked
        us to wait, the budget is spent, or the outlet's own host can't be reached by any route.
        """
        pending: addresses.Pending = failure.request.cb_kwargs["pending"]  # type: ignore[attr-defined]
        if isinstance(failure.value, AskedToWait):
            raise CloseSpider("patience")  # the rest stays pending
        if isinstance(failure.value, BudgetSpent):
            raise CloseSpider("budget")  # the rest stays pending for the next run
        if isinstance(failure.value, NETWORK_ERRORS):
            further = next_route(failure.request, self._run.routes)  # type: ignore[attr-defined]
            if further is not None:
                return further
        is_home = urlsplit(failure.request.url).netloc == urlsplit(self.outlet.home).netloc  # type: ignore[attr-defined]
        if isinstance(failure.value, HostUnreachable) and is_home:
            self._run.unreachable = str(failure.value)
            raise CloseSpider("unreachable")  # the rest stays pending
        if isinstance(failure.value, IgnoreRequest) and "max redirections" in str(failure.value):
            self._failed(pending, "redirects without an end; perhaps only with cookies an article", None)
            return None
        if isinstance(failure.value, IgnoreRequest) and not isinstance(failure.value, HostUnreachable):
            self._run.record(FetchOutcome("refused", pending.url, str(failure.value)))
            return None
        if isinstance(failure.value, CaptureError):
            self._run.write_error = str(failure.value)
            raise CloseSpider("disk")
        name = type(failure.value).__name__
        self._failed(pending, f"{name}: {failure.getErrorMessage()}"[:300], None)
        return None

    def _led_home(self, response: Response, pending: addresses.Pending) -> bool:
        home, reached = urlsplit(self.outlet.home), urlsplit(response.url)
        at_home = reached.path.rstrip("/") in ("", home.path.rstrip("/")) and not reached.query
        edition = reached.path.strip("/") in EDITIONS and not reached.query
        section = pending.url.startswith(f"{canonical_address(response.url)}/") and not self.outlet.identify(
            response.url
        )
        return (at_home or edition or section) and canonical_address(response.url) != pending.url

    def _led_elsewhere(self, response: Response, pending: addresses.Pending) -> bool:
        """Whether an article's address redirected to one that is not an article's."""
        return bool(self.outlet.identify(pending.url)) and not self.outlet.identify(canonical_address(response.url))

    def _behind_block(self, response: Response, pending: addresses.Pending, reason: str) -> Request | Page | None:
        """Handle a block: use the text from REST or the feed, else try the next route, else record the block."""
        if pending.listed.body_html and pending.article_id is None:
            self._run.count(f"read_by_{pending.listed.way}")
            return _listed_page(pending)
        assert response.request is not None
        further = next_route(response.request, self._run.routes)
        if further is None:
            self._run.record(FetchOutcome("blocked", pending.url, reason, meta_of(response).get("capture_id")))
            if self._run.blocked_in_a_row >= MAX_BLOCKED:
                raise CloseSpider("blocked")
        return further

    def _failed(self, pending: addresses.Pending, reason: str, capture_id: int | None) -> None:
        self._run.record(FetchOutcome("failed", pending.url, reason, capture_id))
        if self._run.failed_in_a_row >= MAX_FAILED:
            raise CloseSpider("failing")


def _listed_page(pending: addresses.Pending) -> Page:
    """Return the article as its way listed it, without its page."""
    listed = pending.listed
    known = pending.article_id is not None
    return Page(listed.url, b"", requested_url=pending.url, listed=listed, capture_id=listed.capture_id, known=known)
