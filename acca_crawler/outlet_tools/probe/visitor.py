"""Asking a site politely, outside a crawl."""

from __future__ import annotations

import time
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from protego import Protego
from scrapy.utils.gz import gunzip

from acca_crawler import __version__
from acca_crawler.config.loading import Config
from acca_crawler.dedup.address import canonical_address
from acca_crawler.discovery import Fetched
from acca_crawler.exceptions import DiscoveryError
from acca_crawler.extract.block_pages import blocked_by
from acca_crawler.ingest.payload import charset_of
from acca_crawler.items import CaptureKind


class Visitor:
    """Fetches politely: robots.txt obeyed, a pause between requests, nothing larger than the operator's limit."""

    def __init__(self, config: Config) -> None:
        self._crawl = config.crawl
        self._agent = f"acca-crawler/{__version__} (+{config.crawl.contact or 'no contact configured'})"
        self._robots: dict[str, Protego] = {}
        self._last = 0.0

    async def __call__(self, url: str, kind: CaptureKind) -> Fetched:
        """An answer. Raises `DiscoveryError` where none came, where robots.txt forbids it, or where we are blocked."""
        if not self.robots(url).can_fetch(url, "acca-crawler"):
            raise DiscoveryError("forbidden by robots.txt")
        answer = self._get(url)
        if blocked := blocked_by(answer.status, answer.headers, answer.body):
            raise DiscoveryError(f"blocked: {blocked}")
        return answer

    def robots(self, url: str) -> Protego:
        """The rules of the address's host; a host without robots.txt allows everything."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            try:
                answer = self._get(f"{origin}/robots.txt")
                text = answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
            except DiscoveryError:
                text = ""
            self._robots[origin] = Protego.parse(text)
        return self._robots[origin]

    def _get(self, url: str) -> Fetched:
        time.sleep(max(0.0, self._last + self._crawl.delay - time.monotonic()))
        request = Request(canonical_fetch(url), headers={"User-Agent": self._agent, "Accept-Encoding": "gzip"})
        try:
            with urlopen(request, timeout=self._crawl.timeout) as response:
                return self._read(response.status, response)
        except HTTPError as error:
            return self._read(error.code, error)
        except (URLError, OSError, ValueError) as error:
            raise DiscoveryError(str(getattr(error, "reason", error))) from error
        finally:
            self._last = time.monotonic()

    def _read(self, status: int, response: object) -> Fetched:
        limit = self._crawl.largest_page * 1024 * 1024
        body: bytes = response.read(limit + 1)  # type: ignore[attr-defined]
        if len(body) > limit:
            raise DiscoveryError(f"larger than {self._crawl.largest_page} MiB")
        headers = {name.lower(): value for name, value in response.headers.items()}  # type: ignore[attr-defined]
        if headers.get("content-encoding") == "gzip":
            body = gunzip(body, max_size=limit)
        url: str = response.geturl()  # type: ignore[attr-defined]
        return Fetched(url, status, headers, body, charset_of(headers.get("content-type", "")))


def canonical_fetch(url: str) -> str:
    """An address as urllib wants it: every character encoded."""
    parts = urlsplit(url)
    return url if url.isascii() and " " not in parts.path else canonical_address(url)
