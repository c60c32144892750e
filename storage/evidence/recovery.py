"""Repairs WARC files that a dead process left behind: only the record being written is lost.

Complete records that are not indexed get indexed; the torn tail is copied to `FILE.torn-N`, then cut off.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from storage.evidence import index as capture_index
from storage.evidence import records
from storage.evidence.index import CaptureRow, FileRow
from storage.evidence.records import Record
from storage.exceptions import RecordError
from storage.schema.kinds import ArchiveDb
from storage.schema.numbers import typed_number

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recovered:
    """The result for one file. `problem` is the reason why a file, or a part of it, could not be repaired."""

    file: str
    indexed: tuple[int, ...] = ()
    torn_bytes: int = 0
    torn_file: str | None = None
    problem: str | None = None


def recover(db: ArchiveDb, directory: Path, *, closed_at: str) -> list[Recovered]:
    """Repair every unclosed file, and return the results; each is also logged as a warning.

    Must run while nothing is writing captures. Reads only unclosed files, so it costs next to nothing after a clean
    shutdown. A file that can't be read or repaired is reported, not raised: it must not block the next crawl.
    """
    names = [row.path for row in capture_index.unclosed_files(db)] + capture_index.unknown_files(db, directory)
    found = []
    for name in names:
        try:
            found.append(_recover_file(db, directory, name, closed_at))
        except (OSError, RecordError) as error:
            found.append(Recovered(name, problem=str(error)))
        logger.warning("a run was cut off: %s", found[-1])
    return found


def _recover_file(db: ArchiveDb, directory: Path, name: str, closed_at: str) -> Recovered:
    path = directory / name
    # Unbuffered: reads after the cut must not come from a buffer filled before it.
    with path.open("r+b", buffering=0) as stream:
        os.fsync(stream.fileno())
        row = capture_index.file(db, name) or _row_from_head(db, name, stream)
        if row is None:
            return _set_aside_whole(path)
        size = os.fstat(stream.fileno()).st_size
        end, lost = _indexed_end(db, row, size)
        indexed = []
        for capture in _captures_from(db, name, stream, end):
            if capture_index.shorten_record(db, capture):
                lost -= 1
            else:
                indexed.append(capture_index.insert_capture(db, capture))
            end = capture.end
        torn = _cut_tail(path, stream, end, size) if end < size else None
        capture_index.close_file(db, name, closed_at, end, _sha256(stream))
    problem = f"{lost} indexed captures lie beyond the file's end" if lost else None
    return Recovered(name, tuple(indexed), size - end if torn else 0, torn, problem)


def _row_from_head(db: ArchiveDb, name: str, stream: FileIO) -> FileRow | None:
    """Store the index row of a file that has none; None if not even its first record is complete."""
    member = next(records.whole_members(stream, 0), None)
    if member is None:
        return None
    stream.seek(0)
    head = stream.read(member[1])
    record = records.records(head)[0]
    part_of = next((line for line in record.block.decode().splitlines() if line.startswith("isPartOf: run ")), "")
    number = part_of.removeprefix("isPartOf: run ")
    run_id = typed_number(number)
    if run_id is None or not db.execute("SELECT 1 FROM runs WHERE id = ?", (run_id,)).fetchone():
        raise RecordError(f"the archive knows no run {number or 'for this file'}; the file was left as it is")
    row = FileRow(name, run_id, record.required("WARC-Date"), len(head), hashlib.sha256(head).hexdigest())
    capture_index.insert_file(db, row)
    return row


def _indexed_end(db: ArchiveDb, row: FileRow, size: int) -> tuple[int, int]:
    """Return the end of the last indexed record that is complete in the file, and the number of incomplete ones."""
    end, lost = min(row.head_bytes, size), 0
    for capture in capture_index.captures_in(db, row.path):
        if capture.end <= size:
            end = capture.end
        else:
            lost += 1
    return end, lost


def _captures_from(db: ArchiveDb, name: str, stream: FileIO, start: int) -> Iterator[CaptureRow]:
    """Yield the captures with complete records from `start` on, up to the first data that is not one of our records."""
    answer: tuple[Record, int, bytes] | None = None
    for offset, length in records.whole_members(stream, start):
        data = os.pread(stream.fileno(), length, offset)
        try:
            (record,) = records.records(data)
        except (RecordError, ValueError):
            break
        if answer and record.type == "request":
            yield _row(db, name, *answer, request=data)
            answer = None
            continue
        if answer:
            yield _row(db, name, *answer)
        answer = (record, offset, data) if record.type in ("response", "revisit", "resource") else None
        if answer is None:
            return
    if answer:
        yield _row(db, name, *answer)


def _row(db: ArchiveDb, name: str, record: Record, offset: int, data: bytes, request: bytes = b"") -> CaptureRow:
    payload_sha256 = records.digest_hex(record.required("WARC-Payload-Digest"))
    original = None
    if record.type == "revisit":
        original = capture_index.capture_by_record_id(db, record.required("WARC-Refers-To"), payload_sha256)
    capture = records.to_capture(record, None, b"")
    return CaptureRow(
        run_id=int(record.required("ACCA-Run")),
        outlet=record.required("ACCA-Outlet"),
        url=capture.url,
        kind=capture.kind,
        route=capture.route,
        fetched_at=capture.fetched_at,
        status=capture.status,
        ip_address=capture.ip_address,
        payload_sha256=payload_sha256,
        payload_bytes=int(record.required("ACCA-Payload-Bytes")),
        warc_file=name,
        warc_offset=offset,
        warc_length=len(data),
        revisit_of=original.id if original else None,
        record_bytes=len(data) + len(request),
        record_sha256=hashlib.sha256(data + request).hexdigest(),
    )


def _cut_tail(path: Path, stream: FileIO, end: int, size: int) -> str:
    """Copy the data after `end` into a separate file, flush it to disk, and only then truncate the original."""
    aside = _free_name(path)
    with aside.open("xb") as copy:
        stream.seek(end)
        while chunk := stream.read(1 << 20):
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    os.ftruncate(stream.fileno(), end)
    os.fsync(stream.fileno())
    return aside.name


def _set_aside_whole(path: Path) -> Recovered:
    size = path.stat().st_size
    aside = _free_name(path)
    path.rename(aside)
    return Recovered(path.name, torn_bytes=size, torn_file=aside.name)


def _free_name(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.torn-{number}")).exists():
        number += 1
    return aside


def _sha256(stream: FileIO) -> str:
    stream.seek(0)
    return hashlib.file_digest(stream, "sha256").hexdigest()
