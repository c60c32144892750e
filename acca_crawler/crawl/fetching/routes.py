"""Fallback routes to an outlet that blocks us or can't be reached.

The origin comes first, then each declared mirror, then the operator's proxy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from acca_crawler.crawl.request_meta import meta_of
from acca_crawler.outlets import Outlet

if TYPE_CHECKING:
    from scrapy import Request

SPENT = ("proxy", "download_slot", "download_latency", "retry_times", "redirect_times", "redirect_ttl", "redirect_urls",
         "redirect_reasons", "_auth_proxy")  # fmt: skip
"""Keys of a request's meta that belong to the route on which it was sent."""


@dataclass(frozen=True, slots=True)
class Route:
    """An alternative route to an outlet: a mirror's host or a proxy's address."""

    name: str
    host: str = ""
    proxy: str = ""


def fallback_routes(outlet: Outlet, proxy: str | None) -> tuple[Route, ...]:
    """Return the routes besides the origin, in the order in which they are tried."""
    mirrors = tuple(Route(f"mirror:{host}", host=host) for host in outlet.mirrors)
    return (*mirrors, Route("proxy", proxy=proxy)) if proxy else mirrors


def has_next_route(request: Request, routes: tuple[Route, ...]) -> bool:
    """Return whether a route is left that the request has not been sent on."""
    return meta_of(request).get("routes_tried", 0) < len(routes)


def next_route(request: Request, routes: tuple[Route, ...]) -> Request | None:
    """Return the request for the next route; None after the last. The capture records its `route`."""
    before = meta_of(request)
    if not has_next_route(request, routes):
        return None
    tried = before.get("routes_tried", 0)
    route = routes[tried]
    origin = before.get("origin_url", request.url)
    meta = {**before, "routes_tried": tried + 1, "route": route.name, "origin_url": origin}
    for spent in SPENT:
        meta.pop(spent, None)
    if route.proxy:
        meta["proxy"] = route.proxy
    url = urlunsplit(urlsplit(origin)._replace(netloc=route.host)) if route.host else origin
    return request.replace(url=url, meta=meta, dont_filter=True)


def route_of(url: str, outlet: Outlet) -> str:
    """Return the route that an address implies: a mirror if its host is one, else the origin."""
    netloc = urlsplit(url).netloc
    return f"mirror:{netloc}" if netloc in outlet.mirrors else "origin"
