"""Read article pages from WARC files of any origin (ISO 28500)."""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from w3lib.encoding import http_content_type_encoding

from acca_crawler.exceptions import ImportFileError
from acca_crawler.items import Capture
from acca_crawler.text.moments import read_stamp
from storage.evidence.warcio_alone import (
    ArchiveIterator,
    ArchiveLoadFailed,
    BufferedReader,
    ChunkedDataException,
    ChunkedDataReader,
    StatusAndHeadersParserException,
)

# A page larger than this is not an article; a compressed one may be a decompression bomb.
MAX_PAGE = 50_000_000
PAGE_TYPES = ("text/html", "application/xhtml+xml")

# AttributeError: from warcio, on a record with truncated headers that lack a URL.
UNREADABLE = (
    ArchiveLoadFailed,
    ArithmeticError,
    AttributeError,
    ChunkedDataException,
    StatusAndHeadersParserException,
    EOFError,
    LookupError,
    OSError,
    TypeError,
    UnicodeError,
    ValueError,
    zlib.error,
)

_GZIP = b"\x1f\x8b"
"""How a gzip member begins (RFC 1952)."""
_MARKUP = re.compile(rb"<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
MAX_BEFORE_MARKUP = 2000
"""Bytes of an answer without Content-Type in which the markup of a page must begin."""
_RECORD = re.compile(rb"\r?\n\r?\n(WARC/\d\.\d{1,2}\r?\n[A-Z][\w-]{2,40}:)|(\x1f\x8b\x08)")
"""Where a record may begin: after a blank line, or as a gzip member."""


@dataclass(frozen=True, slots=True)
class WarcPage:
    """One page: its URL, when it was fetched (UTC, ending in Z), the charset of its HTTP header, its bytes.

    `offset` is the byte offset in the file of the record with the payload. `answered` is False for a page that is not
    a server's response; `error` is the reason a record could not be read. `capture` is what `capture_of` returns,
    unless that must be read again because the payload is compressed or in another record.
    """

    url: str
    fetched_at: str
    encoding: str | None
    html: bytes
    offset: int = field(default=0, compare=False)
    answered: bool = True
    error: str = ""
    capture: Capture | None = field(default=None, compare=False)


def iter_warc_pages(path: str | Path) -> Iterator[WarcPage]:
    """Yield every HTML page from a response with status 200 or 203 or from a resource record, in file order.

    An unreadable record yields a page without content and with the reason in `error`; reading continues with the next
    record that can be found behind it.

    A revisit record is resolved by its payload digest if the original is earlier in the same file; one that refers to
    another file is skipped. Raises `ImportFileError` with the offset if the file is not a WARC file or is truncated.
    """
    path = Path(path)
    try:
        stream = path.open("rb")
    except OSError as error:
        raise ImportFileError(f"{path}: {error.strerror}") from error
    with stream:
        yield from _RecordReader(path, stream).pages()


def capture_of(path: str | Path, page: WarcPage) -> Capture:
    """Return a page as the file's creator captured it: status, headers and payload as received.

    Chunked transfer coding is removed from the payload, content codings are not. The request is dropped. The route
    names the file.
    """
    if page.capture is not None:
        return replace(page.capture, fetched_at=page.fetched_at)
    with Path(path).open("rb") as stream:
        stream.seek(page.offset)
        record = next(iter(ArchiveIterator(stream, arc2warc=True)))
        found = capture_of_record(record, page.url, _route_of(path))
    return replace(found, fetched_at=page.fetched_at)


def _route_of(path: str | Path) -> str:
    return f"import of {Path(path).name}"


def capture_of_record(record: Any, url: str, route: str, limit: int = MAX_PAGE) -> Capture:
    """Return the response in a record as its creator captured it, as `capture_of` does; its time is the record's.

    At most `limit` bytes of the payload are read.
    """
    head = record.http_headers
    chunked = "chunked" in (head.get_header("Transfer-Encoding") or "").lower()
    body = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
    payload = body.read(limit)
    code, _, reason = head.statusline.partition(" ")
    return Capture(
        url=url,
        kind="article",
        fetched_at=read_stamp(record.rec_headers.get_header("WARC-Date")),
        status=int(code),
        reason=reason,
        request_method="",
        request_headers=(),
        response_headers=tuple(head.headers),
        payload=payload,
        route=route,
        ip_address=record.rec_headers.get_header("WARC-IP-Address"),
    )


class _Records(ArchiveIterator):  # type: ignore[misc]
    """warcio's records, with whether the last was unpacked: it takes a damaged gzip member for plain text."""

    ended_packed = False

    def close(self) -> None:
        self.ended_packed = self.reader.decompressor is not None
        super().close()


class _RecordReader:
    """Iterate over a file's records, tracking the offset and the payloads seen."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self._path = path
        self._stream = stream
        self._records = _Records(stream, arc2warc=True)
        self._is_packed = self._begins_packed(0)
        self._size = path.stat().st_size
        self._offset = 0
        self._seen: dict[str, int] = {}

    def pages(self) -> Iterator[WarcPage]:
        if not self._size:
            raise self._failure("the file is empty")
        while True:
            try:
                yield from self._whole_records()
                return
            except ImportFileError as error:
                following = self._next_record()
                if following is None:
                    raise
                yield WarcPage("", "", None, b"", error=str(error))
            self._offset = following
            self._is_packed = self._begins_packed(following)
            self._stream.seek(following)
            self._records = _Records(self._stream, arc2warc=True)

    def _whole_records(self) -> Iterator[WarcPage]:
        """Read on to the end. Raises `ImportFileError` at a record behind which no other can be found by its length."""
        try:
            for record in self._records:
                self._offset = self._records.offset
                if self._is_packed and self._records.reader.decompressor is None:
                    raise self._failure("the compressed data is damaged")
                try:
                    page = self._page(record)
                except ImportFileError as error:
                    page = WarcPage(
                        record.rec_headers.get_header("WARC-Target-URI") or "", "", None, b"", error=str(error)
                    )
                self._check_complete(record)
                if page is not None:
                    yield page
            if self._records.offset != self._size:
                self._offset = self._records.offset
                raise self._failure("the file ends in the middle of a record")
            if self._is_packed and not self._records.ended_packed:
                raise self._failure("the compressed data is damaged")
        except UNREADABLE as error:
            raise self._failure(str(error).strip().split("\n")[0] or type(error).__name__) from error

    def _begins_packed(self, offset: int) -> bool:
        self._stream.seek(offset)
        found = self._stream.read(len(_GZIP)) == _GZIP
        self._stream.seek(offset)
        return found

    def _next_record(self) -> int | None:
        """Find the next record behind a broken one; None if there is none."""
        with mmap.mmap(self._stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            for match in _RECORD.finditer(data, self._offset + 1):
                start = match.start(1) if match[1] else match.start(2)
                if match[1] or _starts_record(data[start : start + 4096]):
                    return start
        return None

    def _page(self, record: Any) -> WarcPage | None:
        headers = record.rec_headers
        url = headers.get_header("WARC-Target-URI") or ""
        html = capture = None
        untyped = record.http_headers is not None and not media_type(record.http_headers)
        if record.rec_type == "response" and _is_page(record):
            if _packing(record) == "identity":
                capture = capture_of_record(record, url, _route_of(self._path), MAX_PAGE + 1)
                html = self._in_bounds(capture.payload)
            else:
                html = self._payload(record)
            self._seen[headers.get_header("WARC-Payload-Digest") or ""] = self._offset
        elif record.rec_type == "resource" and media_type(record.rec_headers) in PAGE_TYPES:
            html = self._bounded(record)
        elif record.rec_type == "revisit":
            html = self._revisited(headers.get_header("WARC-Payload-Digest") or "")
        if html is None or (untyped and not _MARKUP.search(html[:MAX_BEFORE_MARKUP])):
            return None
        content_type = record.http_headers.get_header("Content-Type", "") if record.http_headers else ""
        return WarcPage(
            url=url,
            fetched_at=read_stamp(headers.get_header("WARC-Date")),
            encoding=http_content_type_encoding(content_type),
            html=html,
            offset=self._seen.get(headers.get_header("WARC-Payload-Digest") or "", self._offset),
            answered=record.rec_type != "resource",
            capture=capture,
        )

    def _revisited(self, digest: str) -> bytes | None:
        """Return the payload of the earlier record with the same digest."""
        offset = self._seen.get(digest) if digest else None
        if offset is None:
            return None
        with self._path.open("rb") as stream:
            stream.seek(offset)
            return self._payload(next(iter(ArchiveIterator(stream, arc2warc=True))))

    def _payload(self, record: Any) -> bytes:
        packing = _packing(record)
        if packing not in ("identity", *BufferedReader.get_supported_decompressors()):
            raise self._failure(f"the page is compressed with {packing}, which can't be unpacked")
        return self._bounded(record)

    def _bounded(self, record: Any) -> bytes:
        return self._in_bounds(record.content_stream().read(MAX_PAGE + 1))

    def _in_bounds(self, payload: bytes) -> bytes:
        if len(payload) > MAX_PAGE:
            raise self._failure(f"the page is larger than {MAX_PAGE} bytes")
        return payload

    def _check_complete(self, record: Any) -> None:
        """Check the payload's length against Content-Length, since warcio reads a truncated record as a short one."""
        if record.rec_headers.get_header("Content-Length") is None:
            raise self._failure("the record is torn: its header has no Content-Length")
        while record.raw_stream.read(65536):
            pass
        if missing := getattr(record.raw_stream, "limit", 0):
            raise self._failure(f"the record is torn: {missing} bytes are missing")
        self._records.read_to_end()
        unpacking = self._records.reader.decompressor
        if unpacking is not None and not unpacking.eof:
            raise self._failure("the record is torn: its compressed data has no end")

    def _failure(self, why: str) -> ImportFileError:
        return ImportFileError(f"{self._path}: can't be read at offset {self._offset}: {why}")


def _packing(record: Any) -> str:
    return str(record.http_headers.get_header("Content-Encoding") or "identity").strip().lower()


def _starts_record(member: bytes) -> bool:
    """Whether a gzip member begins with a WARC record."""
    try:
        return zlib.decompressobj(wbits=31).decompress(member, 5) == b"WARC/"
    except zlib.error:
        return False


def _is_page(record: Any) -> bool:
    if record.http_headers is None or record.http_headers.get_statuscode() not in ("200", "203"):
        return False
    return media_type(record.http_headers) in (*PAGE_TYPES, "")  # servers of old leave the type out


def media_type(headers: Any) -> str:
    """Return the media type from a record's or a response's headers."""
    return str(headers.get_header("Content-Type") or "").lower().split(";")[0].strip()
