"""Decode a stored payload: content codings are removed the same way as in the crawl."""

from __future__ import annotations

import zlib
from functools import cache

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.gz import gunzip

from acca_crawler.exceptions import PayloadError
from acca_crawler.items import Capture

_ZLIB_STARTS = (b"\x78\x01", b"\x78\x9c", b"\x78\xda")
MAX_BYTES = 50_000_000
"""Maximum bytes of a decompressed page; a compressed one may be a decompression bomb."""


def decoded(capture: Capture) -> bytes:
    """Return a capture's payload without its Content-Encoding (gzip, deflate, br, zstd). Raises `PayloadError`."""
    encodings = [value for name, value in capture.response_headers if name.lower() == "content-encoding"]
    if not encodings:
        return unpacked(capture.payload)
    # With a type, so that Scrapy does not look through all the bytes for whether they are text.
    headers = {"Content-Encoding": encodings, "Content-Type": "text/plain"}
    response = Response(capture.url, headers=headers, body=capture.payload)
    request = Request(capture.url)
    try:
        opened = _middleware().process_response(request, response)
    except IgnoreRequest as error:
        raise PayloadError(f"larger than {MAX_BYTES} bytes") from error
    except Exception as error:  # zlib, brotli and zstd have no common base class
        raise PayloadError(f"can't be unpacked from {', '.join(encodings)}: {error}") from error
    assert isinstance(opened, Response)
    if left := opened.headers.getlist("Content-Encoding"):
        raise PayloadError(f"packed with {b', '.join(left).decode('latin-1')}, which can't be unpacked")
    return bytes(opened.body)


def unpacked(body: bytes) -> bytes:
    """Decompress undeclared gzip or zlib; return the bytes unchanged if they can't be decompressed."""
    try:
        if body.startswith(b"\x1f\x8b"):
            return gunzip(body, max_size=MAX_BYTES)
        if body.startswith(_ZLIB_STARTS):
            return _inflated(body)
        return body
    except Exception:  # noqa: BLE001 - a bomb or not gzip: Scrapy's and zlib's errors have no common base class
        return body


def _inflated(body: bytes) -> bytes:
    decompressor = zlib.decompressobj()
    found = decompressor.decompress(body, MAX_BYTES)
    return found if decompressor.eof else body


def declared_encoding(capture: Capture) -> str | None:
    """Return the charset of a capture's Content-Type header, or None."""
    content_type = next((value for name, value in capture.response_headers if name.lower() == "content-type"), "")
    return charset_of(content_type)


def charset_of(content_type: str) -> str | None:
    """Return the charset declared in a Content-Type header, or None."""
    _, _, charset = content_type.lower().partition("charset=")
    return charset.split(";")[0].strip(" \"'") or None


class _Unpacker(HttpCompressionMiddleware):
    """Scrapy's decompression outside a crawl: without statistics and with its own limit."""

    def __init__(self) -> None:
        self.stats = None
        self._max_size, self._warn_size = MAX_BYTES, 0


@cache
def _middleware() -> HttpCompressionMiddleware:
    return _Unpacker()
