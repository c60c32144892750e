"""Detect a file's kind by its content: names and extensions are unreliable."""

from __future__ import annotations

import re
import zlib
from typing import Literal

from acca_crawler.exceptions import ImportFileError
from acca_crawler.extract.decoding import decode

FileKind = Literal["text", "html", "warc"]

LOOKED_AT = 65536
_GZIP = b"\x1f\x8b"
_MARKUP = re.compile(
    r"<(?:!doctype html|html|head|body|article|main|div|p|table|meta|title|h1)\b[^<>]*>", re.IGNORECASE
)
_MHTML = re.compile(rb"(?i)^MIME-Version:", re.MULTILINE)
_ARC = b"filedesc://"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(data: bytes) -> FileKind:
    """Detect the kind of a file; its first 64 KB are enough.

    An ARC file, the older form of WARC, counts as one. Raises `ImportFileError` for an empty file, a compressed file
    without a WARC, a page saved as MHTML, JSON, and anything binary.
    """
    if not data.strip():
        raise ImportFileError("the file is empty")
    if data.startswith((b"WARC/", _ARC)):
        return "warc"
    if data.startswith(_GZIP):
        if _first_bytes(data).startswith((b"WARC/", _ARC)):
            return "warc"
        raise ImportFileError("the file is compressed (gzip) and has no WARC records: unpack it first")
    text = decode(data[:LOOKED_AT])
    # A truncated page or a stray control character is still text. An image or a PDF is full of them.
    if data.startswith(b"%PDF-") or len(_CONTROL.findall(text)) * 200 > len(text):
        raise ImportFileError("the file is binary: a text dump, a saved HTML page or a WARC file is expected")
    if _MHTML.search(data[:2000]):
        raise ImportFileError("the page is saved as MHTML: save it as a web page (HTML), or record it as a WARC file")
    if text.lstrip("\ufeff \r\n\t").startswith(("{", "[{")):
        raise ImportFileError("the file is JSON: a text dump, a saved HTML page or a WARC file is expected")
    return "html" if _MARKUP.search(text) else "text"


def _first_bytes(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(data[:LOOKED_AT], 64)
    except zlib.error:
        return b""
