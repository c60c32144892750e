"""Download handler for proxies that Scrapy's default handler does not support: SOCKS5 and HTTPS proxies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import NotConfigured, NotSupported

from acca_crawler.crawl.request_meta import meta_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.core.downloader.handlers._httpx import HttpxDownloadHandler
    from scrapy.crawler import Crawler
    from scrapy.http import Response

SCHEMES = ("socks5:", "https:")
"""Proxy schemes that need the httpx handler; all other requests use Scrapy's default handler and its resolver."""

PROXY_HANDLERS = dict.fromkeys(("http", "https"), "acca_crawler.crawl.fetching.proxied.ProxyDownloadHandler")


def needs_handler(proxy: str | None) -> bool:
    """Whether an outlet with this proxy needs `PROXY_HANDLERS`."""
    return proxy is not None and proxy.startswith(SCHEMES)


class ProxyDownloadHandler(BaseDownloadHandler):
    """Sends direct requests with Scrapy's default handler, proxied ones with its httpx2 handler (the extra `socks`)."""

    def __init__(self, crawler: Crawler) -> None:
        # Only what crawls should wait for it: it is a quarter of the start of commands that read the spiders.
        from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

        super().__init__(crawler)
        self._direct = HTTP11DownloadHandler(crawler)
        self._proxied: HttpxDownloadHandler | None = None

    async def download_request(self, request: Request) -> Response:
        """Raises `NotSupported` if the extra is not installed; other errors come from the handlers."""
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
        """Close the handlers that were opened."""
        await self._direct.close()
        if self._proxied is not None:
            await self._proxied.close()
