"""How far the reports of workers are stored, so that none is stored twice after a crash.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from storage.schema.kinds import ArchiveDb


def position(db: ArchiveDb, stream: str) -> str | None:
    """Return the ID of the last entry of a stream that is stored; None if none is."""
    row = db.execute("SELECT entry FROM report_positions WHERE stream = ?", [stream]).fetchone()
    return str(row[0]) if row else None


def save_position(db: ArchiveDb, stream: str, entry: str, at: str) -> None:
    """Record that an entry is stored, inside the transaction that stores it."""
    db.execute(
        "INSERT INTO report_positions (stream, entry, stored_at) VALUES (?, ?, ?) "
        "ON CONFLICT (stream) DO UPDATE SET entry = excluded.entry, stored_at = excluded.stored_at",
        [stream, entry, at],
    )
