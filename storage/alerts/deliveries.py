"""Deliveries: a message for one target of a channel (e.g. a mail recipient), and the result of each attempt.

Targets are opaque names: no addresses are stored here.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.alerts.messages import Composed, composed_from
from storage.schema.kinds import ArchiveDb


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to deliver to one target. `tries` counts failed attempts."""

    id: int
    message: Composed
    target: str
    tries: int


def due(db: ArchiveDb, channel: str, at: str) -> list[Delivery]:
    """Return the channel's deliveries that are due for an attempt, in message order."""
    rows = db.execute(
        # The index is of what is not sent, and SQLite wants that said; sent deliveries are nearly all there are.
        "SELECT deliveries.id AS delivery_id, target, tries, messages.* FROM deliveries INDEXED BY deliveries_open "
        "CROSS JOIN messages ON messages.id = message_id WHERE status != 'sent' AND status = 'waiting' "
        "AND next_try_at <= ? AND channel = ? ORDER BY message_id, deliveries.id",
        [at, channel],
    )
    return [Delivery(row["delivery_id"], composed_from(row), row["target"], row["tries"]) for row in rows.fetchall()]


def mark_sent(db: ArchiveDb, delivery: Delivery, at: str) -> None:
    """Record a successful delivery, inside the caller's transaction."""
    db.execute("UPDATE deliveries SET status = 'sent', sent_at = ?, error = NULL WHERE id = ?", [at, delivery.id])


def mark_failed(db: ArchiveDb, delivery: Delivery, error: str, next_try_at: str | None, at: str) -> None:
    """Record a failed attempt, inside the caller's transaction; without a next attempt, the delivery is parked."""
    db.execute(
        "UPDATE deliveries SET status = ?, tries = tries + 1, error = ?, next_try_at = ? WHERE id = ?",
        ["waiting" if next_try_at else "parked", error, next_try_at or at, delivery.id],
    )


def unpark(db: ArchiveDb, channel: str | None, at: str) -> int:
    """Requeue parked deliveries of one channel or all, inside the caller's transaction. Returns how many."""
    cursor = db.execute(
        "UPDATE deliveries SET status = 'waiting', tries = 0, next_try_at = ? "
        "WHERE status != 'sent' AND status = 'parked' "
        "AND message_id IN (SELECT id FROM messages WHERE channel = coalesce(?, channel))",
        [at, channel],
    )
    return int(cursor.rowcount)
