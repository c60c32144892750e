"""Downloader middlewares: stay on the outlet's hosts, obey Retry-After, store every answer as evidence."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse
from scrapy.utils.python import to_unicode
from scrapy.utils.response import response_status_message

from acca_crawler.clock import now, precise_stamp, stamp
from acca_crawler.crawl.component import CrawlerComponent
from acca_crawler.crawl.errors import AskedToWait, BudgetSpent
from acca_crawler.crawl.fetching.resolver import is_private
from acca_crawler.crawl.request_meta import meta_of
from acca_crawler.crawl.run import OUTLET_RUN_SETTING, OutletRun, outlet_run_of
from acca_crawler.crawl.settings import OWN_HOSTS_SETTING
from acca_crawler.items import Capture, CaptureKind
from acca_crawler.retry_after import seconds_asked_for
from storage.evidence.captures import PACKED

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.http import Headers, Response
    from scrapy.settings import BaseSettings

MAX_WAIT = 300
"""Longest Retry-After (seconds) honoured in a run; a host that asks for more gets no further requests in this run."""

MAX_PATIENCE = 7 * 24 * 3600
"""Longest believable Retry-After (seconds); anything longer is cut to this."""


_REFRESH = re.compile(r"""0*+(?:\.\d*+)?\s*+[;,]\s*+(?:url\s*+=\s*+)?["']?([^\s"'][^"']*+)["']?""", re.IGNORECASE)

MAX_FORWARDING = 256 * 1024
"""Bytes of the largest page that is searched for a meta refresh."""

DISCOVERY: frozenset[CaptureKind] = frozenset({"rest", "feed", "sitemap", "listing", "posts", "other"})
"""Kinds of requests that belong to discovery."""


class OutletHostsMiddleware(OffsiteMiddleware):
    """Allows only requests to the outlet's hosts, redirects and retries included; private ones must be in acca.toml."""

    def request_scheduled(self, request: Request, spider: Spider) -> None:
        """Allow it: a request dropped here never reaches its errback, and its address would stay pending."""

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Check the host. Raises `IgnoreRequest` for hosts that are not the outlet's."""
        if request.url.startswith("data:"):  # needs no network
            return
        spider = self.crawler.spider
        assert spider is not None
        host = urlsplit(request.url).hostname or ""
        own: frozenset[str] = self.crawler.settings[OWN_HOSTS_SETTING]
        if not self.should_follow(request, spider) or (is_private(host) and host not in own):
            assert self.crawler.stats is not None
            self.crawler.stats.inc_value("offsite/filtered")
            raise IgnoreRequest(f"leads off the outlet's hosts, to {host}")


class BudgetMiddleware(CrawlerComponent):
    """Counts an outlet's requests and sends none once its budget for the run is spent."""

    def process_request(self, request: Request) -> None:
        """Count the request. Raises `BudgetSpent` when the budget is used up."""
        if request.url.startswith("data:"):  # needs no network
            return
        budget = outlet_run_of(self._crawler).budget
        if budget.spent or (meta_of(request).get("kind") in DISCOVERY and budget.spent_on_discovery):
            raise BudgetSpent(f"the outlet's share of this run is used up ({budget}); the rest waits for the next run")
        budget.requests += 1


class ForwardingMiddleware(MetaRefreshMiddleware):
    """Follows meta refreshes; if the page's base URL or charset is invalid, the page itself is used.

    A page that only forwards is small: a large one is not decoded here, since all outlets would wait.
    """

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the request for the refresh's target, else the answer."""
        if len(response.body) > MAX_FORWARDING or not isinstance(response, HtmlResponse):
            return response
        try:
            followed = super().process_response(request, response)
            target = (
                _loose_refresh(response) if followed is response and not meta_of(request).get("dont_redirect") else ""
            )
            if not target:
                return followed
            return self._redirect(self._redirect_request_using_get(request, response, target), request, "refresh")
        except (ValueError, LookupError):
            return response


def _loose_refresh(response: HtmlResponse) -> str:
    """Return the target of an immediate refresh that w3lib does not read, as browsers do; empty if there is none.

    That is one in the header Refresh, without "url=", or with a comma (HTML Living Standard, declarative refresh).
    """
    header = (response.headers.get(b"Refresh") or b"").decode("latin-1")
    for content in (header, *response.css("meta[http-equiv=refresh i]:not(noscript meta)::attr(content)").getall()):
        if match := _REFRESH.fullmatch(content.strip()):
            target = response.urljoin(match[1].strip())
            if target.startswith(("http://", "https://")) and target != response.url:
                return target
    return ""


class RetryAfterMiddleware(RetryMiddleware):
    """Scrapy's retry middleware, which also obeys Retry-After by raising the slot's delay."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._until: dict[str, str] = {}

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Raises `AskedToWait` for a host that asked for a wait longer than `MAX_WAIT`."""
        until = self._until.get(urlsplit(request.url).netloc)
        if until:
            raise AskedToWait(f"{urlsplit(request.url).netloc} asks us to wait until {until}")

    def process_response(self, request: Request, response: Response, spider: Spider | None = None) -> Any:
        """Retry as Scrapy does, but respect Retry-After; give up if the wait is longer than `MAX_WAIT`."""
        wait = seconds_asked_for((response.headers.get(b"Retry-After") or b"").decode("latin-1"))
        if response.status in self.retry_http_codes and wait is not None:
            if wait > MAX_WAIT:
                self._leave_alone(request, wait)
                return response
            self._slow_down(request, wait)
        elif response.status == 429:
            self._slow_down(request, None)
        if response.status in self.retry_http_codes and not meta_of(request).get("dont_retry"):
            return self._retry(request, response_status_message(response.status)) or response
        return response

    def _leave_alone(self, request: Request, wait: float) -> None:
        until = stamp(now() + timedelta(seconds=min(wait, MAX_PATIENCE)))
        self._until[urlsplit(request.url).netloc] = until
        run: OutletRun | None = self.crawler.settings[OUTLET_RUN_SETTING]  # None outside of a run
        if run is not None:
            run.wait(until)

    def _slow_down(self, request: Request, wait: float | None) -> None:
        slot = self.crawler.engine.downloader.slots.get(meta_of(request).get("download_slot", ""))
        if slot is not None:
            slower = min(max(1.0, slot.delay * 2), MAX_WAIT) if wait is None else wait
            slot.delay = max(slot.delay, slower)


class CaptureMiddleware(CrawlerComponent):
    """Stores every exchange as evidence, before decompression and redirects; puts capture ID and time into `meta`."""

    async def process_response(self, request: Request, response: Response) -> Response:
        """Store the answer and pass it on unchanged; a thread compresses a large one, so that no outlet waits."""
        if "cached" in response.flags or request.url.startswith("data:"):
            return response
        run = outlet_run_of(self._crawler)
        capture = _capture(request, response)
        meta = meta_of(request)
        packed = await asyncio.to_thread(run.recorder.pack, capture) if len(response.body) > PACKED else None
        meta["capture_id"] = run.recorder.capture(capture, packed)
        meta["fetched_at"] = capture.fetched_at
        return response


def _capture(request: Request, response: Response) -> Capture:
    robots = urlsplit(request.url).path == "/robots.txt"
    return Capture(
        url=request.url,
        kind="robots" if robots else meta_of(request).get("kind", "other"),
        fetched_at=precise_stamp(now()),
        status=response.status,
        reason=response_status_message(response.status).partition(" ")[2],
        request_method=request.method,
        request_headers=_headers(request.headers),
        response_headers=_headers(response.headers),
        payload=response.body,
        route=meta_of(request).get("route", "origin"),
        ip_address=str(response.ip_address) if response.ip_address else None,
    )


def _headers(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple((to_unicode(name), value.decode("latin-1")) for name, values in headers.items() for value in values)
