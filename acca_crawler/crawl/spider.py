"""The one Scrapy spider behind every outlet: discover, write down what is to be fetched, fetch it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response, TextResponse

from acca_crawler.clock import now, utc_stamp
from acca_crawler.crawl.census import CensusRun
from acca_crawler.crawl.discovery import DiscoveryRun
from acca_crawler.crawl.extensions import context_of
from acca_crawler.crawl.fetching.middlewares import AskedToWait
from acca_crawler.crawl.fetching.mirrors import MirrorCheck
from acca_crawler.crawl.fetching.routes import climb, ladder, route_of
from acca_crawler.crawl.run import CrawlContext
from acca_crawler.dedup.address import canonical_address
from acca_crawler.discovery import Way
from acca_crawler.extract.block_pages import blocked_by
from acca_crawler.ingest.payload import charset_of
from acca_crawler.ingest.recrawl import after_visit
from acca_crawler.items import Page
from acca_crawler.outlets import EDITIONS, Outlet
from storage.articles import visits
from storage.articles.write import by_url
from storage.evidence.captures import CaptureError
from storage.ledger import addresses
from storage.schema.database import transaction

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

AT_ONCE = 50
"""Requests handed to Scrapy's scheduler at a time: the rest waits in the archive, not in memory."""

MAX_BLOCKED = 3
MAX_FAILED = 10
"""So many blocks or failures in a row end an outlet's run: the site is not to be hammered."""

GONE_STATUSES = frozenset({404, 410})

HANDLED_STATUSES = [304, *range(400, 600)]
"""Answers that reach `parse_article`; redirects are followed before."""


class OutletSpider(Spider):
    """Base of every outlet's spider. Subclasses declare `name`, `outlet` and, over their family's, `ways`."""

    family: ClassVar[str] = ""
    outlet: Outlet
    ways: tuple[Way, ...] = ()
    proxy: ClassVar[str | None] = None
    archive_ways: ClassVar[tuple[Way, ...]] = ()
    """Ways back to the oldest article where the daily ones do not lead there."""

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
        self.allowed_domains = [*self.outlet.hosts, *(host.partition(":")[0] for host in self.outlet.mirrors)]
        self.rungs = ladder(self.outlet, self.proxy)
        self.mirror_check = MirrorCheck(self, HANDLED_STATUSES)
        self.answered_way: str | None = None
        self._discovery_message: str | None = None
        self._unwritable: str | None = None
        self.wait_until: str | None = None
        """Until when a host asked us to stay away (a stamp), if one did."""
        self._blocked_in_a_row = 0
        self._failed_in_a_row = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """As Scrapy's, with `-a since=`, `-a limit=`, `-a backfill=` and `-a census=`."""
        return super().from_crawler(crawler, *args, **kwargs)

    @property
    def context(self) -> CrawlContext:
        """The run that this spider works for."""
        return context_of(self.crawler)

    async def start(self) -> AsyncIterator[Request]:
        """Discover first, then fetch whatever the archive says is still to be fetched; a census fetches nothing."""
        if self.census:
            self.answered_way, self._discovery_message = await CensusRun(self, since=None, backfill=False).run()
            return
        discovery = DiscoveryRun(self, since=self.since, backfill=self.backfill)
        self.answered_way, self._discovery_message = await discovery.run()
        self._ask_for_due_visits()
        left = self.limit
        after = 0
        while batch := addresses.pending(self.context.db, self.name, min(AT_ONCE, left or AT_ONCE), after):
            for pending in batch:
                yield self._article_request(pending)
            after = batch[-1].id
            if left is not None:
                left -= len(batch)
                if left <= 0:
                    return
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    def _ask_for_due_visits(self) -> None:
        at = utc_stamp()
        with transaction(self.context.db) as db:
            for url in visits.due(db, self.name, at, limit=1000):
                addresses.ask_again(db, self.name, url, "visit due", at)

    def _article_request(self, pending: addresses.Pending) -> Request:
        headers = {}
        if pending.etag:
            headers["If-None-Match"] = pending.etag
        if pending.last_modified:
            headers["If-Modified-Since"] = pending.last_modified
        return Request(
            pending.listed.url,
            callback=self.parse_article,
            errback=self.article_failed,
            headers=headers,
            cb_kwargs={"pending": pending},
            meta={
                "kind": "article",
                "route": route_of(pending.listed.url, self.outlet),
                "handle_httpstatus_list": HANDLED_STATUSES,
            },
            dont_filter=True,
        )

    def check(self, response: Response) -> None:
        """What `scrapy check` calls; the contract does the work.

        @outlet tests/fixtures/outlets
        """

    def parse_article(self, response: Response, pending: addresses.Pending) -> Any:
        """Sort an answer: an article, unchanged, gone, blocked, failed, or no article at all."""
        headers = {name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
                   for name, values in response.headers.items()}  # fmt: skip
        blocked = blocked_by(response.status, headers, response.body)
        if blocked:
            return self._climb(response, pending, blocked)
        self._blocked_in_a_row = 0
        if response.status == 304:
            return self._unchanged(pending, response)
        if response.status in GONE_STATUSES:
            return self.found_gone(pending.url, f"HTTP {response.status}", response.meta.get("capture_id"))
        if response.status != 200:
            return self._failed(pending, f"HTTP {response.status}", response)
        self._failed_in_a_row = 0
        self.context.count(self.name, "fetched")
        if self._led_home(response, pending):
            return self.found_gone(pending.url, "redirected to the front page", response.meta.get("capture_id"))
        if not isinstance(response, TextResponse) or not response.body.strip():
            reason = f"not a page but {headers.get('content-type', 'nothing')}"
            return self.found_no_article(pending.url, reason, response.meta.get("capture_id"))
        page = Page(
            url=response.url,
            requested_url=pending.url,
            html=response.body,
            encoding=charset_of(headers.get("content-type", "")),
            listed=pending.listed,
            capture_id=response.meta.get("capture_id"),
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            fetched_at=response.meta.get("fetched_at"),
        )
        twin = self.mirror_check.twin_request(page, response, pending)
        return [page, twin] if twin else page

    def article_failed(self, failure: Failure) -> None:
        """An article's request that got no answer: refused by rule, timed out, broken off."""
        pending: addresses.Pending = failure.request.cb_kwargs["pending"]  # type: ignore[attr-defined]
        if isinstance(failure.value, AskedToWait):
            raise CloseSpider("patience")  # what waits stays pending
        if isinstance(failure.value, IgnoreRequest):
            self._set_status(pending.url, "refused", str(failure.value))
            self.context.count(self.name, "refused")
            return
        if isinstance(failure.value, CaptureError):
            self._unwritable = str(failure.value)
            raise CloseSpider("disk")
        name = type(failure.value).__name__
        self._failed(pending, f"{name}: {failure.getErrorMessage()}"[:300], None)

    def _led_home(self, response: Response, pending: addresses.Pending) -> bool:
        home, reached = urlsplit(self.outlet.home), urlsplit(response.url)
        at_home = reached.path.rstrip("/") in ("", home.path.rstrip("/")) and not reached.query
        edition = reached.path.strip("/") in EDITIONS and not reached.query
        return (at_home or edition) and canonical_address(response.url) != pending.url

    def _climb(self, response: Response, pending: addresses.Pending, reason: str) -> Request | Page | None:
        """Behind a block: the text that REST or the feed gave, else the next rung, else the outlet's block."""
        if pending.listed.body_html and pending.article_id is None:
            self.context.count(self.name, f"read_by_{pending.listed.way}")
            listed = pending.listed
            return Page(listed.url, b"", requested_url=pending.url, listed=listed, capture_id=listed.capture_id)
        assert response.request is not None
        further = climb(response.request, self.rungs)
        if further is None:
            self._blocked(pending, reason, response)
        return further

    def _blocked(self, pending: addresses.Pending, reason: str, response: Response) -> None:
        self.context.count(self.name, "blocked")
        self._set_status(pending.url, "blocked", reason)
        self._visit(pending.url, "blocked", reason, response.meta.get("capture_id"))
        self._blocked_in_a_row += 1
        if self._blocked_in_a_row >= MAX_BLOCKED:
            raise CloseSpider("blocked")

    def _failed(self, pending: addresses.Pending, reason: str, response: Response | None) -> None:
        self.context.count(self.name, "failed")
        self._set_status(pending.url, "failed", reason)
        capture_id = response.meta.get("capture_id") if response is not None else None
        self._visit(pending.url, "failed", reason, capture_id)
        self._failed_in_a_row += 1
        if self._failed_in_a_row >= MAX_FAILED:
            raise CloseSpider("failing")

    def found_no_article(self, url: str, reason: str, capture_id: int | None) -> None:
        """What was fetched from an address holds no article. Of one that we hold, that is a failed visit."""
        self.context.count(self.name, "not_article")
        held = self._visit(url, "failed", reason, capture_id) is not None
        self._set_status(url, "failed" if held else "not_article", reason)

    def found_unreadable(self, url: str, reason: str, capture_id: int | None) -> None:
        """Our own code failed on a page: it is tried again, and its capture waits for a release that can read it."""
        self.logger.exception("could not be read: %s", url)
        self.context.count(self.name, "failed")
        self._visit(url, "failed", f"could not be read: {reason}", capture_id)
        self._set_status(url, "failed", f"could not be read: {reason}")

    def found_gone(self, url: str, reason: str, capture_id: int | None) -> None:
        """An address says that its article is gone: missing, and removed only after a day of such answers."""
        became = self._visit(url, "gone", reason, capture_id)
        status = "removed" if became == "removed" else "missing"
        self.context.count(self.name, status)
        self._set_status(url, status, reason)

    def _unchanged(self, pending: addresses.Pending, response: Response) -> None:
        self.context.count(self.name, "fetched")
        self.context.count(self.name, "unchanged")
        self._set_status(pending.url, "stored", None)
        self._visit(pending.url, "unchanged", "HTTP 304", response.meta.get("capture_id"))

    def _visit(self, url: str, outcome: str, reason: str, capture_id: int | None) -> str | None:
        """Keep a visit to the article that stands under an address.

        Returns what it became (`missing`, `removed`, `reappeared`), `seen` for neither, None where we hold none.
        """
        held = by_url(self.context.db, self.name, url)
        if held is None:
            return None
        visit = visits.Visit(outcome, reason, capture_id)
        with transaction(self.context.db) as db:
            due = after_visit(held, outcome, now())
            return visits.record_visit(db, held, visit, self.context.run_id, due, utc_stamp()) or "seen"

    def _set_status(self, url: str, status: str, reason: str | None) -> None:
        with transaction(self.context.db) as db:
            addresses.set_status(db, self.name, url, status, reason[:300] if reason else None, utc_stamp())

    def verdict(self, reason: str) -> tuple[str, str | None]:
        """How the run ended for this outlet, for the ledger: ok, blocked, failed or killed, and why."""
        counts = self.context.counts.of(self.name)
        if reason == "shutdown":
            return "killed", "stopped by a signal"
        if reason == "disk":
            return "failed", f"the archive can't be written to: {self._unwritable}"
        if reason == "blocked":
            return "blocked", f"{MAX_BLOCKED} answers in a row were blocks; the rest waits for the next run"
        if reason == "patience":
            return "blocked", f"a host asks us to wait until {self.wait_until}; the rest waits until then"
        if reason == "failing":
            return "failed", f"{MAX_FAILED} requests in a row failed; the rest waits for the next run"
        if self.answered_way is None:
            blocked = bool(self._discovery_message and "blocked" in self._discovery_message)
            return "blocked" if blocked else "failed", self._discovery_message or f"ended: {reason}"
        if counts.get("failed") and not counts.get("fetched"):
            return "failed", "every article request failed"
        return "ok", self._discovery_message
