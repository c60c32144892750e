"""The Wayback Machine: https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from acca_crawler.archives.listed_captures import ArchivedCapture, IndexPage, stamp_of, timestamp_of
from acca_crawler.archives.polite import PoliteClient
from acca_crawler.exceptions import CaptureMissing, WebArchiveError
from acca_crawler.items import Capture

HOME = "https://web.archive.org"

PAGE = 5_000
"""Lines of the index per request."""

FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest")

_ORIGINAL = "x-archive-orig-"
_PLAYED_BACK = re.compile(r"/web/(\d{14})(?:id_)?/(.+)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Wayback:
    """The Wayback Machine, or a server that answers like it at `home`."""

    client: PoliteClient
    home: str = HOME
    page: int = PAGE

    @property
    def name(self) -> str:
        """The name in routes and counts."""
        return "wayback"

    def index(self, host: str, start_key: str = "") -> Iterator[IndexPage]:
        """List a host's pages that answered 200; of adjacent captures with the same payload only the first.

        Pages are followed by the server's resume key. Raises `WebArchiveError`.
        """
        yield from self._query({"url": host, "matchType": "host"}, start_key)

    def captures_of(self, url: str) -> Iterator[ArchivedCapture]:
        """List the captures of one address, oldest first. Raises `WebArchiveError`."""
        for page in self._query({"url": url}, ""):
            yield from page.captures

    def _query(self, scope: dict[str, str], start_key: str) -> Iterator[IndexPage]:
        key = start_key
        while True:
            page = self._page(scope, key)
            yield page
            if not page.next_key:
                return
            if page.next_key == key:
                raise WebArchiveError(f"{self.home}: the index repeats the key {key[:80]!r} and would not end")
            key = page.next_key

    def _page(self, scope: dict[str, str], key: str) -> IndexPage:
        params: dict[str, str | list[str]] = {
            **scope,
            "output": "json",
            "fl": ",".join(FIELDS),
            "filter": ["statuscode:200", "mimetype:text/html"],
            "collapse": "digest",
            "limit": str(self.page),
            "showResumeKey": "true",
        }
        if key:
            params["resumeKey"] = key
        reply = self.client.get(f"{self.home}/cdx/search/cdx", params=params)
        if reply.status != 200:
            raise WebArchiveError(f"{self.home}: the index answered HTTP {reply.status}: {reply.body[:120]!r}")
        return parse_cdx_json(reply.body)

    def fetch(self, capture: ArchivedCapture) -> Capture:
        """Fetch a capture without the archive's banner and rewriting (`id_`).

        If the archive redirects to another capture of the address, its time is that of the capture served. Raises
        `CaptureMissing`, `WebArchiveError`.
        """
        address = f"{self.home}/web/{timestamp_of(capture.captured_at)}id_/{capture.url}"
        reply = self.client.get(address)
        original = [
            (name[len(_ORIGINAL) :], value)
            for name, value in reply.ordered_headers
            if name.lower().startswith(_ORIGINAL)
        ]
        if reply.status != 200 or not (original or "memento-datetime" in reply.headers):
            raise CaptureMissing(f"{address}: HTTP {reply.status}, and not a capture")
        served = _PLAYED_BACK.search(reply.url)
        return Capture(
            url=capture.url,
            kind="article",
            fetched_at=stamp_of(served[1]) if served else capture.captured_at,
            status=reply.status,
            reason="OK",
            request_method="",
            request_headers=(),
            response_headers=_headers(original, reply.headers),
            payload=reply.body,
            route=f"wayback {reply.url}",
        )


def _headers(original: list[tuple[str, str]], played_back: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the site's own headers, but the content coding of the payload as it was served to us."""
    dropped = ("content-encoding", "transfer-encoding", "content-length")
    kept = [(name, value) for name, value in original if name.lower() not in dropped]
    if not any(name.lower() == "content-type" for name, _ in kept) and "content-type" in played_back:
        kept.append(("Content-Type", played_back["content-type"]))
    if "content-encoding" in played_back:
        kept.append(("Content-Encoding", played_back["content-encoding"]))
    return tuple(kept)


def parse_cdx_json(body: bytes) -> IndexPage:
    """Parse a page of the index in JSON: a row of field names, rows of values, then `[]` and the resume key if any.

    Raises `WebArchiveError` if it is not that.
    """
    if not body.strip():
        return IndexPage((), "")
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WebArchiveError(f"the index answered with something other than JSON: {body[:120]!r}") from error
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise WebArchiveError(f"the index answered with something other than rows: {body[:120]!r}")
    if not rows:
        return IndexPage((), "")
    names, *rest = rows
    next_key = ""
    if len(rest) >= 2 and rest[-2] == [] and len(rest[-1]) == 1:
        next_key, rest = str(rest[-1][0]), rest[:-2]
    found: list[ArchivedCapture] = []
    broken = 0
    for row in rest:
        try:
            found.append(_capture(dict(zip(names, row, strict=True))))
        except (ValueError, KeyError, TypeError):
            broken += 1
    return IndexPage(tuple(found), next_key, broken)


def _capture(row: dict[str, str]) -> ArchivedCapture:
    status = row["statuscode"]
    return ArchivedCapture(
        url=row["original"],
        captured_at=stamp_of(row["timestamp"]),
        status=int(status) if status.isdecimal() else None,
        mime=row["mimetype"],
        digest=row["digest"],
    )
