"""Lists that a server sends packed with gzip without saying so, as files of sitemaps and cached feeds are."""

from __future__ import annotations

import gzip
import zlib
from io import BytesIO

from acca_crawler.exceptions import DiscoveryError

MAX_BYTES = 50 * 1024 * 1024
"""Largest unpacked list (bytes): what the sitemap protocol allows."""
_GZIP = b"\x1f\x8b"


def unpacked(body: bytes) -> bytes:
    """Return the bytes of a list, unpacked if they are gzip.

    Strict, unlike Scrapy: half a sitemap would make all articles in the other half look removed. Raises
    `DiscoveryError` if they can't be unpacked or are more than `MAX_BYTES`.
    """
    if not body.startswith(_GZIP):
        return body
    try:
        with gzip.GzipFile(fileobj=BytesIO(body)) as file:
            found = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DiscoveryError(f"gzip can't be unpacked: {error}") from error
    if len(found) > MAX_BYTES:
        raise DiscoveryError(f"gzip can't be unpacked: more than {MAX_BYTES} bytes")
    return found
