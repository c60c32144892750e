"""Robots.txt: obeyed as Scrapy does, remembered for a day, and its Crawl-delay kept."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.extensions.throttle import AutoThrottle
from scrapy.robotstxt import ProtegoRobotParser

from acca_crawler.clock import earlier, utc_stamp
from acca_crawler.crawl.run import context_of
from storage.ledger import robots
from storage.schema.database import transaction

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

KEPT_HOURS = 24
"""The longest that RFC 9309 lets a crawler go by an old answer."""

MAX_DELAY = 60.0
"""Longest Crawl-delay (seconds) that is kept; a site that asks for more gets this."""


class CrawlDelayMiddleware(RobotsTxtMiddleware):
    """Scrapy's middleware, and the site's Crawl-delay as the floor of what AutoThrottle may come down to."""

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The host's rules, asked for once."""
        parser = await super().robot_parser(request)
        self._keep_delay(parser)
        return parser

    async def rules(self, request: Request) -> tuple[float | None, tuple[str, ...]]:
        """The Crawl-delay (seconds) and the sitemaps that the host's robots.txt names."""
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
    """The same over the archive's memory, so that an unchanged run costs one request for each feed."""

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The host's rules: from this run, else remembered, else asked for."""
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
            body = response.body if response.status == 200 else b""
            with transaction(context_of(self.crawler).db) as db:
                robots.remember(db, _origin(request.url), body, utc_stamp())
        await super()._parse_robots(response, netloc, request)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
