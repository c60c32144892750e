"""Compares mirrors with their origin: fetches the same article from both sides, if both answer."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.http import Response, TextResponse

from acca_crawler.clock import utc_stamp
from acca_crawler.crawl.fetching.headers import headers_of
from acca_crawler.crawl.request_meta import RequestMeta, meta_of
from acca_crawler.crawl.run import OutletRun
from acca_crawler.exceptions import PageTooHeavy, ReadersLost
from acca_crawler.extract.block_pages import blocked_by
from acca_crawler.ingest.payload import charset_of
from acca_crawler.items import Page
from storage.ledger.mirrors import MirrorComparison, held_route, record_comparison
from storage.schema.database import transaction

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from storage.ledger.addresses import Pending

COMPARED_IN_A_RUN = 3
"""Articles per outlet that a run fetches from both sides, besides archived articles that came from a mirror."""

MIRROR = "mirror:"

_log = logging.getLogger(__name__)


class MirrorCheck:
    """One outlet's comparisons in a run. Stops when a side does not answer, so as not to put load on it."""

    def __init__(self, run: OutletRun, statuses: list[int]) -> None:
        self._run = run
        self._statuses = statuses
        self._left = COMPARED_IN_A_RUN
        self._waiting = False

    def mirror_request(self, page: Page, response: Response, pending: Pending) -> Request | None:
        """Return the request for the same article on the other side, or None if no comparison is due."""
        mirrors, route = self._run.outlet.mirrors, meta_of(response).get("route", "origin")
        if not mirrors or self._left < 0 or (route.startswith(MIRROR) and meta_of(response).get("routes_tried")):
            return None  # this is the fallback route: the origin has just blocked us
        held = held_route(self._run.db, pending.article_id) if pending.article_id else None
        from_mirror = held is not None and held.startswith(MIRROR) and not route.startswith(MIRROR)
        if (self._left == 0 or self._waiting) and not from_mirror:
            return None
        self._left, self._waiting = max(0, self._left - 1), True
        if route.startswith(MIRROR):
            mirror, host, other_route = route.removeprefix(MIRROR), urlsplit(self._run.outlet.home).netloc, "origin"
        else:
            mirror = held.removeprefix(MIRROR) if held and from_mirror else mirrors[0]
            host, other_route = mirror, f"{MIRROR}{mirror}"
        return Request(
            urlunsplit(urlsplit(pending.listed.url)._replace(netloc=host)),
            callback=self.compare,
            errback=self.unanswered,
            cb_kwargs={"page": page, "mirror": mirror},
            meta=dict(RequestMeta(kind="article", route=other_route, handle_httpstatus_list=self._statuses)),
            dont_filter=True,
            priority=1,  # before the next article, so that both sides are fetched at about the same time
        )

    async def compare(self, response: Response, page: Page, mirror: str) -> None:
        """Record how far the two texts agree. A block or any status but 200 counts as no answer."""
        self._waiting = False
        headers = headers_of(response)
        blocked = blocked_by(response.status, headers, response.body)
        if blocked or response.status != 200 or not isinstance(response, TextResponse):
            self._give_up()
            return
        mirror_response = Page(response.url, response.body, encoding=charset_of(headers.get("content-type", "")))
        run = self._run
        try:
            agreement = await run.readers.agreement(page, mirror_response, run.outlet)
        except PageTooHeavy as error:
            _log.info("not compared: %s", error)
            run.count("too_heavy")
            return
        except ReadersLost as error:
            _log.info("not compared: %s", error)
            return
        comparison = MirrorComparison(
            outlet=run.name,
            url=page.requested_url,
            mirror=mirror,
            agreement=agreement,
            capture_id=page.capture_id,
            twin_capture_id=meta_of(response).get("capture_id"),
        )
        run.count("mirror_compared")
        with transaction(run.db) as db:
            record_comparison(db, run.context.run_id, comparison, utc_stamp())

    def unanswered(self, failure: Failure) -> None:
        """Handle a request to the other side that got no answer."""
        _log.info("not compared: %s", failure.getErrorMessage())
        self._give_up()

    def _give_up(self) -> None:
        self._run.count("mirror_unanswered")
        self._left = -1
