"""Converts an exchange with a server to WARC/1.1 records and back. Bytes only: no files, no database.

The payload is kept exactly as received, still in its Content-Encoding. Chunked transfer coding is already decoded when
an HTTP client returns a payload, so a Transfer-Encoding header would describe bytes that do not exist: it is renamed
`X-Orig-Transfer-Encoding`, as browser-based archivers do. A Content-Length that differs from the payload's length is
renamed in the same way and replaced. Everything else in the headers is kept as received.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

import hashlib
import re
import string
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO, cast
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from isal import isal_zlib

from acca_crawler.items import Capture, CaptureKind
from storage.evidence.warcio_alone import (
    ArchiveIterator,
    ArchiveLoadFailed,
    ArcWarcRecord,
    StatusAndHeaders,
    WARCWriter,
)
from storage.exceptions import RecordError

REVISIT_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
Headers = tuple[tuple[str, str], ...]

# Recompressing compressed payloads would save 1 % of the space (the headers) but take most of the time.
_LEVEL_FOR_COMPRESSED = 0
# Never sent to the site, or the operator's own secret: excluded from the evidence.
_SECRETS = frozenset({"authorization", "proxy-authorization"})
_URL_SAFE = "".join(set(string.printable) - set(string.whitespace) - set("<>"))
_CHUNK = 1 << 16
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LINE_BREAKS = re.compile(r"[\r\n\0]+")
_RECORD_END = b"\r\n\r\n"
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
_EMPTY_SHA256 = hashlib.sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class RecordLocation:
    """Where a record begins: the file's path below the warc directory, and the offset in bytes."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class Original:
    """The earlier capture whose payload a revisit repeats."""

    capture_id: int
    record_id: str
    url: str
    fetched_at: str


@dataclass(frozen=True, slots=True)
class Packed:
    """A payload compressed ahead of its record, whose place in the file is not known yet.

    `deflated` is a part of a deflate stream that refers to nothing before it. Both digests are SHA-256; `block` covers
    the HTTP headers too.
    """

    deflated: bytes
    payload: bytes
    block: bytes


def pack(capture: Capture, level: int) -> Packed:
    """Hash and compress an answer's payload (gzip, `level` 0 to 9): what takes longer for large ones. Thread-safe."""
    block = hashlib.sha256(_response_head(capture))
    block.update(capture.payload)
    compressor = _compressor(_level(capture, level), -zlib.MAX_WBITS)
    deflated = compressor.compress(capture.payload) + compressor.flush(zlib.Z_FULL_FLUSH)
    return Packed(deflated, hashlib.sha256(capture.payload).digest(), block.digest())


@dataclass(frozen=True, slots=True)
class Record:
    """One parsed record: its WARC headers and its block, uncompressed."""

    type: str
    headers: Headers
    block: bytes

    def header(self, name: str) -> str | None:
        """Return the first value of a header (case-insensitive), or None."""
        for key, value in self.headers:
            if key == name:  # as we write it, and much the quicker comparison
                return value
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def required(self, name: str) -> str:
        """Return a header's value. Raises `RecordError` if it is missing."""
        value = self.header(name)
        if value is None:
            raise RecordError(f"the {self.type} record has no {name}")
        return value


def target_uri(url: str) -> str:
    """Return the URL as written in a record: blanks, control characters and non-ASCII letters percent-encoded."""
    return quote(url, safe=_URL_SAFE, errors="replace")


def record_id(location: RecordLocation, url: str, fetched_at: str, payload_sha256: str, role: str = "response") -> str:
    """Derive a record's id from its index row, so that the row identifies the record without storing the id."""
    name = " ".join((role, location.file, str(location.offset), fetched_at, target_uri(url), payload_sha256))
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, name)}>"


def digest_header(sha256: bytes) -> str:
    """Format a SHA-256 for a record: `sha256:` and hexadecimal, so that it can be compared by eye."""
    return f"sha256:{sha256.hex()}"


def digest_hex(header: str) -> str:
    """Return the SHA-256 (hex) from a digest header in our format. Raises `RecordError`."""
    algorithm, _, value = header.partition(":")
    if algorithm != "sha256" or not _SHA256.fullmatch(value):
        raise RecordError(f"not a SHA-256: {header!r}")
    return value


def warcinfo(file: str, *, created_at: str, fields: Iterable[tuple[str, str]], level: int) -> bytes:
    """Return the first record of a file, which names the writing software and the run, as gzip of `level` (0 to 9)."""
    block = "".join(f"{name}: {value}\r\n" for name, value in fields).encode()
    headers = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", record_id(RecordLocation(file, 0), "", created_at, "", "warcinfo")),
        ("WARC-Filename", file),
        ("WARC-Date", created_at),
        ("WARC-Block-Digest", digest_header(hashlib.sha256(block).digest())),
    ]
    return _member("warcinfo", headers, "application/warc-fields", None, block, level)


def response(
    capture: Capture,
    location: RecordLocation,
    payload_sha256: bytes,
    *,
    run_id: int,
    outlet: str,
    original: Original | None,
    level: int,
    packed: Packed | None = None,
) -> bytes:
    """Return the response record, or a revisit record if `original` already stores the payload, as gzip of `level`."""
    head = _response_head(capture)
    payload = b"" if original else capture.payload
    packed = None if original else packed
    block_digest = packed.block if packed else hashlib.sha256(head + payload).digest()
    headers = [
        ("WARC-Type", "revisit" if original else "response"),
        ("WARC-Record-ID", record_id(location, capture.url, capture.fetched_at, payload_sha256.hex())),
        ("WARC-Target-URI", target_uri(capture.url)),
        ("WARC-Date", capture.fetched_at),
        ("WARC-Payload-Digest", digest_header(payload_sha256)),
        ("WARC-Block-Digest", digest_header(block_digest)),
    ]
    if capture.ip_address:
        headers.append(("WARC-IP-Address", capture.ip_address))
    if _is_cut_short(capture):
        headers.append(("WARC-Truncated", "unspecified"))
    if original:
        headers += [
            ("WARC-Profile", REVISIT_PROFILE),
            ("WARC-Refers-To", original.record_id),
            ("WARC-Refers-To-Target-URI", target_uri(original.url)),
            ("WARC-Refers-To-Date", original.fetched_at),
        ]
    headers += _own_headers(capture, run_id, outlet)
    if payload:
        level = _level(capture, level)
    kind = "application/http; msgtype=response"
    return _member("revisit" if original else "response", headers, kind, head, payload, level, packed)


def _level(capture: Capture, level: int) -> int:
    return _LEVEL_FOR_COMPRESSED if _header(capture.response_headers, "content-encoding") else level


def resource(
    capture: Capture, location: RecordLocation, payload_sha256: bytes, *, run_id: int, outlet: str, level: int
) -> bytes:
    """Return the record of an imported file, only its bytes without HTTP headers, as gzip of `level`."""
    headers = [
        ("WARC-Type", "resource"),
        ("WARC-Record-ID", record_id(location, capture.url, capture.fetched_at, payload_sha256.hex())),
        ("WARC-Target-URI", target_uri(capture.url)),
        ("WARC-Date", capture.fetched_at),
        ("WARC-Payload-Digest", digest_header(payload_sha256)),
        ("WARC-Block-Digest", digest_header(payload_sha256)),
        *_own_headers(capture, run_id, outlet),
    ]
    content_type = _header(capture.response_headers, "content-type") or "application/octet-stream"
    return _member("resource", headers, content_type, None, capture.payload, level)


def is_file(capture: Capture) -> bool:
    """Return True if a capture is an imported file rather than an exchange with a server."""
    return capture.status == 0


def request(capture: Capture, location: RecordLocation, payload_sha256: bytes, *, level: int) -> bytes:
    """Return the request record that belongs to the response at `location`, as gzip of `level`."""
    head = _request_head(capture)
    identity = (location, capture.url, capture.fetched_at, payload_sha256.hex())
    headers = [
        ("WARC-Type", "request"),
        ("WARC-Record-ID", record_id(*identity, "request")),
        ("WARC-Target-URI", target_uri(capture.url)),
        ("WARC-Date", capture.fetched_at),
        ("WARC-Concurrent-To", record_id(*identity)),
        ("WARC-Payload-Digest", digest_header(_EMPTY_SHA256)),
        ("WARC-Block-Digest", digest_header(hashlib.sha256(head).digest())),
    ]
    return _member("request", headers, "application/http; msgtype=request", head, b"", level)


def whole_members(stream: BinaryIO, offset: int) -> Iterator[tuple[int, int]]:
    """Yield offset and length of each complete gzip member from `offset` on, up to the end or the first torn one.

    The caller may move the stream's position between two members.
    """
    while length := _member_length(stream, offset):
        yield offset, length
        offset += length


def _member_length(stream: BinaryIO, offset: int) -> int:
    """Return the length of the complete gzip member at `offset`, 0 if there is none."""
    stream.seek(offset)
    decompressor = zlib.decompressobj(zlib.MAX_WBITS + 16)
    length = 0
    while not decompressor.eof:
        chunk = stream.read(_CHUNK)
        if not chunk:
            return 0
        try:
            decompressor.decompress(chunk)
        except zlib.error:
            return 0
        length += len(chunk)
    return length - len(decompressor.unused_data)


def records(data: bytes) -> list[Record]:
    """Parse the records in a sequence of complete gzip members. Raises `RecordError`."""
    try:
        return [
            Record(record.rec_type, tuple(record.rec_headers.headers), record.raw_stream.read())
            for record in ArchiveIterator(BytesIO(data), no_record_parse=True)
        ]
    except (ArchiveLoadFailed, zlib.error, EOFError, AttributeError, TypeError, ValueError) as error:
        raise RecordError(f"not WARC records: {error}") from error


def first_record(data: bytes) -> tuple[Record, int]:
    """Parse the record of the first gzip member, as our writer lays it out, and return it with the member's length.

    Several times as fast as `records`, for checking every record of an archive. Raises `RecordError`.
    """
    decompressor = zlib.decompressobj(zlib.MAX_WBITS + 16)
    try:
        plain = decompressor.decompress(data)
        head, separator, rest = plain.partition(b"\r\n\r\n")
        version, *lines = head.decode().split("\r\n")
        pairs = [line.partition(": ") for line in lines]
        headers = tuple((name, value) for name, _, value in pairs)
        named = {name.lower(): value for name, _, value in pairs}
        length = int(named["content-length"])
    except (zlib.error, UnicodeDecodeError, KeyError, ValueError) as error:
        raise RecordError(f"not a WARC record: {error}") from error
    if not decompressor.eof or version != "WARC/1.1" or not separator or rest[length:] != b"\r\n\r\n":
        raise RecordError("not one whole WARC/1.1 record")
    return Record(named.get("warc-type", ""), headers, rest[:length]), len(data) - len(decompressor.unused_data)


def split_block(block: bytes) -> tuple[str, Headers, bytes]:
    """Split an HTTP block into first line, headers (Latin-1, as in HTTP) and payload. Raises `RecordError`."""
    head, separator, payload = block.partition(b"\r\n\r\n")
    if not separator:
        raise RecordError("the block has no end of its HTTP head")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return first, tuple((name, value.removeprefix(" ")) for name, _, value in pairs), payload


def payload_of(record: Record) -> bytes:
    """Return a record's payload; empty for a revisit. Raises `RecordError`."""
    return record.block if record.type == "resource" else split_block(record.block)[2]


def status_and_payload(record: Record) -> tuple[int, bytes]:
    """Return an answer's status (0 for a file) and its payload, without parsing the headers. Raises `RecordError`."""
    if record.type == "resource":
        return 0, record.block
    head, separator, payload = record.block.partition(b"\r\n\r\n")
    code = (*head.partition(b"\r\n")[0].split(b" ", 2), b"")[1]
    if not separator or not code.isdigit():
        raise RecordError(f"no HTTP status in {head[:40]!r}")
    return int(code), payload


def to_capture(answer: Record, question: Record | None, payload: bytes) -> Capture:
    """Rebuild the original capture, except for renamed headers and removed secrets.

    Raises `RecordError`.
    """
    if answer.type == "resource":
        headers: Headers = (("Content-Type", answer.header("Content-Type") or ""),)
        code, reason = "0", ""
    else:
        first, headers, _ = split_block(answer.block)
        _, code, reason = (*first.split(" ", 2), "", "")[:3]
    if not (code.isascii() and code.isdecimal()):
        raise RecordError(f"no HTTP status in {first!r}")
    method, request_headers = "", cast("Headers", ())
    if question is not None:
        line, request_headers, _ = split_block(question.block)
        method = line.partition(" ")[0]
    return Capture(
        url=answer.required("WARC-Target-URI"),
        kind=cast("CaptureKind", answer.required("ACCA-Kind")),
        fetched_at=answer.required("WARC-Date"),
        status=int(code),
        reason=reason,
        request_method=method,
        request_headers=request_headers,
        response_headers=headers,
        payload=payload,
        route=answer.required("ACCA-Route"),
        ip_address=answer.header("WARC-IP-Address"),
    )


def _own_headers(capture: Capture, run_id: int, outlet: str) -> list[tuple[str, str]]:
    return [
        ("ACCA-Run", str(run_id)),
        ("ACCA-Outlet", _one_line(outlet)),
        ("ACCA-Kind", capture.kind),
        ("ACCA-Route", _one_line(capture.route)),
        ("ACCA-Payload-Bytes", str(len(capture.payload))),
    ]


class _Head(StatusAndHeaders):  # type: ignore[misc]
    """HTTP headers that are written byte for byte; warcio's own class would percent-encode non-ASCII characters."""

    def __init__(self, raw: bytes) -> None:
        super().__init__("", [])
        self.headers_buff = raw

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        """Do nothing: the buffer is already complete."""

    def __bool__(self) -> bool:
        return True


def _member(
    record_type: str,
    headers: list[tuple[str, str]],
    content_type: str,
    head: bytes | None,
    payload: bytes,
    level: int,
    packed: Packed | None = None,
) -> bytes:
    warc_headers = StatusAndHeaders("", headers, protocol="WARC/1.1")
    http_headers = _Head(head) if head is not None else None
    record = ArcWarcRecord(
        "warc",
        record_type,
        warc_headers,
        BytesIO(b"" if packed else payload),
        http_headers,
        content_type,
        len(head or b"") + len(payload),
        payload_length=len(payload) if head is not None else -1,
    )
    plain = BytesIO()
    WARCWriter(plain, gzip=False, warc_version="1.1").write_record(record)
    if packed:
        return _around(plain.getvalue().removesuffix(_RECORD_END), payload, packed)
    compressor = _compressor(level, zlib.MAX_WBITS + 16)
    compressed: bytes = compressor.compress(plain.getbuffer()) + compressor.flush()
    return compressed


def _compressor(level: int, window: int) -> Any:
    """Return a compressor like zlib's for a level from 0 to 3; `window` as for `zlib.compressobj`.

    ISA-L takes less than half of zlib's time for the same number of bytes, but has no level that only stores them.
    """
    made_by = isal_zlib if level else zlib
    return made_by.compressobj(level, zlib.DEFLATED, window)


def _around(head: bytes, payload: bytes, packed: Packed) -> bytes:
    """Return the gzip member of a record whose payload is already compressed (RFC 1952)."""
    start, end = (zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS) for _ in range(2))
    checksum = zlib.crc32(_RECORD_END, zlib.crc32(payload, zlib.crc32(head)))
    size = len(head) + len(payload) + len(_RECORD_END)
    return b"".join(
        (
            _GZIP_HEAD, start.compress(head), start.flush(zlib.Z_FULL_FLUSH), packed.deflated,
            end.compress(_RECORD_END), end.flush(), struct.pack("<LL", checksum, size & 0xFFFFFFFF),
        )
    )  # fmt: skip


def _response_head(capture: Capture) -> bytes:
    headers = [_as_stored(capture, name, value) for name, value in capture.response_headers]
    length = _content_length(capture)
    if capture.payload and length is not None and length != len(capture.payload):
        headers.append(("Content-Length", str(len(capture.payload))))
    return _head(f"HTTP/1.1 {capture.status} {capture.reason}", headers)


def _as_stored(capture: Capture, name: str, value: str) -> tuple[str, str]:
    lowered = name.lower()
    wrong_length = lowered == "content-length" and capture.payload and value.strip() != str(len(capture.payload))
    return (f"X-Orig-{name}", value) if lowered == "transfer-encoding" or wrong_length else (name, value)


def _request_head(capture: Capture) -> bytes:
    parts = urlsplit(target_uri(capture.url))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [(name, value) for name, value in capture.request_headers if name.lower() not in _SECRETS]
    if _header(capture.request_headers, "host") is None:
        headers.insert(0, ("Host", parts.netloc.rpartition("@")[2]))
    return _head(f"{capture.request_method} {path} HTTP/1.1", headers)


def _head(first: str, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = [_one_line(first), *(f"{_one_line(name)}: {_one_line(value)}" for name, value in headers)]
    text = "\r\n".join(lines) + "\r\n\r\n"
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()


def _one_line(text: str) -> str:
    # A line break inside a header would move the boundary between headers and payload.
    return _LINE_BREAKS.sub(" ", text)


def _header(headers: Headers, name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name), None)


def _content_length(capture: Capture) -> int | None:
    value = (_header(capture.response_headers, "content-length") or "").strip()
    return int(value) if value.isascii() and value.isdigit() else None


def _is_cut_short(capture: Capture) -> bool:
    length = _content_length(capture)
    bodiless = capture.request_method == "HEAD" or capture.status in (204, 304)
    return length is not None and length > len(capture.payload) and not bodiless
