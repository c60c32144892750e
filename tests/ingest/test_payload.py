"""Payloads in every content coding that a crawl asks for, and those that can't be unpacked."""

from __future__ import annotations

import gzip
import sys
import zlib

import brotli  # type: ignore[import-untyped]
import pytest

from acca_crawler.exceptions import PayloadError
from acca_crawler.ingest import payload
from acca_crawler.items import Capture

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = "<h1>Гүлнара Айтова суд залынан босатылды</h1>".encode() * 50


def capture(data: bytes, *encodings: str) -> Capture:
    headers = (("Content-Type", "text/html; charset=utf-8"), *(("Content-Encoding", one) for one in encodings))
    return Capture("https://khabar.example/a", "article", "2026-11-22T10:00:00Z", 200, "OK", "GET", (), headers, data)


@pytest.mark.parametrize(
    ("data", "encodings"),
    [
        (PAGE, ()),
        (gzip.compress(PAGE, mtime=0), ("gzip",)),
        (gzip.compress(PAGE, mtime=0), ("x-gzip",)),
        (zlib.compress(PAGE), ("deflate",)),
        (brotli.compress(PAGE), ("br",)),
        (zstd.compress(PAGE), ("zstd",)),
        (gzip.compress(brotli.compress(PAGE), mtime=0), ("br, gzip",)),
        (gzip.compress(brotli.compress(PAGE), mtime=0), ("br", "gzip")),
    ],
)
def test_a_payload_is_unpacked_as_the_crawl_does(data: bytes, encodings: tuple[str, ...]) -> None:
    assert payload.decoded(capture(data, *encodings)) == PAGE
    assert payload.declared_encoding(capture(data, *encodings)) == "utf-8"


@pytest.mark.parametrize(("data", "encoding"), [(b"no gzip", "gzip"), (PAGE, "snappy")])
def test_what_cannot_be_unpacked_is_an_error(data: bytes, encoding: str) -> None:
    with pytest.raises(PayloadError):
        payload.decoded(capture(data, encoding))


def test_what_unpacks_to_too_much_is_an_error() -> None:
    data = gzip.compress(bytes(payload.MAX_BYTES + 1), compresslevel=1, mtime=0)
    with pytest.raises(PayloadError):
        payload.decoded(capture(data, "gzip"))
