"""What our code and Scrapy's keep in `Request.meta`, by its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, cast

from acca_crawler.items import CaptureKind

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


class RequestMeta(TypedDict, total=False):
    """`kind` is what is asked for, `route` how (`origin`, `proxy`, `mirror:HOST`), and `routes_tried` how many before.

    `origin_url` is the address on the outlet itself. `capture_id` and `fetched_at` (a UTC stamp) say where the answer
    is kept. The rest are Scrapy's.
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
    """The meta of a request, or of a response's request; changes are kept."""
    return cast("RequestMeta", exchange.meta)
