"""A CDXJ index on disk, as pywb, cdxj-indexer and Common Crawl write it, with the WARC files it points to beside it."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from acca_crawler.archives.commoncrawl import parse_cdxj, record_in
from acca_crawler.archives.listed_captures import ArchivedCapture, IndexPage
from acca_crawler.dedup.address import host_of
from acca_crawler.exceptions import CaptureMissing, WebArchiveError
from acca_crawler.items import Capture

LINES = 5_000
"""Lines read at a time."""


@dataclass(frozen=True, slots=True)
class LocalIndex:
    """An index file, plain or gzip; the files it names are relative to its folder."""

    path: Path

    @property
    def name(self) -> str:
        """The name in routes and counts."""
        return f"index {self.path.name}"

    def index(self, host: str, start_key: str = "") -> Iterator[IndexPage]:
        """List a host's pages that answered 200; a key is a number of lines. Raises `WebArchiveError`."""
        done = int(start_key or 0)
        try:
            with self._open() as lines:
                for _ in islice(lines, done):
                    pass
                while part := list(islice(lines, LINES)):
                    done += len(part)
                    captures, broken = parse_cdxj(b"".join(part))
                    kept = tuple(one for one in captures if _is_page(one) and host_of(one.url) == host)
                    yield IndexPage(kept, str(done) if len(part) == LINES else "", broken)
        except (OSError, EOFError) as error:
            raise WebArchiveError(f"{self.path}: {error}") from error

    def fetch(self, capture: ArchivedCapture) -> Capture:
        """Read one WARC record. Raises `CaptureMissing`, also for a file outside of the index's folder."""
        folder = self.path.parent.resolve()
        file = (folder / capture.file).resolve()
        if not file.is_relative_to(folder):
            raise CaptureMissing(f"{self.path}: {capture.file!r} is outside of its folder")
        try:
            with file.open("rb") as stream:
                stream.seek(capture.offset)
                data = stream.read(capture.length)
        except (OSError, ValueError) as error:
            raise CaptureMissing(f"{file}: {error}") from error
        return record_in(data, capture, f"{self.name} {capture.file} {capture.offset}+{capture.length}")

    def _open(self) -> BinaryIO:
        stream = self.path.open("rb")
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        return cast("BinaryIO", io.BufferedReader(gzip.GzipFile(fileobj=stream))) if packed else stream


def _is_page(one: ArchivedCapture) -> bool:
    return one.status == 200 and one.mime == "text/html"
