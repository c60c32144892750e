"""A kept payload as the page that it was: content codings taken off the way the crawl takes them off."""

from __future__ import annotations

from functools import cache

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.gz import gunzip

from acca_crawler.exceptions import PayloadError
from acca_crawler.items import Capture

MAX_BYTES = 50_000_000
"""Bytes of an unpacked page; a compressed one may be a bomb."""


def decoded(capture: Capture) -> bytes:
    """The payload of a capture without its Content-Encoding (gzip, deflate, br, zstd). Raises `PayloadError`."""
    encodings = [value for name, value in capture.response_headers if name.lower() == "content-encoding"]
    if not encodings:
        return unpacked(capture.payload)
    response = Response(capture.url, headers={"Content-Encoding": encodings}, body=capture.payload)
    request = Request(capture.url)
    try:
        opened = _middleware().process_response(request, response)
    except IgnoreRequest as error:
        raise PayloadError(f"larger than {MAX_BYTES} bytes") from error
    except Exception as error:  # zlib, brotli and zstd share no base
        raise PayloadError(f"can't be unpacked from {', '.join(encodings)}: {error}") from error
    assert isinstance(opened, Response)
    if left := opened.headers.getlist("Content-Encoding"):
        raise PayloadError(f"packed with {b', '.join(left).decode('latin-1')}, which can't be unpacked")
    return bytes(opened.body)


def unpacked(body: bytes) -> bytes:
    """A page without the gzip that no header declares; the bytes as they are where they can't be unpacked."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return gunzip(body, max_size=MAX_BYTES)
    except Exception:  # noqa: BLE001 - a bomb or no gzip: Scrapy and zlib share no base
        return body


def declared_encoding(capture: Capture) -> str | None:
    """The charset of a capture's Content-Type header, or None."""
    content_type = next((value for name, value in capture.response_headers if name.lower() == "content-type"), "")
    return charset_of(content_type)


def charset_of(content_type: str) -> str | None:
    """The charset that a Content-Type header declares, or None."""
    _, _, charset = content_type.lower().partition("charset=")
    return charset.split(";")[0].strip(" \"'") or None


class _Unpacker(HttpCompressionMiddleware):
    """Scrapy's own, outside of a crawl: no statistics, and a limit of its own."""

    def __init__(self) -> None:
        self.stats = None
        self._max_size, self._warn_size = MAX_BYTES, 0


@cache
def _middleware() -> HttpCompressionMiddleware:
    return _Unpacker()
