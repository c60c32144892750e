"""Writes captures as WACZ 1.1.1, the packaged web archive that ReplayWeb.page opens.

The records are copied byte for byte from the archive's WARC files, so their hashes stay those of the index. The result
depends only on the arguments: no clock, no random ids. https://specs.webrecorder.net/wacz/1.1.1/
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from acca_crawler import __version__
from storage.evidence import records
from storage.evidence.index import CaptureRow

BLOCK_LINES = 1000
"""Lines of the index in one compressed block; replay reads whole blocks."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
_GZIP_LEVEL = 9
_WWW = re.compile(r"www\d*")


@dataclass(frozen=True, slots=True)
class PackedCapture:
    """A capture with its records as they are in the archive's file."""

    row: CaptureRow
    data: bytes


@dataclass(frozen=True, slots=True)
class WaczPage:
    """An entry of the page list: what a reader can open, with its title and the time of its capture (UTC)."""

    url: str
    fetched_at: str
    title: str


@dataclass(frozen=True, slots=True)
class Wacz:
    """A finished WACZ, and where it keeps each capture: the offset in `archive/` + the row's file, by capture id."""

    data: bytes
    offsets: Mapping[int, int]


def make_wacz(
    heads: Mapping[str, bytes],
    captures: Sequence[PackedCapture],
    pages: Iterable[WaczPage],
    *,
    title: str,
    made_at: str,
) -> Wacz:
    """Package captures in order of their ids; `heads` are the first records of their files, `made_at` a UTC stamp."""
    warcs: dict[str, bytearray] = {}
    offsets: dict[int, int] = {}
    lines: list[str] = []
    for capture in captures:
        name = capture.row.warc_file
        warc = warcs.setdefault(name, bytearray(heads[name]))
        offsets[capture.row.id] = len(warc)
        lines.append(_cdx_line(capture, len(warc)))
        warc += capture.data
    index, summary = _index(sorted(lines))
    files = {f"archive/{name}": bytes(warc) for name, warc in sorted(warcs.items())}
    files |= {"indexes/index.cdx.gz": index, "indexes/index.idx": summary, "pages/pages.jsonl": _page_list(pages)}
    package = _datapackage(files, title, made_at)
    digest = _json({"path": "datapackage.json", "hash": _sha256(package)})
    return Wacz(zipped(files | {"datapackage.json": package, "datapackage-digest.json": digest}), offsets)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of the files whose bytes depend on nothing else; compressed formats are stored as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.external_attr = 0o644 << 16
            info.create_system = 3
            info.compress_type = zipfile.ZIP_STORED if name.endswith((".gz", ".wacz")) else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def surt(url: str) -> str:
    """Return the URL's sort key, as ReplayWeb.page computes it: host reversed, `www.` dropped, query sorted."""
    if not url.lower().startswith(("http:", "https:")):
        return url
    parts = urlsplit(url.lower())
    labels = (parts.hostname or "").split(".")
    if len(labels) > 1 and _WWW.fullmatch(labels[0]):
        labels = labels[1:]
    port = f":{parts.port}" if parts.port and parts.port != {"http": 80, "https": 443}[parts.scheme] else ""
    query = "&".join(sorted(parts.query.split("&"), key=lambda pair: pair.partition("=")[0]))
    return f"{','.join(reversed(labels))}{port}){parts.path or '/'}{f'?{query}' if query else ''}"


def _cdx_line(capture: PackedCapture, offset: int) -> str:
    """Return the index line of a capture's response, revisit or resource record (CDXJ)."""
    row = capture.row
    url = records.target_uri(row.url)
    entry = {
        "url": url,
        "mime": "warc/revisit" if row.revisit_of is not None else _media_type(capture),
        "filename": row.warc_file,
        "offset": str(offset),
        "length": str(row.warc_length),
        "digest": f"sha256:{row.payload_sha256}",
    }
    if row.status:
        entry["status"] = str(row.status)
    return f"{surt(url)} {_compact(row.fetched_at)} {json.dumps(entry, ensure_ascii=False)}\n"


def _media_type(capture: PackedCapture) -> str:
    (record,) = records.records(capture.data[: capture.row.warc_length])
    headers = records.to_capture(record, None, b"").response_headers
    found = next((value for name, value in headers if name.lower() == "content-type"), "")
    return found.partition(";")[0].strip().lower() or "unk"


def _index(lines: list[str]) -> tuple[bytes, bytes]:
    """Return the compressed index and its summary: one line per block, with the block's place and hash."""
    blocks = io.BytesIO()
    summary = ['!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n']
    for start in range(0, len(lines), BLOCK_LINES):
        chosen = lines[start : start + BLOCK_LINES]
        block = gzip.compress("".join(chosen).encode(), _GZIP_LEVEL, mtime=0)
        place = {"offset": blocks.tell(), "length": len(block), "digest": _sha256(block), "filename": "index.cdx.gz"}
        key = " ".join(chosen[0].split(" ", 2)[:2])
        summary.append(f"{key} {json.dumps(place)}\n")
        blocks.write(block)
    return blocks.getvalue(), "".join(summary).encode()


def _page_list(pages: Iterable[WaczPage]) -> bytes:
    lines: list[dict[str, object]] = [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}]
    for page in pages:
        key = hashlib.sha256(f"{page.fetched_at} {page.url}".encode()).hexdigest()[:22]
        lines.append({"id": key, "url": records.target_uri(page.url), "title": page.title, "ts": page.fetched_at})
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode()


def _datapackage(files: Mapping[str, bytes], title: str, made_at: str) -> bytes:
    resources = [
        {"name": name.rpartition("/")[2].lower(), "path": name, "hash": _sha256(data), "bytes": len(data)}
        for name, data in files.items()
    ]
    return _json(
        {
            "profile": "data-package",
            "resources": resources,
            "wacz_version": "1.1.1",
            "title": title,
            "software": f"acca-crawler {__version__}",
            "created": made_at,
        }
    )


def _json(value: object) -> bytes:
    return f"{json.dumps(value, ensure_ascii=False, indent=2)}\n".encode()


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _compact(stamp: str) -> str:
    """Return a UTC stamp as 14 digits."""
    return "".join(letter for letter in stamp if letter.isdigit())[:14]
