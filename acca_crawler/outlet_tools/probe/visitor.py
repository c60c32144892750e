"""Fetches from a site outside a crawl with the same downloader: robots.txt, delays, retries, no private addresses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import TextResponse

from acca_crawler.config.loading import Config
from acca_crawler.crawl.fetching.headers import headers_of
from acca_crawler.crawl.fetching.robots import CrawlDelayMiddleware
from acca_crawler.crawl.scrapy_process import run_spiders
from acca_crawler.crawl.settings import NOT_LOADED, OWN_HOSTS_SETTING
from acca_crawler.crawl.start import scrapy_settings
from acca_crawler.discovery import Fetched
from acca_crawler.discovery.bounds import bounded
from acca_crawler.exceptions import DiscoveryError, ProbeError
from acca_crawler.extract.block_pages import blocked_by
from acca_crawler.items import CaptureKind

T = TypeVar("T")

MIDDLEWARES = "acca_crawler.crawl.fetching.middlewares"

WITHOUT_A_RUN: dict[str, dict[str, object]] = {
    "EXTENSIONS": {**NOT_LOADED},
    "ITEM_PIPELINES": {},
    "DOWNLOADER_MIDDLEWARES": {
        f"{MIDDLEWARES}.BudgetMiddleware": None,
        f"{MIDDLEWARES}.CaptureMiddleware": None,
        "acca_crawler.crawl.fetching.robots.RememberedRobotsMiddleware": None,
        "acca_crawler.crawl.fetching.robots.CrawlDelayMiddleware": 100,
    },
}
"""Components of a crawl that need its archive; a visit stores nothing."""


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """Other rules in a host's robots.txt: seconds between requests, addresses of sitemaps."""

    crawl_delay: float | None = None
    sitemaps: tuple[str, ...] = ()


class Visitor:
    """Fetches as discovery does, but without fallback routes: here a block is a result."""

    def __init__(self, spider: Spider) -> None:
        self._crawler = spider.crawler

    async def __call__(self, url: str, kind: CaptureKind) -> Fetched:
        """Fetch an address. Raises `DiscoveryError` if there is no answer, robots.txt forbids it, or we are blocked."""
        assert self._crawler.engine is not None
        request = Request(url, meta={"kind": kind}, dont_filter=True)
        try:
            response = await self._crawler.engine.download_async(request)
        except IgnoreRequest as error:
            raise DiscoveryError(str(error) or "refused") from error
        except Exception as error:  # any error of the downloader: DNS, TLS, timeouts, broken transfers
            raise DiscoveryError(f"{type(error).__name__}: {error}") from error
        headers = headers_of(response)
        if blocked := blocked_by(response.status, headers, response.body):
            raise DiscoveryError(f"blocked: {blocked}")
        body, _ = bounded(response.body, kind)
        encoding = response.encoding if isinstance(response, TextResponse) else None
        return Fetched(response.url, response.status, headers, body, encoding)

    async def robots(self, url: str) -> RobotsRules:
        """Return the rules of an address's host; none if it has no robots.txt."""
        middleware = self._crawler.get_downloader_middleware(CrawlDelayMiddleware)
        assert middleware is not None
        return RobotsRules(*await middleware.rules(Request(url)))


@dataclass(slots=True)
class VisitTask(Generic[T]):
    """A task for a visitor to a site's hosts and, afterwards, its result."""

    work: Callable[[Visitor], Awaitable[T]]
    hosts: tuple[str, ...]
    result: T | None = None
    error: Exception | None = None

    def outcome(self) -> T:
        """Return the task's result. Raises its exception, or `ProbeError` if it did not finish."""
        if self.error is not None:
            raise self.error
        if self.result is None:
            raise ProbeError("stopped before the site was looked at")
        return self.result


class _VisitingSpider(Spider):
    name = "visit"

    def __init__(self, visit: VisitTask[Any]) -> None:
        super().__init__()
        self._visit = visit
        self.allowed_domains = list(visit.hosts)

    async def start(self) -> AsyncIterator[Any]:
        try:
            self._visit.result = await self._visit.work(Visitor(self))
        except Exception as error:  # noqa: BLE001 - Scrapy would only log it; `Visit.outcome` raises it
            self._visit.error = error
        return
        yield  # makes this a generator, as Scrapy requires


def make_visits(config: Config, visits: Sequence[VisitTask[Any]], *, own_hosts: frozenset[str] = frozenset()) -> None:
    """Make visits one after another. `own_hosts` may have private addresses, because the operator typed them."""
    settings = scrapy_settings(config)
    middlewares = {**settings.getdict("DOWNLOADER_MIDDLEWARES"), **WITHOUT_A_RUN["DOWNLOADER_MIDDLEWARES"]}
    settings.setdict({**WITHOUT_A_RUN, "DOWNLOADER_MIDDLEWARES": middlewares}, priority="cmdline")
    settings.set(OWN_HOSTS_SETTING, settings[OWN_HOSTS_SETTING] | own_hosts, priority="cmdline")
    run_spiders(settings, [(_VisitingSpider, {"visit": visit}) for visit in visits], at_once=1)
