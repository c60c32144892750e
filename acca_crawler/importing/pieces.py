"""Scan large WARC files piece by piece: the captures of declared outlets, and why the other records were skipped.

FastWARC finds the records, since nearly all of a collection's belong to nobody's outlet; the few that are kept are then
read like every other WARC file, so that the evidence is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator as RecordFinder
from fastwarc.warc import WarcRecordType

from acca_crawler.importing.hosts import HostIndex
from acca_crawler.importing.warc import PAGE_TYPES, UNREADABLE, capture_of_record, media_type
from acca_crawler.items import Capture
from acca_crawler.outlets import Outlet
from storage.evidence.warcio_alone import ArchiveIterator, ArchiveLoadFailed

PIECE = 2_000
"""Records scanned before what was found is stored and the offset saved."""

PIECE_BYTES = 16 * 1024**2
"""Bytes of the file, and of payload kept, after which a piece ends early, so that it fits into memory and limits."""


@dataclass(frozen=True, slots=True)
class FoundCapture:
    """A capture at an article's address of a declared outlet; `offset` (bytes) is its record's place in the file."""

    outlet: str
    offset: int
    capture: Capture


@dataclass(frozen=True, slots=True)
class ScannedPiece:
    """A piece of a file: what was found, why other records were skipped, and where the next piece starts.

    `next_offset` is the file's size after the last piece. `error` is why the file can't be read further, if so.
    """

    next_offset: int
    found: tuple[FoundCapture, ...]
    skipped: Counter[str]
    error: str = ""


class Scanner:
    """Scans pieces of WARC files; writes nothing and extracts nothing."""

    def __init__(self, outlets: Mapping[str, Outlet]) -> None:
        self._hosts = HostIndex(outlets)

    def __call__(self, file: Path, offset: int) -> ScannedPiece:
        """Scan up to `PIECE` records from an offset on. A file that can't be read further ends with the reason."""
        skipped: Counter[str] = Counter()
        found: list[FoundCapture] = []
        try:
            with file.open("rb") as stream, file.open("rb") as again:
                reached = self._records(file, stream, again, offset, found, skipped)
        except UNREADABLE as error:
            why = str(error).strip().split("\n")[0] or type(error).__name__
            return ScannedPiece(offset, tuple(found), skipped, f"can't be read after offset {offset}: {why}")
        return ScannedPiece(reached, tuple(found), skipped)

    def _records(
        self,
        file: Path,
        stream: BinaryIO,
        again: BinaryIO,
        offset: int,
        found: list[FoundCapture],
        skipped: Counter[str],
    ) -> int:
        """Scan records and return the offset of the first one not scanned; the file's size at its end.

        `again` is the same file, for reading single records of it.
        """
        stream.seek(offset)
        kept, last = 0, offset
        for number, record in enumerate(RecordFinder(stream, parse_http=False)):
            last = record.stream_pos
            if number == PIECE or last - offset > PIECE_BYTES or kept > PIECE_BYTES:
                return last
            if record.record_type == WarcRecordType.response:
                kept += self._response(file, record, again, found, skipped)
        _require_end(again, last, file.stat().st_size)
        return file.stat().st_size

    def _response(
        self, file: Path, record: Any, again: BinaryIO, found: list[FoundCapture], skipped: Counter[str]
    ) -> int:
        """Keep a response or count why not; return the bytes kept."""
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
        name, why = self._hosts.outlet_of(url)
        if not name:
            skipped[why] += 1
            return 0
        again.seek(record.stream_pos)
        whole = next(iter(ArchiveIterator(again)), None)
        if whole is None:  # the finder is more lenient than the reader
            skipped["a damaged record"] += 1
        elif whole.http_headers is None or whole.http_headers.get_statuscode() != "200":
            skipped["not answered with 200"] += 1
        elif media_type(whole.http_headers) not in PAGE_TYPES:
            skipped["not a page"] += 1
        else:
            capture = capture_of_record(whole, url, f"import of {file.name}")
            _require_whole(whole)
            found.append(FoundCapture(name, record.stream_pos, capture))
            return len(capture.payload)
        return 0


def _require_end(stream: BinaryIO, offset: int, size: int) -> None:
    """Raise `ArchiveLoadFailed` if the file's last record, at an offset, is torn: nothing after it shows that."""
    stream.seek(offset)
    records = ArchiveIterator(stream)
    for record in records:
        _require_whole(record)
    if records.offset != size:
        raise ArchiveLoadFailed("the file ends in the middle of a record")


def _require_whole(record: Any) -> None:
    """Raise `ArchiveLoadFailed` if a record is shorter than it says; warcio reads a torn one as a short one."""
    while record.raw_stream.read(1 << 20):
        pass
    if missing := getattr(record.raw_stream, "limit", 0):
        raise ArchiveLoadFailed(f"the record is torn: {missing} bytes are missing")
