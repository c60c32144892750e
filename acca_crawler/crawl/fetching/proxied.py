"""What goes through a proxy that Scrapy's own handler can't speak to: SOCKS5, and TLS up to the proxy itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import NotConfigured, NotSupported

from acca_crawler.crawl.request_meta import meta_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.core.downloader.handlers._httpx import HttpxDownloadHandler
    from scrapy.crawler import Crawler
    from scrapy.http import Response

SCHEMES = ("socks5:", "https:")
"""Proxies that need the other handler; the rest, and every direct request, keeps Scrapy's own and its resolver."""

PROXY_HANDLERS = dict.fromkeys(("http", "https"), "acca_crawler.crawl.fetching.proxied.ProxyDownloadHandler")


def needs_handler(proxy: str | None) -> bool:
    """Whether an outlet with this proxy needs `PROXY_HANDLERS`."""
    return proxy is not None and proxy.startswith(SCHEMES)


class ProxyDownloadHandler(BaseDownloadHandler):
    """Direct requests by Scrapy's own handler, proxied ones by its handler over httpx2 (the extra `socks`)."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._direct = HTTP11DownloadHandler(crawler)
        self._proxied: HttpxDownloadHandler | None = None

    async def download_request(self, request: Request) -> Response:
        """Raises `NotSupported` where the extra is not installed, else what the handlers raise."""
        if not needs_handler(meta_of(request).get("proxy")):
            return await self._direct.download_request(request)
        if self._proxied is None:
            self._proxied = self._made()
        return await self._proxied.download_request(request)

    def _made(self) -> HttpxDownloadHandler:
        from scrapy.core.downloader.handlers._httpx import HttpxDownloadHandler

        try:
            return HttpxDownloadHandler(self.crawler)
        except NotConfigured as error:
            raise NotSupported("this proxy needs the extra: pip install 'acca-crawler[socks]'") from error

    async def close(self) -> None:
        """Close what was opened."""
        await self._direct.close()
        if self._proxied is not None:
            await self._proxied.close()
