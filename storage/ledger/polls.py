"""When to poll each outlet again: sooner after many new articles, later after none.

`at` is an aware time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from acca_crawler.clock import stamp
from storage.schema.kinds import ArchiveDb

FASTER, SLOWER = 0.5, 1.5
"""Factors for the interval if many or none of the listed articles were new."""

MANY = 0.5
"""If at least this share of the listed articles is new, the next poll may already miss some."""


MAX_WAIT_DAYS = 31
"""The longest wait between polls, whether set by the interval or requested by the outlet."""


def next_interval(current: float, listed: int, new: int, least: int, most: int) -> float:
    """Return the minutes until the next poll, from the current interval and its result, within the outlet's limits."""
    if new == 0:
        current *= SLOWER
    elif new >= listed * MANY:
        current *= FASTER
    return min(max(current, float(least)), float(most))


def record_poll(db: ArchiveDb, outlet: str, listed: int, new: int, least: int, most: int, at: datetime) -> None:
    """Record a poll at `at` (aware) and when the next one is due, inside the caller's transaction."""
    row = db.execute("SELECT interval_minutes FROM polls WHERE outlet = ?", [outlet]).fetchone()
    minutes = next_interval(row[0], listed, new, least, most) if row else float(least)
    db.execute(
        "INSERT INTO polls (outlet, polled_at, interval_minutes, due_at) VALUES (?, ?, ?, ?) ON CONFLICT (outlet) "
        "DO UPDATE SET polled_at = excluded.polled_at, interval_minutes = excluded.interval_minutes, "
        "due_at = excluded.due_at",
        [outlet, stamp(at), minutes, stamp(at + timedelta(minutes=minutes))],
    )


def postpone(db: ArchiveDb, outlet: str, until: str) -> None:
    """Postpone an outlet's next poll to `until` (UTC stamp), at its own request, inside the caller's transaction."""
    db.execute(
        "INSERT INTO polls (outlet, polled_at, interval_minutes, due_at) VALUES (?, ?, 0, ?) ON CONFLICT (outlet) "
        "DO UPDATE SET due_at = max(due_at, excluded.due_at)",
        [outlet, until, until],
    )


def is_due(db: ArchiveDb, outlet: str, at: datetime) -> bool:
    """Return True if an outlet is due for a poll; one that was never polled is due.

    A due time further in the future than the longest wait was written with a wrong clock and is ignored.
    """
    row = db.execute("SELECT due_at FROM polls WHERE outlet = ?", [outlet]).fetchone()
    return row is None or not stamp(at) < row[0] <= stamp(at + timedelta(days=MAX_WAIT_DAYS))


def due_since(db: ArchiveDb, outlet: str) -> str | None:
    """Return since when an outlet is due for a poll (a stamp), or when it will be; None if it was never polled."""
    row = db.execute("SELECT due_at FROM polls WHERE outlet = ?", [outlet]).fetchone()
    return row[0] if row else None
