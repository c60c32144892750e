"""Common Crawl: its CDXJ index and the WARC records it points to, by byte range: https://commoncrawl.org/cdxj-index."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from acca_crawler.archives.listed_captures import ArchivedCapture, IndexPage, stamp_of
from acca_crawler.archives.polite import PoliteClient, Reply
from acca_crawler.exceptions import CaptureMissing, WebArchiveError
from acca_crawler.items import Capture
from acca_crawler.text.moments import read_stamp
from storage.evidence.warcio_alone import ArchiveIterator, ArchiveLoadFailed

INDEX = "https://index.commoncrawl.org"
DATA = "https://data.commoncrawl.org"

_NEVER_TRUE = {"transfer-encoding", "content-length"}


@dataclass(frozen=True, slots=True)
class CommonCrawl:
    """One collection of Common Crawl (`CC-MAIN-2026-05`; the newest if empty), or servers that answer like it."""

    client: PoliteClient
    collection: str = ""
    index_home: str = INDEX
    data_home: str = DATA

    @property
    def name(self) -> str:
        """The name in routes and counts."""
        return f"commoncrawl:{self.collection}" if self.collection else "commoncrawl"

    def index(self, host: str, start_key: str = "") -> Iterator[IndexPage]:
        """List a host's pages that answered 200, one page of the index after another. Raises `WebArchiveError`.

        A key is `COLLECTION/PAGE`, so that an index read in parts stays that of one collection.
        """
        collection, _, number = start_key.rpartition("/")
        collection = collection or self.collection or self._newest()
        api = f"{self.index_home}/{collection}-index"
        scope: dict[str, str | list[str]] = {"url": host, "matchType": "host", "output": "json"}
        pages = self._pages(api, scope)
        for page in range(int(number or 0), pages):
            asked = {**scope, "filter": ["=status:200", "=mime:text/html"], "page": str(page)}
            reply = self.client.get(api, params=asked)
            further = f"{collection}/{page + 1}" if page + 1 < pages else ""
            if _is_empty(reply):
                yield IndexPage((), further)
                continue
            captures, broken = parse_cdxj(_ok(reply))
            yield IndexPage(captures, further, broken)

    def _newest(self) -> str:
        reply = self.client.get(f"{self.index_home}/collinfo.json")
        try:
            return str(json.loads(_ok(reply))[0]["id"])
        except (ValueError, LookupError, TypeError) as error:
            raise WebArchiveError(f"{self.index_home}: no list of collections: {reply.body[:120]!r}") from error

    def _pages(self, api: str, scope: dict[str, str | list[str]]) -> int:
        reply = self.client.get(api, params={**scope, "showNumPages": "true"})
        if _is_empty(reply):
            return 0
        try:
            summary = json.loads(_ok(reply))
            return int(summary["pages"] if isinstance(summary, dict) else summary)
        except (ValueError, LookupError, TypeError) as error:
            raise WebArchiveError(f"{api}: no number of pages: {reply.body[:120]!r}") from error

    def fetch(self, capture: ArchivedCapture) -> Capture:
        """Fetch one WARC record by its byte range. Raises `CaptureMissing`, `WebArchiveError`."""
        address = urljoin(f"{self.data_home}/", capture.file)
        end = capture.offset + capture.length - 1
        reply = self.client.get(address, headers={"Range": f"bytes={capture.offset}-{end}"})
        if reply.status != 206:
            raise CaptureMissing(f"{address}: HTTP {reply.status} instead of a part of the file")
        return record_in(reply.body, capture, f"{self.name} {address} {capture.offset}+{capture.length}")


def record_in(data: bytes, capture: ArchivedCapture, route: str) -> Capture:
    """Return the response in one WARC record, with the record's own time. Raises `CaptureMissing` if it is another."""
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(data))))
        head = record.http_headers
        if record.rec_type != "response" or head is None:
            raise CaptureMissing(f"{route}: a WARC record of type {record.rec_type}, not a response")
        payload = record.raw_stream.read()
        date = record.rec_headers.get_header("WARC-Date")
        target = record.rec_headers.get_header("WARC-Target-URI") or ""
    except (ArchiveLoadFailed, StopIteration, EOFError, OSError, ValueError) as error:
        raise CaptureMissing(f"{route}: not a WARC record: {error}") from error
    if target.strip("<>") != capture.url:
        raise CaptureMissing(f"{route}: the record is of {target[:200]}, not of {capture.url[:200]}")
    status = head.get_statuscode()
    return Capture(
        url=capture.url,
        kind="article",
        fetched_at=read_stamp(date) or capture.captured_at,
        status=int(status) if status.isdecimal() else 0,
        reason=head.statusline.partition(" ")[2],
        request_method="",
        request_headers=(),
        response_headers=tuple(pair for pair in head.headers if pair[0].lower() not in _NEVER_TRUE),
        payload=payload,
        route=route,
        ip_address=record.rec_headers.get_header("WARC-IP-Address"),
    )


def parse_cdxj(body: bytes) -> tuple[tuple[ArchivedCapture, ...], int]:
    """Parse lines of an index, plain JSON or CDXJ (`key timestamp {...}`); also return the number of bad lines."""
    found: list[ArchivedCapture] = []
    broken = 0
    for line in body.decode("utf-8", errors="replace").splitlines():
        if not line.strip():
            continue
        try:
            found.append(_capture(line))
        except (ValueError, LookupError, TypeError, RecursionError):
            broken += 1
    return tuple(found), broken


def _capture(line: str) -> ArchivedCapture:
    start = line.index("{")
    row: dict[str, Any] = json.loads(line[start:])
    timestamp = row.get("timestamp") or line[:start].split()[1]
    status = str(row.get("status", ""))
    return ArchivedCapture(
        url=row["url"],
        captured_at=stamp_of(timestamp),
        status=int(status) if status.isdecimal() else None,
        mime=row.get("mime", ""),
        digest=row["digest"],
        file=row["filename"],
        offset=int(row["offset"]),
        length=int(row["length"]),
    )


def _is_empty(reply: Reply) -> bool:
    """Whether the index has nothing of the host: it answers 404 with a message."""
    return reply.status == 404 and b"No Captures found" in reply.body


def _ok(reply: Reply) -> bytes:
    if reply.status != 200:
        raise WebArchiveError(f"{reply.url}: HTTP {reply.status}: {reply.body[:120]!r}")
    return reply.body
