"""Robots.txt: obeyed by Scrapy's middleware, cached for a day, with Crawl-delay respected."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.extensions.throttle import AutoThrottle
from scrapy.robotstxt import ProtegoRobotParser
from twisted.internet.defer import Deferred

from acca_crawler.clock import earlier, utc_stamp
from acca_crawler.crawl.request_meta import meta_of
from acca_crawler.crawl.run import context_of
from acca_crawler.extract.decoding import decode
from storage.ledger import robots
from storage.schema.database import transaction

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

_log = logging.getLogger(__name__)

KEPT_HOURS = 24
"""Cache lifetime (hours): the maximum in RFC 9309."""

MAX_DELAY = 60.0
"""Longest Crawl-delay (seconds) that we respect; longer ones are cut to this."""


class CrawlDelayMiddleware(RobotsTxtMiddleware):
    """Scrapy's middleware, which also uses the site's Crawl-delay as AutoThrottle's minimum delay."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._asked_through: set[tuple[str, str]] = set()

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the host's rules, fetched once per run; through the request's proxy if the host itself is silent."""
        parser = await super().robot_parser(request)
        proxy, netloc = meta_of(request).get("proxy"), urlsplit(request.url).netloc
        if parser is None and proxy and (netloc, proxy) not in self._asked_through:
            self._asked_through.add((netloc, proxy))
            await self._ask_through(proxy, request)
            parser = await super().robot_parser(request)
        self._keep_delay(parser)
        return parser

    async def _ask_through(self, proxy: str, request: Request) -> None:
        """Fetch a host's rules through a proxy; without an answer everything is allowed, as it is without one."""
        assert self.crawler.engine is not None
        meta = {"dont_obey_robotstxt": True, "proxy": proxy, "route": "proxy"}
        robots = Request(urljoin(request.url, "/robots.txt"), meta=meta, priority=self.DOWNLOAD_PRIORITY)
        try:
            response = await self.crawler.engine.download_async(robots)
        except Exception as error:  # noqa: BLE001 - any error of the downloader
            _log.info("no robots.txt through the proxy: %s", error)
            return
        netloc = urlsplit(request.url).netloc
        self._parsers[netloc] = Deferred()
        await self._parse_robots(response, netloc, request)

    async def rules(self, request: Request) -> tuple[float | None, tuple[str, ...]]:
        """Return the Crawl-delay (seconds) and the sitemaps named in the host's robots.txt."""
        parser = await self.robot_parser(request)
        if not isinstance(parser, ProtegoRobotParser):
            return None, ()
        return parser.crawl_delay(self._robotstxt_useragent or "*"), tuple(parser.rp.sitemaps)

    def _keep_delay(self, parser: RobotParser | None) -> None:
        wanted = parser.crawl_delay(self._robotstxt_useragent or "*") if parser else None
        throttle = self.crawler.get_extension(AutoThrottle)
        if not wanted or throttle is None:
            return
        throttle.mindelay = max(throttle.mindelay, min(float(wanted), MAX_DELAY))
        assert self.crawler.engine is not None
        for slot in self.crawler.engine.downloader.slots.values():
            slot.delay = max(slot.delay, throttle.mindelay)


class RememberedRobotsMiddleware(CrawlDelayMiddleware):
    """Caches robots.txt in the archive, so that a run without changes needs one request per feed."""

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the host's rules: from this run, else from the archive, else fetched."""
        parts = urlsplit(request.url)
        if parts.netloc not in self._parsers:
            at = utc_stamp()
            db = context_of(self.crawler).db
            body = robots.recall(db, _origin(request.url), earlier(at, hours=KEPT_HOURS), at)
            if body is not None:
                self._parsers[parts.netloc] = self._parserimpl.from_crawler(self.crawler, body)
        return await super().robot_parser(request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status == 200 or 400 <= response.status < 500:
            body = decode(response.body).encode() if response.status == 200 else b""
            response = response.replace(body=body)
            with transaction(context_of(self.crawler).db) as db:
                robots.remember(db, _origin(request.url), body, utc_stamp())
        await super()._parse_robots(response, netloc, request)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
