"""How far large WARC files were imported, so that an interrupted import continues there.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from storage.schema.kinds import ArchiveDb


def offset_reached(db: ArchiveDb, file: str, size: int) -> int:
    """Return the offset (bytes) up to which a file of this name and size was imported; 0 if it was not."""
    row = db.execute('SELECT "offset" FROM warc_imports WHERE file = ? AND size = ?', [file, size]).fetchone()
    return int(row[0]) if row else 0


def save_offset(db: ArchiveDb, file: str, size: int, offset: int, at: str) -> None:
    """Record the offset reached in a file of `size` bytes, inside the caller's transaction."""
    db.execute(
        'INSERT INTO warc_imports (file, size, "offset", imported_at) VALUES (?, ?, ?, ?) '
        'ON CONFLICT (file, size) DO UPDATE SET "offset" = excluded."offset", imported_at = excluded.imported_at',
        [file, size, offset, at],
    )
