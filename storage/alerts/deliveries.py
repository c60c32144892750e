"""Deliveries: a message on its way to one target of a channel (a mail's recipient, say), and how each try ended.

Targets are given as opaque names: no address is kept here.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from storage.alerts.messages import Composed, composed_from


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way to one target. `tries` counts the failed ones."""

    id: int
    message: Composed
    target: str
    tries: int


def due(db: Database, channel: str, at: str) -> list[Delivery]:
    """The channel's deliveries whose next try is due, in the order of their messages."""
    rows = db.execute(
        "SELECT deliveries.id AS delivery_id, target, tries, messages.* FROM deliveries "
        "JOIN messages ON messages.id = message_id "
        "WHERE status = 'waiting' AND next_try_at <= ? AND channel = ? ORDER BY message_id, deliveries.id",
        [at, channel],
    )
    return [Delivery(row["delivery_id"], composed_from(row), row["target"], row["tries"]) for row in rows.fetchall()]


def mark_sent(db: Database, delivery: Delivery, at: str) -> None:
    """Note that a delivery arrived, inside the caller's transaction."""
    db.execute("UPDATE deliveries SET status = 'sent', sent_at = ?, error = NULL WHERE id = ?", [at, delivery.id])


def mark_failed(db: Database, delivery: Delivery, error: str, next_try_at: str | None, at: str) -> None:
    """Note that a try failed, inside the caller's transaction; without a next try the delivery is parked."""
    db.execute(
        "UPDATE deliveries SET status = ?, tries = tries + 1, error = ?, next_try_at = ? WHERE id = ?",
        ["waiting" if next_try_at else "parked", error, next_try_at or at, delivery.id],
    )


def unpark(db: Database, channel: str | None, at: str) -> int:
    """Try what was parked (on one channel, or on all) anew, inside the caller's transaction. Returns how many."""
    cursor = db.execute(
        "UPDATE deliveries SET status = 'waiting', tries = 0, next_try_at = ? WHERE status = 'parked' "
        "AND message_id IN (SELECT id FROM messages WHERE channel = coalesce(?, channel))",
        [at, channel],
    )
    return int(cursor.rowcount)
