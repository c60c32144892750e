"""Pages as their scripts leave them, for outlets whose articles a browser puts together (`render = "browser"`).

Chromium renders the page that the crawl has fetched, and has no network of its own: what its scripts ask for is fetched
by the crawl, with its robots.txt, delays, routes, refusal of foreign and private hosts, and captures. The result is a
capture too. scrapy-playwright (the extra `browser`) drives Chromium.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import NotSupported
from scrapy.http import Response, TextResponse

from acca_crawler.crawl.chromium import NO_NETWORK, chromium, may_use_sandbox
from acca_crawler.crawl.errors import AskedToWait, BudgetSpent
from acca_crawler.crawl.fetching.headers import headers_of
from acca_crawler.crawl.fetching.proxied import ProxyDownloadHandler
from acca_crawler.crawl.request_meta import HANDLED_STATUSES, RequestMeta, meta_of
from acca_crawler.crawl.run import OutletRun
from acca_crawler.exceptions import NotReadNow
from acca_crawler.ingest.payload import unpacked
from acca_crawler.items import Page
from storage.evidence.sources import RENDERED_ROUTE
from storage.exceptions import CaptureError

if TYPE_CHECKING:
    from playwright.async_api import Page as Tab
    from playwright.async_api import Route
    from scrapy.crawler import Crawler
    from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

_log = logging.getLogger(__name__)

MAX_REQUESTS = 60
"""Requests that the scripts of one page may make."""

LOAD_SECONDS = 60
"""Seconds until the page and its scripts must have loaded."""

SETTLE_SECONDS = 15
"""Seconds after that for what the scripts still ask for."""

VIEWPORT = {"width": 1280, "height": 3000}
ASKED_FOR = frozenset({"script", "xhr", "fetch"})
"""What is fetched for a page; images, styles and frames add nothing to its text."""

Download = Callable[[Request], Awaitable[Response]]


class BrowserMeta(TypedDict):
    """The keys of `Request.meta` that scrapy-playwright uses."""

    playwright: bool
    playwright_context_kwargs: dict[str, object]
    playwright_page_init_callback: Callable[[Tab, Request], Awaitable[None]]
    playwright_page_methods: list[Any]


def browser_settings() -> dict[str, object]:
    """Return the Scrapy settings of an outlet whose pages are rendered."""
    arguments = [
        "--disable-gpu", *NO_NETWORK,
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        # A proxy that does not exist: nothing leaves this machine but by the crawl.
        "--proxy-server=http://127.0.0.1:1", "--proxy-bypass-list=<-loopback>",
    ]  # fmt: skip
    program = chromium()
    launch = {"args": arguments, "chromium_sandbox": may_use_sandbox()}
    return {
        "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), f"{__name__}.{BrowserDownloadHandler.__name__}"),
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch | ({"executable_path": program} if program else {}),
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": LOAD_SECONDS * 1000,
    }


class BrowserDownloadHandler(BaseDownloadHandler):
    """Renders the requests marked for it with scrapy-playwright, and sends all others as usual."""

    _browsers: ClassVar[WeakKeyDictionary[Crawler, ScrapyPlaywrightDownloadHandler]] = WeakKeyDictionary()

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._usual = ProxyDownloadHandler(crawler)
        with suppress(ImportError):  # `render_page` says so
            from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

            if crawler not in self._browsers:  # one for both schemes
                self._browsers[crawler] = ScrapyPlaywrightDownloadHandler(crawler)

    async def download_request(self, request: Request) -> Response:
        """Errors come from the handlers."""
        if not request.meta.get("playwright"):
            return await self._usual.download_request(request)
        response: Response = await self._browsers[self.crawler].download_request(request)
        return response

    async def close(self) -> None:
        """Close the handlers; the browser's once."""
        await self._usual.close()
        browser = self._browsers.pop(self.crawler, None)
        if browser is not None:
            await browser.close()


async def render_page(run: OutletRun, download: Download, page: Page) -> Page:
    """Return the page after its scripts have run, with a capture of that; as it was if that fails, which is counted.

    Raises `NotReadNow` if the outlet's share of the run is used up or the archive can't be written to.
    """
    rendering = _Rendering(run, download, page)
    try:
        response = await download(rendering.request())
    except (AskedToWait, BudgetSpent, CaptureError) as error:
        raise NotReadNow(str(error)) from error
    except Exception as error:  # noqa: BLE001 - any error of Chromium or its driver, which is an extra
        run.count("render_failed")
        _log.warning("%s: %s was not rendered: %s: %s", run.name, page.url, type(error).__name__, str(error)[:300])
        return page
    run.count("rendered")
    capture_id = meta_of(response).get("capture_id")
    if rendering.picture is not None and capture_id is not None:
        run.context.keep_picture(capture_id, rendering.picture)
    encoding = response.encoding if isinstance(response, TextResponse) else page.encoding
    return replace(page, html=response.body, encoding=encoding, capture_id=capture_id)


class _Rendering:
    """One page in the browser: what Chromium is given, and a picture if the run takes some."""

    def __init__(self, run: OutletRun, download: Download, page: Page) -> None:
        self._run, self._download, self._page = run, download, page
        self._requests = 0
        self._given = False
        self.picture: bytes | None = None

    def request(self) -> Request:
        """Return the request that has the page rendered, in a slot of its own: scripts' requests use the outlet's."""
        try:
            from scrapy_playwright.page import PageMethod
        except ImportError as error:
            raise NotSupported("rendering needs the extra: pip install 'acca-crawler[browser]'") from error
        meta = RequestMeta(
            kind="article", route=RENDERED_ROUTE, download_slot="browser", dont_retry=True,
            handle_httpstatus_list=HANDLED_STATUSES,
        )  # fmt: skip
        browser = BrowserMeta(
            playwright=True,
            playwright_context_kwargs={"service_workers": "block", "viewport": VIEWPORT, "accept_downloads": False},
            playwright_page_init_callback=self._prepare,
            playwright_page_methods=[PageMethod(self._finish)],
        )
        return Request(self._page.url, meta={**meta, **browser, "dont_redirect": True}, dont_filter=True)

    async def _prepare(self, tab: Tab, _: Request) -> None:
        await tab.route("**", self._answer)

    async def _answer(self, route: Route) -> None:
        """Answer a request of Chromium: the page itself, what its scripts may have, or nothing."""
        asked = route.request
        if asked.is_navigation_request() and not self._given:
            self._given = True
            kind = f"text/html; charset={self._page.encoding}" if self._page.encoding else "text/html"
            await route.fulfill(status=200, content_type=kind, body=self._page.html)
            return
        self._requests += 1
        wanted = asked.resource_type in ASKED_FOR and asked.method == "GET" and not asked.is_navigation_request()
        response = await self._fetched(asked.url) if wanted and self._requests <= MAX_REQUESTS else None
        if response is None:
            self._run.count("render_refused")
            await route.abort()
            return
        kind = headers_of(response).get("content-type", "text/plain")
        headers = {"content-type": kind, "access-control-allow-origin": "*"}
        await route.fulfill(status=response.status, headers=headers, body=unpacked(response.body))

    async def _fetched(self, url: str) -> Response | None:
        """Fetch what a script asks for by the page's route; None if it is refused or fails."""
        meta = RequestMeta(kind="other", route=self._page.route, handle_httpstatus_list=HANDLED_STATUSES)
        proxy = next((one.proxy for one in self._run.routes if one.name == self._page.route and one.proxy), None)
        if proxy:
            meta["proxy"] = proxy
        try:
            return await self._download(Request(url, meta=dict(meta), dont_filter=True))
        except Exception:  # noqa: BLE001 - the caller counts it; the page is rendered without it
            return None

    async def _finish(self, tab: Tab) -> None:
        """Wait for what the scripts still fetch, and take a picture if the operator wants pictures."""
        from playwright.async_api import Error

        with suppress(Error):  # a page that polls for ever is read as it is by then
            await tab.wait_for_load_state("networkidle", timeout=SETTLE_SECONDS * 1000)
        if self._run.context.config.evidence.screenshots:
            with suppress(Error):  # the picture is taken from the capture then
                self.picture = await tab.screenshot(type="png")
