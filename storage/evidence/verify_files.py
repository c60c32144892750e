"""Checks the WARC files byte by byte against their index, and each index row against its record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from storage.evidence import index as capture_index
from storage.evidence import records
from storage.evidence.index import SUFFIX, CaptureRow, FileRow, PrunedRow
from storage.evidence.records import Record
from storage.evidence.verify_findings import Finding, FindingKind
from storage.exceptions import RecordError
from storage.schema.kinds import ArchiveDb

# What a capture is written with: gzip, deflate, no flags, no time. The two bytes after that depend on level and system.
_GZIP_START = b"\x1f\x8b\x08\x00\x00\x00\x00\x00"
_CHUNK = 1 << 20
_COMPARED = (
    "ACCA-Run", "ACCA-Outlet", "WARC-Target-URI", "ACCA-Kind", "ACCA-Route", "WARC-Date", "WARC-Payload-Digest",
    "ACCA-Payload-Bytes",
)  # fmt: skip
"""Headers of a record that its row repeats."""


def check_pruned_files(db: ArchiveDb, since_run: int) -> Iterator[Finding]:
    """Check the files that retention removed, of the runs from `since_run` on."""
    pruned = {row.path: row for row in capture_index.pruned(db)}
    for file in capture_index.files(db):
        if file.path in pruned and file.run_id >= since_run:
            yield from _check_pruned(file, pruned[file.path])


def check_file(db: ArchiveDb, directory: Path, path: str) -> Iterator[Finding]:
    """Check one file of the index byte by byte, and the rows of its captures."""
    file = capture_index.file(db, path)
    assert file is not None, "the caller read its path from the index"
    yield from _check_present(db, directory, file)


def check_unindexed(db: ArchiveDb, directory: Path) -> Iterator[Finding]:
    """Check that the directory has no file that is not in the index."""
    yield from _unknown(db, directory)


def check_without_file_row(db: ArchiveDb) -> Iterator[Finding]:
    """Check that each capture's file is in the index."""
    yield from _without_file_row(db)


def _check_pruned(file: FileRow, gone: PrunedRow) -> Iterator[Finding]:
    message = f"pruned by rule {gone.rule} on {gone.pruned_at}"
    yield Finding("pruned-file", message, file=file.path, table="pruned", row=gone.id)
    if (gone.bytes, gone.sha256) != (file.bytes, file.sha256):
        message = "size or hash is not that of the file it names"
        yield Finding("edited-row", message, file=file.path, table="pruned", row=gone.id)


def _check_present(db: ArchiveDb, directory: Path, file: FileRow) -> Iterator[Finding]:
    try:
        with (directory / file.path).open("rb") as stream:
            yield from _FileCheck(db, file, stream).findings()
    except OSError as error:
        message = f"can't be read: {error.strerror}"
        yield Finding("missing-file", message, file=file.path, table="warc_files", row=file.path)


def _unknown(db: ArchiveDb, directory: Path) -> Iterator[Finding]:
    running = {str(number) for (number,) in db.execute("SELECT id FROM runs WHERE status = 'running'")}
    for name in capture_index.unknown_files(db, directory):
        run = name.removesuffix(SUFFIX).split("-")[1:2]
        if run and run[0] in running:
            yield Finding("open-file", "just begun by a run that is open", file=name)
        else:
            yield Finding("unknown-file", "is in no row of warc_files", file=name)
    for path in sorted(directory.glob(f"*{SUFFIX}.torn-*")):
        yield Finding("torn-tail", f"{path.stat().st_size} bytes of a write that was cut off", file=path.name)


def _without_file_row(db: ArchiveDb) -> Iterator[Finding]:
    rows = db.execute(
        """
        SELECT warc_file, count(*) FROM captures WHERE warc_file NOT IN (SELECT path FROM warc_files)
        GROUP BY warc_file ORDER BY warc_file
        """
    )
    for name, count in rows:
        message = f"has no row, but {count} captures are recorded in it"
        yield Finding("missing-row", message, file=name, table="warc_files", row=name)


class _FileCheck:
    """One pass over a file: every byte belongs to its first record or to a capture, and matches the stored hash."""

    def __init__(self, db: ArchiveDb, file: FileRow, stream: BinaryIO) -> None:
        self._db = db
        self._file = file
        self._stream = stream
        self._size = stream.seek(0, 2)
        self._sha256 = hashlib.sha256()
        self._read_up_to = 0
        self._changed: list[CaptureRow] = []
        self._sound = True

    def findings(self) -> Iterator[Finding]:
        for finding in self._walk():
            self._sound = False
            yield finding
        yield from self._end()

    def _walk(self) -> Iterator[Finding]:
        head = self._take(0, self._file.head_bytes)
        head_is_sound = hashlib.sha256(head).hexdigest() == self._file.head_sha256
        for row in capture_index.captures_in(self._db, self._file.path):
            if row.warc_offset > self._read_up_to:
                yield from self._gap(row.warc_offset)
            if row.warc_offset > self._read_up_to:
                yield _at(row, "missing-bytes", "the file ends before the record begins")
                continue
            data = self._take(row.warc_offset, row.record_bytes)
            if len(data) < row.record_bytes:
                yield _at(row, "missing-bytes", "the file ends before the record does")
            elif hashlib.sha256(data).hexdigest() != row.record_sha256:
                self._changed.append(row)
            else:
                yield from _compare(self._db, row, data)
        if self._file.bytes is not None and self._file.bytes > self._read_up_to:
            yield from self._gap(self._file.bytes)
        if not head_is_sound:
            yield from self._explain_head(head)

    def _end(self) -> Iterator[Finding]:
        """Report what only the whole file shows: extra or missing bytes, and which side of a mismatch was changed."""
        path, closed = self._file.path, self._file.sha256 is not None
        bytes_are_sound = closed and self._sha256.hexdigest() == self._file.sha256
        if closed and self._read_up_to < (self._file.bytes or 0):
            missing = (self._file.bytes or 0) - self._read_up_to
            yield Finding("missing-bytes", f"{missing} bytes are missing", file=path, offset=self._read_up_to)
        for row in self._changed:
            if bytes_are_sound:
                yield _at(row, "edited-row", "offset, length or hash are not those of a record in the file")
            else:
                yield from self._explain(row)
        if closed and not bytes_are_sound and self._sound and not self._changed:
            message = "bytes or sha256 are not those of the file, whose records are all as stored"
            yield Finding("edited-row", message, file=path, table="warc_files", row=path)
        extra = self._size - self._read_up_to
        if extra > 0 and closed:
            message = f"{extra} bytes follow the end of the file as it was closed"
            yield Finding("extra-bytes", message, file=path, offset=self._read_up_to)
        elif not closed:
            tail = f", {extra} bytes after the last indexed record" if extra > 0 else ""
            yield Finding("open-file", f"not closed: being written, or left by a killed run{tail}", file=path)

    def _take(self, offset: int, size: int) -> bytes:
        """Read a range, which may overlap the previous one; each byte is hashed once, in order."""
        data = self._read(offset, size)
        self._sha256.update(data[max(0, self._read_up_to - offset) :])
        self._read_up_to = max(self._read_up_to, offset + len(data))
        return data

    def _read(self, offset: int, size: int) -> bytes:
        # Offset and size may come from an edited row.
        if not 0 <= offset < self._size:
            return b""
        self._stream.seek(offset)
        return self._stream.read(max(0, min(size, self._size - offset)))

    def _gap(self, end: int) -> Iterator[Finding]:
        """Report unindexed bytes up to `end`: the records of deleted rows, as far as they can be read."""
        for offset, length in records.whole_members(self._stream, self._read_up_to):
            if offset + length > end:
                break
            try:
                (record,) = records.records(self._take(offset, length))
            except ValueError:
                continue
            if record.type in ("response", "revisit", "resource"):
                message = f"the row of this record is gone: {record.header('WARC-Target-URI')}"
                yield self._finding("missing-row", message, offset, record.header("WARC-Record-ID"))
        while rest := self._take(self._read_up_to, min(end - self._read_up_to, _CHUNK)):
            offset = self._read_up_to - len(rest)
            yield self._finding("missing-row", f"no row accounts for {len(rest)} bytes", offset)

    def _finding(self, kind: FindingKind, message: str, offset: int, record: str | None = None) -> Finding:
        return Finding(kind, message, self._file.path, offset, record, "captures")

    def _explain_head(self, head: bytes) -> Iterator[Finding]:
        path = self._file.path
        if self._file.sha256 and self._sha256.hexdigest() == self._file.sha256:
            message = "head_bytes or head_sha256 are not those of the first record"
            yield Finding("edited-row", message, file=path, table="warc_files", row=path)
        else:
            message = _what_is_wrong(head) or "compressed otherwise than it was stored, the content is the same"
            yield Finding("changed-bytes", message, file=path, offset=0, record="warcinfo")

    def _explain(self, row: CaptureRow) -> Iterator[Finding]:
        """Report which of a capture's records was changed, and how it shows."""
        data = self._read(row.warc_offset, row.record_bytes)
        answer, question = data[: row.warc_length], data[row.warc_length :]
        wrong = _what_is_wrong(answer) if answer else "the record is not there"
        wrong_request = _what_is_wrong(question) if question else None
        if wrong:
            yield _at(row, "changed-bytes", wrong)
        if wrong_request:
            found = _at(row, "changed-bytes", f"its request record: {wrong_request}")
            yield replace(found, offset=row.warc_offset + len(answer))
        if not wrong and not wrong_request:
            yield _at(row, "changed-bytes", "compressed otherwise than it was stored, the content is the same")


def _at(row: CaptureRow, kind: FindingKind, message: str) -> Finding:
    return Finding(kind, message, row.warc_file, row.warc_offset, row.record_id, "captures", row.id)


def _what_is_wrong(member: bytes) -> str | None:
    """Describe how a gzip member shows that it was changed, or return None if it reads like any other."""
    if not member.startswith(_GZIP_START):
        return "the gzip header is not the one that was written"
    if next(records.whole_members(BytesIO(member), 0), None) != (0, len(member)):
        return "does not decompress to what its checksum says"
    try:
        (record,) = records.records(member)
        digest = records.digest_hex(record.required("WARC-Block-Digest"))
    except ValueError as error:
        return f"not the one record it should be: {error}"
    if hashlib.sha256(record.block).hexdigest() != digest:
        return "the block does not match its digest"
    return None


def _compare(db: ArchiveDb, row: CaptureRow, data: bytes) -> Iterator[Finding]:
    """Compare the row with the record, whose bytes are known to be as stored."""
    try:
        answer, length = records.first_record(data)
        wrong = list(_differences(db, row, answer, length))
    except (RecordError, ValueError) as error:
        wrong = [f"the record can't be read: {error}"]
    yield from (_at(row, "edited-row", message) for message in wrong)


def _differences(db: ArchiveDb, row: CaptureRow, record: Record, length: int) -> Iterator[str]:
    status, payload = records.status_and_payload(record)
    # As our writer spells them; `required` names a header that is missing.
    held = dict(reversed(record.headers))
    said = {name: held.get(name) or record.required(name) for name in _COMPARED}
    pairs: dict[str, tuple[object, object]] = {
        "run_id": (str(row.run_id), said["ACCA-Run"]),
        "outlet": (row.outlet, said["ACCA-Outlet"]),
        "url": (records.target_uri(row.url), said["WARC-Target-URI"]),
        "kind": (row.kind, said["ACCA-Kind"]),
        "route": (row.route, said["ACCA-Route"]),
        "fetched_at": (row.fetched_at, said["WARC-Date"]),
        "status": (row.status, status),
        "ip_address": (row.ip_address, held.get("WARC-IP-Address")),
        "payload_sha256": (row.payload_sha256, records.digest_hex(said["WARC-Payload-Digest"])),
        "payload_bytes": (str(row.payload_bytes), said["ACCA-Payload-Bytes"]),
        "warc_length": (row.warc_length, length),
    }
    for column, (in_row, in_record) in pairs.items():
        if in_row != in_record:
            yield f"{column} is {in_row!r}, the record says {in_record!r}"
    if record.type == "revisit":
        yield from _revisit_differences(db, row, record)
    elif row.revisit_of is not None:
        yield "revisit_of is set, but the record has its payload itself"
    elif hashlib.sha256(payload).hexdigest() != row.payload_sha256:
        yield "the payload does not have the hash that record and row give"


def _revisit_differences(db: ArchiveDb, row: CaptureRow, record: Record) -> Iterator[str]:
    try:
        original = capture_index.capture(db, row.revisit_of or 0)
    except KeyError:
        yield "revisit_of names no capture"
        return
    if (original.record_id, original.payload_sha256) != (record.header("WARC-Refers-To"), row.payload_sha256):
        yield "revisit_of is not the capture that the record refers to"
