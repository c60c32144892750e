"""Read large WARC files piece by piece: the articles of declared outlets, and why the other records were skipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from acca_crawler.detect import Detector
from acca_crawler.exceptions import FurtherPart, NotAnArticle
from acca_crawler.importing.hosts import HostIndex
from acca_crawler.importing.warc import PAGE_TYPES, UNREADABLE, capture_of_record, media_type
from acca_crawler.ingest.capture import article_in
from acca_crawler.items import Article, Capture, Page
from acca_crawler.outlets import Outlet

PIECE = 2_000
"""Records read before what was found is stored and the offset saved."""


@dataclass(frozen=True, slots=True)
class Found:
    """An article on a page of a declared outlet, and the capture it was read from."""

    outlet: str
    capture: Capture
    article: Article
    page: Page


@dataclass(frozen=True, slots=True)
class ReadPiece:
    """A piece of a file: what was found, why other records were skipped, and where the next piece starts.

    `next_offset` is the file's size after the last piece. `error` is why the file can't be read further, if so.
    """

    next_offset: int
    found: tuple[Found, ...]
    skipped: Counter[str]
    error: str = ""


class Reader:
    """Reads pieces of WARC files; writes nothing."""

    def __init__(self, outlets: Mapping[str, Outlet], detector: Detector) -> None:
        self._outlets = outlets
        self._hosts = HostIndex(outlets)
        self._detector = detector

    def read(self, file: Path, offset: int) -> ReadPiece:
        """Read up to `PIECE` records from an offset on. A file that can't be read further ends with the reason."""
        skipped: Counter[str] = Counter()
        found: list[Found] = []
        try:
            with file.open("rb") as stream:
                reached = self._records(file, stream, offset, found, skipped)
        except UNREADABLE as error:
            why = str(error).strip().split("\n")[0] or type(error).__name__
            return ReadPiece(offset, tuple(found), skipped, f"can't be read after offset {offset}: {why}")
        return ReadPiece(reached, tuple(found), skipped)

    def _records(self, file: Path, stream: BinaryIO, offset: int, found: list[Found], skipped: Counter[str]) -> int:
        """Read records and return the offset of the first one not read; the file's size at its end."""
        stream.seek(offset)
        records = ArchiveIterator(stream, arc2warc=True)
        for number, record in enumerate(records):
            if number == PIECE:
                return int(records.offset)
            self._record(file, record, found, skipped)
            _require_whole(record)
        size = file.stat().st_size
        if records.offset != size:
            raise ArchiveLoadFailed("the file ends in the middle of a record")
        return size

    def _record(self, file: Path, record: Any, found: list[Found], skipped: Counter[str]) -> None:
        if record.rec_type != "response":
            return
        url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
        name, why = self._hosts.outlet_of(url)
        if not name:
            skipped[why] += 1
        elif record.http_headers is None or record.http_headers.get_statuscode() != "200":
            skipped["not answered with 200"] += 1
        elif media_type(record.http_headers) not in PAGE_TYPES:
            skipped["not a page"] += 1
        else:
            self._article(capture_of_record(record, url, f"import of {file.name}"), name, found, skipped)

    def _article(self, capture: Capture, name: str, found: list[Found], skipped: Counter[str]) -> None:
        try:
            article, page = article_in(capture, name, self._outlets[name], capture_id=None, detector=self._detector)
        except FurtherPart:
            skipped["a further part of an article"] += 1
        except NotAnArticle:
            skipped["no article on the page"] += 1
        except Exception as error:  # noqa: BLE001 - the file's other pages are still imported
            skipped[f"not read: {type(error).__name__}"] += 1
        else:
            found.append(Found(name, capture, article, page))


def _require_whole(record: Any) -> None:
    """Raise `ArchiveLoadFailed` if a record is shorter than it says; warcio reads a torn one as a short one."""
    while record.raw_stream.read(1 << 20):
        pass
    if missing := getattr(record.raw_stream, "limit", 0):
        raise ArchiveLoadFailed(f"the record is torn: {missing} bytes are missing")
