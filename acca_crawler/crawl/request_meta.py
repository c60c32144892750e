"""Keys of `Request.meta` that our code and Scrapy use."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, cast

from acca_crawler.items import CaptureKind

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

HANDLED_STATUSES = [304, *range(400, 600)]
"""HTTP statuses that our code handles itself; redirects are followed before."""


class RequestMeta(TypedDict, total=False):
    """`kind` of page, `route` (`origin`, `proxy`, `mirror:HOST`), and `routes_tried`, the number tried before.

    `origin_url` is the address on the outlet's own host. `capture_id` and `fetched_at` (a UTC stamp) refer to the
    stored answer. The other keys are Scrapy's.
    """

    kind: CaptureKind
    route: str
    routes_tried: int
    origin_url: str
    capture_id: int
    fetched_at: str
    proxy: str
    download_slot: str
    retry_times: int
    dont_retry: bool
    handle_httpstatus_list: list[int]


def meta_of(exchange: Request | Response) -> RequestMeta:
    """Return the meta of a request, or of a response's request, as a reference that may be modified."""
    return cast("RequestMeta", exchange.meta)
