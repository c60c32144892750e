"""The evidence: every exchange with a server, written to WARC files and indexed in the archive.

There is one writer at a time (ensured by the crawl's lock). A file belongs to one run and is never reopened once
closed, so indexed records never move. The order is always: write the record, flush it to disk, insert the index row.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from acca_crawler.clock import precise_stamp
from acca_crawler.items import Capture
from storage.evidence import index as capture_index
from storage.evidence import records
from storage.evidence.directories import sync_directory
from storage.evidence.index import SUFFIX, CaptureRow, FileRow
from storage.evidence.records import Packed, RecordLocation
from storage.evidence.recovery import Recovered, recover
from storage.exceptions import CaptureError, RecordError
from storage.schema.kinds import ArchiveDb

MAX_FILE_BYTES = 1_000_000_000
GZIP_LEVEL = 3
"""Compression level, of three, of payloads that arrive uncompressed."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


LARGE = 2 * 1024 * 1024
FAST_LEVEL = 1
"""Level of payloads of more than `LARGE` bytes: half of the time for a twentieth more bytes."""

PACKED = 256 * 1024
"""Bytes from which a payload is worth compressing in a thread: below, all outlets wait for a few milliseconds."""


@dataclass(slots=True)
class _OpenFile:
    """The file being written. `size` and `sha256` cover the indexed bytes."""

    name: str
    run_id: int
    day: str
    descriptor: int
    size: int
    sha256: Any
    unsynced: int = 0


class Kept(NamedTuple):
    """The capture that stores a payload, and the payload's SHA-256 in hexadecimal."""

    id: int
    payload_sha256: str


class CaptureStore:
    """Writes captures into WARC files below `directory` and reads them back.

    `max_bytes` is the size at which a file is closed and a new one started; a file also ends with the UTC day.
    `sync_every` is the number of captures per fsync: with 1, a power cut loses at most the capture being written; with
    n, up to n captures may be indexed but lost (`verify` reports them). A killed process never loses more than the
    capture being written. Reading changes nothing on disk.
    """

    def __init__(
        self,
        directory: Path,
        db: ArchiveDb,
        *,
        max_bytes: int = MAX_FILE_BYTES,
        sync_every: int = 1,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.directory = directory
        self._db = db
        self._max_bytes = max_bytes
        self._sync_every = sync_every
        self._now = now
        self._open_file: _OpenFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def pack(self, capture: Capture) -> Packed | None:
        """Compress an answer's large payload ahead of `write`, in any thread; None if that is not worth a thread."""
        if len(capture.payload) <= PACKED or records.is_file(capture):
            return None
        return records.pack(capture, self._level(capture))

    def write(self, capture: Capture, *, run_id: int, outlet: str, packed: Packed | None = None) -> int:
        """Store one capture and return its id.

        `packed` is what `pack` returned. A payload seen before at this URL is stored as a revisit record that refers to
        the earlier capture. The row is committed at once, so this must not be called inside a transaction
        (`RuntimeError`): evidence is not rolled back. Raises `CaptureError`; the store can be used again once the cause
        is fixed.
        """
        digest = packed.payload if packed else hashlib.sha256(capture.payload).digest()
        return self._write(capture, run_id, outlet, digest, self._original(capture, digest.hex()), packed)

    def keep(self, capture: Capture, *, run_id: int, outlet: str) -> Kept:
        """Return the latest capture of this URL that stores this payload itself; `write` the capture if there is none.

        Raises as `write` does.
        """
        digest = hashlib.sha256(capture.payload).digest()
        held = self._original_of(capture.url, digest.hex())
        return Kept(held.id if held else self._write(capture, run_id, outlet, digest, None, None), digest.hex())

    def _write(
        self, capture: Capture, run_id: int, outlet: str, digest: bytes, original: CaptureRow | None,
        packed: Packed | None,
    ) -> int:  # fmt: skip
        if self._db.conn.in_transaction:
            raise RuntimeError("a capture is written before a transaction, not inside one")
        file = self._file_for(run_id)
        location = RecordLocation(file.name, file.size)
        answer = self._answer(capture, location, digest, original, run_id, outlet, packed)
        known = records.request(capture, location, digest, level=GZIP_LEVEL) if capture.request_method else b""
        data = answer + known
        row = CaptureRow(
            run_id=run_id,
            outlet=outlet,
            url=capture.url,
            kind=capture.kind,
            route=capture.route,
            fetched_at=capture.fetched_at,
            status=capture.status,
            ip_address=capture.ip_address,
            payload_sha256=digest.hex(),
            payload_bytes=len(capture.payload),
            warc_file=location.file,
            warc_offset=location.offset,
            warc_length=len(answer),
            revisit_of=original.id if original else None,
            record_bytes=len(data),
            record_sha256=hashlib.sha256(data).hexdigest(),
        )
        self._append(file, data)
        capture_id = self._insert(file, row)
        file.size += len(data)
        file.sha256.update(data)
        return capture_id

    def _answer(
        self,
        capture: Capture,
        location: RecordLocation,
        digest: bytes,
        original: CaptureRow | None,
        run_id: int,
        outlet: str,
        packed: Packed | None,
    ) -> bytes:
        level = self._level(capture)
        if records.is_file(capture):
            return records.resource(capture, location, digest, run_id=run_id, outlet=outlet, level=level)
        repeated = original.as_original() if original else None
        return records.response(
            capture, location, digest, run_id=run_id, outlet=outlet, original=repeated, level=level, packed=packed
        )

    def _level(self, capture: Capture) -> int:
        return FAST_LEVEL if len(capture.payload) > LARGE else GZIP_LEVEL

    def stored(self, capture: Capture) -> int | None:
        """Return the ID of the stored capture of the same exchange, or None."""
        return capture_index.stored(
            self._db, capture.url, hashlib.sha256(capture.payload).hexdigest(), capture.fetched_at
        )

    def nearest_page(self, urls: Sequence[str], outlet: str, at: str) -> int | None:
        """Return the outlet's capture of a page at one of these URLs that is nearest in time to `at` (UTC), or None."""
        return capture_index.nearest_page(self._db, urls, outlet, at)

    def read(self, capture_id: int) -> Capture:
        """Read a capture with its payload as received; a revisit's payload comes from the original capture.

        Raises `KeyError` for an unknown id, `CaptureError` if the file is missing, pruned or damaged.
        """
        row = capture_index.capture(self._db, capture_id)
        source = row if row.revisit_of is None else capture_index.capture(self._db, row.revisit_of)
        try:
            answer, *rest = self._records(row)
            carrier = answer if source is row else self._records(source)[0]
            payload = records.payload_of(carrier)
            capture = records.to_capture(answer, rest[0] if rest else None, payload)
        except RecordError as error:
            raise _damaged(row, str(error)) from error
        if hashlib.sha256(payload).hexdigest() != row.payload_sha256:
            raise _damaged(source, "the payload is not the one that was stored")
        return replace(capture, url=row.url)

    def recover(self) -> list[Recovered]:
        """Repair files that a dead process left behind, as the next `write` would do automatically.

        For the writer only: a file that another process is writing would look like a dead process's. Raises
        `CaptureError`.
        """
        try:
            return recover(self._db, self.directory, closed_at=precise_stamp(self._now()))
        except sqlite3.Error as error:
            raise CaptureError(errno.EIO, f"the index can't be mended: {error}", str(self.directory)) from error

    def close(self) -> None:
        """Close the file being written, if any. A later write starts a new one. Raises `CaptureError`."""
        file, self._open_file = self._open_file, None
        if file is None:
            return
        try:
            os.fsync(file.descriptor)
            capture_index.close_file(
                self._db, file.name, precise_stamp(self._now()), file.size, file.sha256.hexdigest()
            )
        except OSError as error:
            raise CaptureError(error.errno, f"the file can't be closed: {error.strerror}", file.name) from error
        except sqlite3.Error as error:
            raise CaptureError(errno.EIO, f"the index did not take the file's end: {error}", file.name) from error
        finally:
            os.close(file.descriptor)

    def _file_for(self, run_id: int) -> _OpenFile:
        file = self._open_file
        day = self._now().strftime("%Y%m%d")
        if file and (file.run_id != run_id or file.day != day or file.size >= self._max_bytes):
            self.close()
        if self._open_file is None:
            self._open_file = self._begin_file(run_id, day)
        return self._open_file

    def _begin_file(self, run_id: int, day: str) -> _OpenFile:
        self.recover()
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            name, descriptor = self._create(run_id, day)
        except OSError as error:
            raise CaptureError(error.errno, f"no file can be begun: {error.strerror}", str(self.directory)) from error
        created_at = precise_stamp(self._now())
        head = records.warcinfo(
            name,
            created_at=created_at,
            fields=(
                ("software", "acca-crawler"),
                ("format", "WARC File Format 1.1"),
                ("isPartOf", f"run {run_id}"),
            ),
            level=GZIP_LEVEL,
        )
        file = _OpenFile(name, run_id, day, descriptor, 0, hashlib.sha256())
        try:
            _write_all(descriptor, head)
            os.fsync(descriptor)
            sync_directory(self.directory)
            row = FileRow(name, run_id, created_at, len(head), hashlib.sha256(head).hexdigest())
            capture_index.insert_file(self._db, row)
        except (OSError, sqlite3.Error) as error:
            os.close(descriptor)
            with suppress(OSError):  # if it can't be removed now, it is set aside at the next start
                (self.directory / name).unlink()
            raise _write_error(error, name) from error
        file.size = len(head)
        file.sha256.update(head)
        return file

    def _create(self, run_id: int, day: str) -> tuple[str, int]:
        serial = 0
        while True:
            name = f"{day}-{run_id}-{serial}{SUFFIX}"
            try:
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
                return name, os.open(self.directory / name, flags, 0o644)
            except FileExistsError:
                serial += 1

    def _append(self, file: _OpenFile, data: bytes) -> None:
        try:
            _write_all(file.descriptor, data)
        except OSError as error:
            self._take_back(file)
            raise _write_error(error, file.name) from error
        file.unsynced += 1
        if file.unsynced >= self._sync_every:
            self._sync(file)

    def _sync(self, file: _OpenFile) -> None:
        try:
            os.fsync(file.descriptor)
        except OSError as error:
            # After a failed fsync the kernel may have dropped the bytes: write nothing more to this file.
            self._take_back(file)
            self._abandon()
            raise CaptureError(error.errno, f"not on the disk: {error.strerror}", file.name) from error
        file.unsynced = 0

    def _insert(self, file: _OpenFile, row: CaptureRow) -> int:
        try:
            return capture_index.insert_capture(self._db, row)
        except sqlite3.Error as error:
            self._take_back(file)
            raise _write_error(error, file.name) from error

    def _take_back(self, file: _OpenFile) -> None:
        """Truncate the file to its last indexed record."""
        try:
            os.ftruncate(file.descriptor, file.size)
        except OSError:
            # The tail stays torn until the next start sets it aside (`warc_recovery`).
            self._abandon()

    def _abandon(self) -> None:
        """Stop writing to the current file; the next start closes it properly."""
        file, self._open_file = self._open_file, None
        if file is not None:
            os.close(file.descriptor)

    def _original(self, capture: Capture, payload_sha256: str) -> CaptureRow | None:
        if not capture.payload or records.is_file(capture):
            return None
        return self._original_of(capture.url, payload_sha256)

    def _original_of(self, url: str, payload_sha256: str) -> CaptureRow | None:
        try:
            return capture_index.original_of(self._db, url, payload_sha256)
        except sqlite3.Error as error:
            raise CaptureError(errno.EIO, f"the index can't be read: {error}", url) from error

    def raw(self, row: CaptureRow) -> bytes:
        """Return a capture's records as they are in the file, compressed. Raises `CaptureError` if they changed."""
        path = self.directory / row.warc_file
        try:
            with path.open("rb") as stream:
                stream.seek(row.warc_offset)
                data = stream.read(row.record_bytes)
        except OSError as error:
            raise CaptureError(error.errno, f"capture {row.id}: {self._why_missing(row)}", str(path)) from error
        if hashlib.sha256(data).hexdigest() != row.record_sha256:
            raise _damaged(row, "the bytes are not those that were stored")
        return data

    def head(self, file: FileRow) -> bytes:
        """Return a file's first record as it is in the file. Raises `CaptureError` if it is missing or changed."""
        path = self.directory / file.path
        try:
            with path.open("rb") as stream:
                data = stream.read(file.head_bytes)
        except OSError as error:
            raise CaptureError(error.errno, f"the file can't be read: {error.strerror}", str(path)) from error
        if hashlib.sha256(data).hexdigest() != file.head_sha256:
            raise CaptureError(errno.EIO, "the first record is not the one that was stored", str(path))
        return data

    def _records(self, row: CaptureRow) -> list[records.Record]:
        return records.records(self.raw(row))

    def _why_missing(self, row: CaptureRow) -> str:
        gone = next((gone for gone in capture_index.pruned(self._db) if gone.path == row.warc_file), None)
        return f"pruned by rule {gone.rule} on {gone.pruned_at}" if gone else "its file can't be read"


def _damaged(row: CaptureRow, why: str) -> CaptureError:
    return CaptureError(errno.EIO, f"capture {row.id} at offset {row.warc_offset}: {why}", row.warc_file)


def _write_error(error: OSError | sqlite3.Error, name: str) -> CaptureError:
    if isinstance(error, CaptureError):
        return error
    if isinstance(error, OSError):
        return CaptureError(error.errno, f"the capture was not stored: {error.strerror}", name)
    code = errno.ENOSPC if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL else errno.EIO
    return CaptureError(code, f"the capture was not stored, the index did not take it: {error}", name)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
