"""The index of the evidence: the rows of `captures`, `warc_files` and `pruned`, in plain SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from sqlite_utils import Database

from storage.evidence import records
from storage.evidence.records import Original, RecordLocation

SUFFIX = ".warc.gz"


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One row of `captures`: what was fetched, and where its records lie.

    `warc_length` is the response (or revisit) record alone, as other tools count it; `record_bytes` and
    `record_sha256` are of everything stored for the capture, the request record included, compressed as it lies in
    the file. `id` is 0 until the row is stored.
    """

    run_id: int
    outlet: str
    url: str
    kind: str
    route: str
    fetched_at: str
    status: int
    ip_address: str | None
    payload_sha256: str
    payload_bytes: int
    warc_file: str
    warc_offset: int
    warc_length: int
    revisit_of: int | None
    record_bytes: int
    record_sha256: str
    id: int = 0

    @property
    def end(self) -> int:
        """The offset of the first byte after the capture's records."""
        return self.warc_offset + self.record_bytes

    @property
    def record_id(self) -> str:
        """The WARC-Record-ID of the response (or revisit) record."""
        location = RecordLocation(self.warc_file, self.warc_offset)
        return records.record_id(location, self.url, self.fetched_at, self.payload_sha256)

    def as_original(self) -> Original:
        """What a revisit record says about the capture that it repeats."""
        return Original(self.id, self.record_id, self.url, self.fetched_at)


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of `warc_files`. `bytes` and `sha256` are None until the file is closed."""

    path: str
    run_id: int
    opened_at: str
    head_bytes: int
    head_sha256: str
    closed_at: str | None = None
    bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class PrunedRow:
    """One row of `pruned`: a file that retention took away, with the size and the hash it had."""

    path: str
    pruned_at: str
    rule: str
    captures: int
    bytes: int
    sha256: str
    id: int = 0


CAPTURE_COLUMNS = tuple(field.name for field in fields(CaptureRow))
FILE_COLUMNS = tuple(field.name for field in fields(FileRow))
PRUNED_COLUMNS = tuple(field.name for field in fields(PrunedRow))

_CAPTURES = f"SELECT {', '.join(CAPTURE_COLUMNS)} FROM captures"
_FILES = f"SELECT {', '.join(FILE_COLUMNS)} FROM warc_files"
_PRUNED = f"SELECT {', '.join(PRUNED_COLUMNS)} FROM pruned"


def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


_INSERT_CAPTURE = _insert("captures", CAPTURE_COLUMNS[:-1])
_INSERT_FILE = _insert("warc_files", FILE_COLUMNS)
_INSERT_PRUNED = _insert("pruned", PRUNED_COLUMNS[:-1])


def insert_capture(db: Database, row: CaptureRow) -> int:
    """Store a row and return its id."""
    cursor = db.execute(_INSERT_CAPTURE, _values(row, CAPTURE_COLUMNS[:-1]))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def shorten_record(db: Database, row: CaptureRow) -> bool:
    """Note that a power cut took the request record of an indexed capture; whether there was such a capture."""
    cursor = db.execute(
        "UPDATE captures SET record_bytes = ?, record_sha256 = ? "
        "WHERE warc_file = ? AND warc_offset = ? AND payload_sha256 = ?",
        (row.record_bytes, row.record_sha256, row.warc_file, row.warc_offset, row.payload_sha256),
    )
    return cursor.rowcount > 0


def capture(db: Database, capture_id: int) -> CaptureRow:
    """One row. Raises `KeyError`."""
    row = db.execute(f"{_CAPTURES} WHERE id = ?", (capture_id,)).fetchone()
    if row is None:
        raise KeyError(capture_id)
    return CaptureRow(*row)


def captures_in(db: Database, file: str) -> Iterator[CaptureRow]:
    """A file's captures in the order in which they lie in it."""
    rows = db.execute(f"{_CAPTURES} WHERE warc_file = ? ORDER BY warc_offset", (file,))
    return (CaptureRow(*row) for row in rows)


def captures_of(db: Database, run_id: int) -> Iterator[CaptureRow]:
    """A run's captures by id."""
    rows = db.execute(f"{_CAPTURES} WHERE run_id = ? ORDER BY id", (run_id,))
    return (CaptureRow(*row) for row in rows)


def original_of(db: Database, url: str, payload_sha256: str) -> CaptureRow | None:
    """The latest capture of an address that holds this payload itself, in a file that is still there."""
    row = db.execute(
        f"""
        {_CAPTURES} WHERE payload_sha256 = ? AND url = ? AND revisit_of IS NULL
          AND warc_file NOT IN (SELECT path FROM pruned)
        ORDER BY id DESC LIMIT 1
        """,
        (payload_sha256, url),
    ).fetchone()
    return CaptureRow(*row) if row else None


def capture_by_record_id(db: Database, record_id: str, payload_sha256: str) -> CaptureRow | None:
    """The capture whose payload has this hash and whose record has this identity."""
    rows = db.execute(f"{_CAPTURES} WHERE payload_sha256 = ? AND revisit_of IS NULL", (payload_sha256,))
    return next((found for row in rows if (found := CaptureRow(*row)).record_id == record_id), None)


def indexed_end(db: Database, row: FileRow) -> int:
    """The offset of the first byte of a file that no row accounts for."""
    last = db.execute(f"{_CAPTURES} WHERE warc_file = ? ORDER BY warc_offset DESC LIMIT 1", (row.path,)).fetchone()
    return CaptureRow(*last).end if last else row.head_bytes


def insert_pruned(db: Database, row: PrunedRow) -> None:
    """Store the row of a file that is about to be removed."""
    db.execute(_INSERT_PRUNED, _values(row, PRUNED_COLUMNS[:-1]))


def insert_file(db: Database, row: FileRow) -> None:
    """Store the row of a file that has just been begun."""
    db.execute(_INSERT_FILE, _values(row, FILE_COLUMNS))


def close_file(db: Database, path: str, closed_at: str, size: int, sha256: str) -> None:
    """Note that a file will not change any more."""
    db.execute(
        "UPDATE warc_files SET closed_at = ?, bytes = ?, sha256 = ? WHERE path = ?",
        (closed_at, size, sha256, path),
    )


def file(db: Database, path: str) -> FileRow | None:
    """One file's row, or None where the index does not know it."""
    row = db.execute(f"{_FILES} WHERE path = ?", (path,)).fetchone()
    return FileRow(*row) if row else None


def files(db: Database) -> list[FileRow]:
    """Every file, by path."""
    return [FileRow(*row) for row in db.execute(f"{_FILES} ORDER BY path")]


def files_of(db: Database, run_id: int) -> list[FileRow]:
    """A run's files, by path."""
    return [FileRow(*row) for row in db.execute(f"{_FILES} WHERE run_id = ? ORDER BY path", (run_id,))]


def unclosed_files(db: Database) -> list[FileRow]:
    """The files that nobody has closed: being written, or left behind by a process that died."""
    return [FileRow(*row) for row in db.execute(f"{_FILES} WHERE sha256 IS NULL ORDER BY path")]


def unknown_files(db: Database, directory: Path) -> list[str]:
    """The WARC files on the disk that the index does not know, by path below `directory`."""
    known = {path for (path,) in db.execute("SELECT path FROM warc_files")}
    return sorted({path.name for path in directory.glob(f"*{SUFFIX}")} - known)


def pruned(db: Database) -> list[PrunedRow]:
    """Every file that retention took away, in the order in which they went."""
    return [PrunedRow(*row) for row in db.execute(f"{_PRUNED} ORDER BY id")]


def _values(row: CaptureRow | FileRow | PrunedRow, columns: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(getattr(row, column) for column in columns)
