"""Faults of a site that can be switched on and off while it runs.

Faults of single addresses are keyed by a path pattern (`/en/14101/a-slug/`, `/en/*`, `*`), matched against the path
without its query. `fail_times[pattern] = n` lets the pattern's fault happen n times and then stop; a pattern that is
only in `fail_times` answers 503 that many times.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from acca_crawler.newsroom.exchange import Kind

FeedDeath = Literal["html", "empty", "404-as-200"]
Validators = Literal["honest", "off", "changing", "stuck"]
Declared = Literal["right", "none", "wrong"]
Way = Literal["rest", "feed", "sitemap", "listing"]


@dataclass(slots=True)
class Faults:
    """One site's faults; all off at first.

    `rest_off`, `feed_off`, `sitemap_off`, `listing_off`: the status of every answer of that way (401, 403, 404, ...).
    `rest_json_error`: REST answers 200 with WordPress's error object. `feed_dead`: feeds answer 200 with an HTML shell,
    with a feed without items, or with the site's "not found" page. `sitemap_html`: sitemaps answer 200 with HTML.
    `sitemap_undated`: no lastmod. `sitemap_gzip`: robots.txt names the compressed sitemaps.
    `status`: pattern to status, `retry_after` its Retry-After in seconds for 429 and 503.
    `timeout`: no answer (the connection stays open for `timeout_seconds`). `truncate`: the connection closes
    halfway through the declared length. `reset`: the connection is reset. `redirect_loop`: redirects without end.
    `bomb`: 64 MB of zeros, compressed. `slow`: seconds before every answer. `challenge`: pattern to the status
    (200, 403, 503) of a page that asks visitors to prove they are human; robots.txt is exempt.
    `not_found_as_200`: the site's "not found" page, with status 200.
    `robots_disallow`: robots.txt forbids everything; `crawl_delay`: its Crawl-delay in seconds.
    `charset`: encoding of the pages (windows-1251, koi8-r, utf-16); `charset_declared`: whether header and
    meta tag declare it, declare nothing, or still claim UTF-8.
    `validators`: ETag and Last-Modified are correct, missing, different in every answer, or always the same.
    """

    rest_off: int | None = None
    feed_off: int | None = None
    sitemap_off: int | None = None
    listing_off: int | None = None
    rest_json_error: bool = False
    feed_dead: FeedDeath | None = None
    sitemap_html: bool = False
    sitemap_undated: bool = False
    sitemap_gzip: bool = False
    status: dict[str, int] = field(default_factory=dict)
    retry_after: int | None = None
    fail_times: dict[str, int] = field(default_factory=dict)
    timeout: set[str] = field(default_factory=set)
    timeout_seconds: float = 60.0
    truncate: set[str] = field(default_factory=set)
    reset: set[str] = field(default_factory=set)
    redirect_loop: set[str] = field(default_factory=set)
    bomb: set[str] = field(default_factory=set)
    slow: float = 0.0
    challenge: dict[str, int] = field(default_factory=dict)
    not_found_as_200: set[str] = field(default_factory=set)
    robots_disallow: bool = False
    crawl_delay: float | None = None
    charset: str | None = None
    charset_declared: Declared = "right"
    validators: Validators = "honest"
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def only(self, way: Way, status: int = 404) -> None:
        """Switch off all ways of discovery but one."""
        self.rest_off = None if way == "rest" else status
        self.feed_off = None if way == "feed" else status
        self.sitemap_off = None if way == "sitemap" else status
        self.listing_off = None if way == "listing" else status

    def way_status(self, kind: Kind) -> int | None:
        """Return the status with which a whole way of discovery is switched off, or None."""
        off = {
            "rest": self.rest_off,
            "feed": self.feed_off,
            "sitemap": self.sitemap_off,
            "listing": self.listing_off,
        }
        return off.get(kind)

    def path_status(self, path: str) -> int | None:
        """Return the status this request for `path` must get, or None; counts towards `fail_times`."""
        pattern = self._due(path, self.status)
        if pattern is not None:
            return self.status[pattern]
        elsewhere = self.timeout | self.truncate | self.reset | self.redirect_loop | self.bomb | set(self.challenge)
        elsewhere |= self.not_found_as_200
        alone = [pattern for pattern in self.fail_times if pattern not in elsewhere and pattern not in self.status]
        return 503 if self._due(path, alone) is not None else None

    def challenge_status(self, path: str) -> int | None:
        """Return the status of the challenge page this request must get, or None."""
        pattern = None if path == "/robots.txt" else self._due(path, self.challenge)
        return None if pattern is None else self.challenge[pattern]

    def happens(
        self, name: Literal["timeout", "truncate", "reset", "redirect_loop", "bomb", "not_found_as_200"], path: str
    ) -> bool:
        """Whether the named fault applies to this request; counts towards `fail_times`."""
        patterns: set[str] = getattr(self, name)
        return self._due(path, patterns) is not None

    def _due(self, path: str, patterns: Iterable[str]) -> str | None:
        for pattern in tuple(patterns):
            if pattern == path or fnmatchcase(path, pattern):
                with self._lock:
                    left = self.fail_times.get(pattern)
                    if left == 0:
                        continue
                    if left is not None:
                        self.fail_times[pattern] = left - 1
                return pattern
        return None
