"""Fetches the further parts of an article on several pages, by the route of its first page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from acca_crawler.crawl.errors import AskedToWait, BudgetSpent, HostUnreachable
from acca_crawler.crawl.fetching.headers import headers_of
from acca_crawler.crawl.request_meta import HANDLED_STATUSES, RequestMeta, meta_of
from acca_crawler.crawl.run import OutletRun
from acca_crawler.exceptions import NotReadNow, PageTooHeavy
from acca_crawler.extract.block_pages import blocked_by
from acca_crawler.extract.parts import is_part_address
from acca_crawler.ingest.parts import PartWalk
from acca_crawler.ingest.payload import charset_of, unpacked
from acca_crawler.items import Extraction, Page, PartPage
from storage.exceptions import CaptureError

MAX_REASON = 200
"""Longest reason (characters) stored with a missing part."""


async def fetch_parts(
    run: OutletRun, download: Callable[[Request], Awaitable[Response]], page: Page, first: Extraction
) -> Page:
    """Return the page with its further parts, each fetched or with the reason why it is missing.

    Raises `NotReadNow` if the rest has to wait for another run: then nothing of the article is stored.
    """
    walk = PartWalk(page, first)
    while wanted := walk.next():
        part = await _fetch(run, download, page, *wanted)
        try:
            found = None if part.missing else await run.readers.part(page, part, run.outlet)
        except PageTooHeavy as error:
            part = PartPage(part.number, part.url, capture_id=part.capture_id, missing=f"too heavy to read: {error}")
            found = None
        walk.add(part, found)
    return walk.page


async def _fetch(
    run: OutletRun, download: Callable[[Request], Awaitable[Response]], page: Page, number: int, url: str
) -> PartPage:
    meta = RequestMeta(kind="article", route=page.route, handle_httpstatus_list=HANDLED_STATUSES)
    proxy = next((route.proxy for route in run.routes if route.name == page.route and route.proxy), None)
    if proxy:
        meta["proxy"] = proxy
    try:
        response = await download(Request(url, meta=dict(meta), dont_filter=True))
    except (AskedToWait, BudgetSpent, HostUnreachable) as error:
        raise NotReadNow(str(error)) from error
    except CaptureError as error:
        run.write_error = str(error)
        raise NotReadNow(str(error)) from error
    except IgnoreRequest as error:
        return PartPage(number, url, missing=f"refused: {error}"[:MAX_REASON])
    except Exception as error:  # noqa: BLE001 - any error of the downloader: DNS, TLS, timeouts, broken transfers
        return PartPage(number, url, missing=f"{type(error).__name__}: {error}"[:MAX_REASON])
    headers, capture_id = headers_of(response), meta_of(response).get("capture_id")
    if reason := _reason_against(response, headers, page.url):
        return PartPage(number, url, capture_id=capture_id, missing=reason[:MAX_REASON])
    encoding = charset_of(headers.get("content-type", ""))
    return PartPage(number, response.url, unpacked(response.body), encoding, capture_id)


def _reason_against(response: Response, headers: dict[str, str], first: str) -> str | None:
    """Describe why an answer is not the page of a part; None if it may be."""
    if blocked := blocked_by(response.status, headers, response.body):
        return f"blocked: {blocked}"
    if response.status != 200:
        return f"HTTP {response.status}"
    if urlsplit(response.url).netloc != urlsplit(first).netloc or not is_part_address(response.url, first):
        return f"redirected to {response.url}"
    return None if unpacked(response.body).strip() else "a blank page"
