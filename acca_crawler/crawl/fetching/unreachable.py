"""Hosts that can't be reached at all: asked once in a run, then passed over for the outlet's next route.

States block news in the network too: names that no longer resolve, connections refused, reset or never answered.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)

from acca_crawler.crawl.component import CrawlerComponent
from acca_crawler.crawl.errors import HostUnreachable
from acca_crawler.crawl.fetching.routes import has_next_route
from acca_crawler.crawl.request_meta import meta_of
from acca_crawler.crawl.run import OUTLET_RUN_SETTING, OutletRun

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

NETWORK_ERRORS = (
    CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError, HostUnreachable,
)  # fmt: skip
"""Errors after which another route may help: no answer came."""

NO_HOST = (CannotResolveHostError, DownloadConnectionRefusedError)
"""Errors that concern the whole host, not one page."""

MAX_SILENT = 2
"""Requests in a row without an answer, all retries included, after which a host counts as unreachable. Only where the
outlet has a further route: elsewhere nothing is gained by not asking, and a single page may hang."""


class UnreachableHostMiddleware(CrawlerComponent):
    """Sends no request to a host that could not be reached in this run. Sits above the retries."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._silent: Counter[tuple[str, str]] = Counter()
        self._reasons: dict[tuple[str, str], str] = {}

    def process_request(self, request: Request) -> None:
        """Let the request pass. Raises `HostUnreachable`."""
        reason = self._reasons.get(_path_to(request))
        if reason is not None:
            raise HostUnreachable(reason)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note that the host answers."""
        self._silent.pop(_path_to(request), None)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note that no answer came to the last try. Raises `HostUnreachable` if the host is to be passed over."""
        if isinstance(exception, HostUnreachable) or not isinstance(exception, NETWORK_ERRORS):
            return
        path = _path_to(request)
        self._silent[path] += 1
        run: OutletRun | None = self._crawler.settings[OUTLET_RUN_SETTING]  # None outside of a run
        elsewhere = run is not None and has_next_route(request, run.routes)
        if isinstance(exception, NO_HOST) or (elsewhere and self._silent[path] >= MAX_SILENT):
            through = " through the proxy" if path[1] else ""
            self._reasons[path] = f"{path[0]} can't be reached{through}: {str(exception) or type(exception).__name__}"
            raise HostUnreachable(self._reasons[path]) from exception


def _path_to(request: Request) -> tuple[str, str]:
    return urlsplit(request.url).netloc, str(meta_of(request).get("proxy") or "")
