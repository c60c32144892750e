"""The ladder for blocked outlets: the origin first, then each declared mirror, then the operator's proxy."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request

from acca_crawler.outlets import Outlet


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to reach an outlet besides its origin: a mirror's host, or a proxy's address."""

    name: str
    host: str = ""
    proxy: str = ""


def ladder(outlet: Outlet, proxy: str | None) -> tuple[Rung, ...]:
    """The rungs above the origin, in the order in which they are tried."""
    mirrors = tuple(Rung(f"mirror:{host}", host=host) for host in outlet.mirrors)
    return (*mirrors, Rung("proxy", proxy=proxy)) if proxy else mirrors


def climb(request: Request, rungs: tuple[Rung, ...]) -> Request | None:
    """The same request on the next rung, or None where there is none. Its `route` is written into the capture."""
    number: int = request.meta.get("rung", 0)
    if number >= len(rungs):
        return None
    rung = rungs[number]
    origin: str = request.meta.get("origin_url", request.url)
    meta = {**request.meta, "rung": number + 1, "route": rung.name, "origin_url": origin}
    for spent in ("proxy", "download_slot", "retry_times", "_auth_proxy"):
        meta.pop(spent, None)
    if rung.proxy:
        meta["proxy"] = rung.proxy
    url = urlunsplit(urlsplit(origin)._replace(netloc=rung.host)) if rung.host else origin
    return request.replace(url=url, meta=meta, dont_filter=True)


def route_of(url: str, outlet: Outlet) -> str:
    """The route that an address itself takes: a mirror where it was listed there."""
    netloc = urlsplit(url).netloc
    return f"mirror:{netloc}" if netloc in outlet.mirrors else "origin"
