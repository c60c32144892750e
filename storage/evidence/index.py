"""The index of the evidence: the rows of `captures`, `warc_files` and `pruned`, in plain SQL.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from storage.evidence import records
from storage.evidence.records import Original, RecordLocation
from storage.schema.kinds import ArchiveDb

SUFFIX = ".warc.gz"


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One row of `captures`: what was fetched, and where its records are.

    `warc_length` covers only the response (or revisit) record, as in other tools; `record_bytes` and `record_sha256`
    cover everything stored for the capture, including the request record, compressed as in the file. `id` is 0 until
    the row is stored.
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
        """Return what a revisit record says about the original capture."""
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
    """One row of `pruned`: a file removed by retention, with its size and hash."""

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


def insert_capture(db: ArchiveDb, row: CaptureRow) -> int:
    """Insert a row and return its id."""
    cursor = db.execute(_INSERT_CAPTURE, _values(row, CAPTURE_COLUMNS[:-1]))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def shorten_record(db: ArchiveDb, row: CaptureRow) -> bool:
    """Record that a power cut lost the request record of an indexed capture; returns True if there was such a
    capture."""
    cursor = db.execute(
        "UPDATE captures SET record_bytes = ?, record_sha256 = ? "
        "WHERE warc_file = ? AND warc_offset = ? AND payload_sha256 = ?",
        (row.record_bytes, row.record_sha256, row.warc_file, row.warc_offset, row.payload_sha256),
    )
    return cursor.rowcount > 0


def capture(db: ArchiveDb, capture_id: int) -> CaptureRow:
    """Return one row. Raises `KeyError`."""
    row = db.execute(f"{_CAPTURES} WHERE id = ?", (capture_id,)).fetchone()
    if row is None:
        raise KeyError(capture_id)
    return CaptureRow(*row)


def nearest_page(db: ArchiveDb, urls: Sequence[str], outlet: str, at: str) -> int | None:
    """Return the outlet's capture of a page at one of these URLs that is nearest in time to `at` (UTC), or None."""
    row = db.execute(
        f"SELECT id FROM captures WHERE url IN ({', '.join('?' * len(urls))}) AND outlet = ? AND kind = 'article' "
        "AND status IN (0, 200, 203) ORDER BY abs(julianday(fetched_at) - julianday(?)), id DESC LIMIT 1",
        (*urls, outlet, at),
    ).fetchone()
    return int(row[0]) if row else None


def captures_in(db: ArchiveDb, file: str) -> Iterator[CaptureRow]:
    """Yield a file's captures in file order."""
    rows = db.execute(f"{_CAPTURES} WHERE warc_file = ? ORDER BY warc_offset", (file,))
    return (CaptureRow(*row) for row in rows)


def captures_of(db: ArchiveDb, run_id: int) -> Iterator[CaptureRow]:
    """Yield a run's captures by id."""
    rows = db.execute(f"{_CAPTURES} WHERE run_id = ? ORDER BY id", (run_id,))
    return (CaptureRow(*row) for row in rows)


def captures_between(db: ArchiveDb, run_id: int, first: int, last: int) -> Iterator[CaptureRow]:
    """Yield a run's captures with ids from `first` to `last`, by id."""
    rows = db.execute(f"{_CAPTURES} WHERE run_id = ? AND id BETWEEN ? AND ? ORDER BY id", (run_id, first, last))
    return (CaptureRow(*row) for row in rows)


def original_of(db: ArchiveDb, url: str, payload_sha256: str) -> CaptureRow | None:
    """Return the latest capture of a URL that stores this payload itself, in a file that still exists."""
    row = db.execute(
        f"""
        {_CAPTURES} WHERE payload_sha256 = ? AND url = ? AND revisit_of IS NULL
          AND warc_file NOT IN (SELECT path FROM pruned)
        ORDER BY id DESC LIMIT 1
        """,
        (payload_sha256, url),
    ).fetchone()
    return CaptureRow(*row) if row else None


def stored(db: ArchiveDb, url: str, payload_sha256: str, fetched_at: str) -> int | None:
    """Return the ID of the capture of a URL with this payload at this time, or None."""
    row = db.execute(
        "SELECT id FROM captures WHERE payload_sha256 = ? AND url = ? AND fetched_at = ?",
        (payload_sha256, url, fetched_at),
    ).fetchone()
    return int(row[0]) if row else None


def capture_by_record_id(db: ArchiveDb, record_id: str, payload_sha256: str) -> CaptureRow | None:
    """Return the capture with this payload hash and record id."""
    rows = db.execute(f"{_CAPTURES} WHERE payload_sha256 = ? AND revisit_of IS NULL", (payload_sha256,))
    return next((found for row in rows if (found := CaptureRow(*row)).record_id == record_id), None)


def indexed_end(db: ArchiveDb, row: FileRow) -> int:
    """Return the offset of a file's first unindexed byte."""
    last = db.execute(f"{_CAPTURES} WHERE warc_file = ? ORDER BY warc_offset DESC LIMIT 1", (row.path,)).fetchone()
    return CaptureRow(*last).end if last else row.head_bytes


def insert_pruned(db: ArchiveDb, row: PrunedRow) -> None:
    """Insert the row of a file that is about to be removed."""
    db.execute(_INSERT_PRUNED, _values(row, PRUNED_COLUMNS[:-1]))


def insert_file(db: ArchiveDb, row: FileRow) -> None:
    """Insert the row of a new file."""
    db.execute(_INSERT_FILE, _values(row, FILE_COLUMNS))


def close_file(db: ArchiveDb, path: str, closed_at: str, size: int, sha256: str) -> None:
    """Record that a file is closed, with its `size` in bytes, and will not change again."""
    db.execute(
        "UPDATE warc_files SET closed_at = ?, bytes = ?, sha256 = ? WHERE path = ?",
        (closed_at, size, sha256, path),
    )


def file(db: ArchiveDb, path: str) -> FileRow | None:
    """Return one file's row, or None if it is not indexed."""
    row = db.execute(f"{_FILES} WHERE path = ?", (path,)).fetchone()
    return FileRow(*row) if row else None


def files(db: ArchiveDb) -> list[FileRow]:
    """Return every file, by path."""
    return [FileRow(*row) for row in db.execute(f"{_FILES} ORDER BY path")]


def files_of(db: ArchiveDb, run_id: int) -> list[FileRow]:
    """Return a run's files, by path."""
    return [FileRow(*row) for row in db.execute(f"{_FILES} WHERE run_id = ? ORDER BY path", (run_id,))]


def unclosed_files(db: ArchiveDb) -> list[FileRow]:
    """Return the files that are not closed: being written, or left behind by a dead process."""
    return [FileRow(*row) for row in db.execute(f"{_FILES} WHERE sha256 IS NULL ORDER BY path")]


def unknown_files(db: ArchiveDb, directory: Path) -> list[str]:
    """Return the files on disk that are not indexed, by path below `directory`, but for torn tails set aside."""
    known = {path for (path,) in db.execute("SELECT path FROM warc_files")}
    found = {
        path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    return sorted(name for name in found - known if f"{SUFFIX}.torn-" not in name)


def pruned(db: ArchiveDb) -> list[PrunedRow]:
    """Return every file removed by retention, in the order of removal."""
    return [PrunedRow(*row) for row in db.execute(f"{_PRUNED} ORDER BY id")]


def _values(row: CaptureRow | FileRow | PrunedRow, columns: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(getattr(row, column) for column in columns)
