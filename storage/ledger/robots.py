"""Cache of each host's robots.txt, so that it is not fetched in every run (RFC 9309, 2.4: at most a day).

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from storage.schema.kinds import ArchiveDb


def recall(db: ArchiveDb, origin: str, not_before: str, now: str) -> bytes | None:
    """Return the host's robots.txt if it was fetched between `not_before` and `now` (stamps), else None.

    A later time was written with a wrong clock and is ignored.
    """
    row = db.execute(
        "SELECT body FROM robots WHERE origin = ? AND fetched_at BETWEEN ? AND ?", [origin, not_before, now]
    ).fetchone()
    return bytes(row[0]) if row else None


def remember(db: ArchiveDb, origin: str, body: bytes, at: str) -> None:
    """Cache a host's robots.txt, inside the caller's transaction."""
    db.execute(
        "INSERT INTO robots (origin, body, fetched_at) VALUES (?, ?, ?) "
        "ON CONFLICT (origin) DO UPDATE SET body = excluded.body, fetched_at = excluded.fetched_at",
        [origin, body, at],
    )
