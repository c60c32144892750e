"""When each outlet is to be asked for news again: more often where there was much, more rarely where there was none."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from acca_crawler.clock import stamp

FASTER, SLOWER = 0.5, 1.5
"""What an interval is multiplied by where many or none of the listed articles were new."""

MANY = 0.5
"""The share of new articles among those listed from which on the next ones may already be missed."""


MAX_WAIT_DAYS = 31
"""The longest that an outlet is left alone, whether by its interval or because it asked for that."""


def next_interval(current: float, listed: int, new: int, least: int, most: int) -> float:
    """Minutes until the next poll, from the present interval and what it brought, within the outlet's bounds."""
    if new == 0:
        current *= SLOWER
    elif new >= listed * MANY:
        current *= FASTER
    return min(max(current, float(least)), float(most))


def record_poll(db: Database, outlet: str, listed: int, new: int, least: int, most: int, at: datetime) -> None:
    """Note a poll at `at` (aware) and when the next one is due, inside the caller's transaction."""
    row = db.execute("SELECT interval_minutes FROM polls WHERE outlet = ?", [outlet]).fetchone()
    minutes = next_interval(row[0], listed, new, least, most) if row else float(least)
    db.execute(
        "INSERT INTO polls (outlet, polled_at, interval_minutes, due_at) VALUES (?, ?, ?, ?) ON CONFLICT (outlet) "
        "DO UPDATE SET polled_at = excluded.polled_at, interval_minutes = excluded.interval_minutes, "
        "due_at = excluded.due_at",
        [outlet, stamp(at), minutes, stamp(at + timedelta(minutes=minutes))],
    )


def postpone(db: Database, outlet: str, until: str) -> None:
    """Have an outlet not asked before `until` (a stamp), inside the caller's transaction: it asked for that itself."""
    db.execute(
        "INSERT INTO polls (outlet, polled_at, interval_minutes, due_at) VALUES (?, ?, 0, ?) ON CONFLICT (outlet) "
        "DO UPDATE SET due_at = max(due_at, excluded.due_at)",
        [outlet, until, until],
    )


def is_due(db: Database, outlet: str, at: datetime) -> bool:
    """Whether an outlet is to be asked for news; one that never was is due.

    A time that lies further ahead than any wait was written by a clock that was wrong: it is not believed.
    """
    row = db.execute("SELECT due_at FROM polls WHERE outlet = ?", [outlet]).fetchone()
    return row is None or not stamp(at) < row[0] <= stamp(at + timedelta(days=MAX_WAIT_DAYS))
