"""Alarms about the operation itself: raised once, resolved once, and which message announced it in a channel.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from storage.schema.kinds import ArchiveDb

AlarmKind = Literal[
    "blocked",
    "failing",
    "silent",
    "empty",
    "moved",
    "refused",
    "layout",
    "volume",
    "overdue",
    "disk",
    "unusable",
    "undelivered",
    "parked",
    "chain",
    "undated",
    "uncopied",
]
AlarmEvent = Literal["raised", "resolved"]
Details = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Condition:
    """A reason for an alarm that exists now. `subject` is an outlet's or a channel's name, or empty for the archive.

    `details` are the values of the alarm's text; `since` is a UTC stamp or a day.
    """

    kind: AlarmKind
    subject: str
    details: Details
    since: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm, open while `resolved_at` is None. `details` are those of when it was raised."""

    id: int
    kind: AlarmKind
    subject: str
    details: Details
    since: str
    raised_at: str
    resolved_at: str | None


@dataclass(frozen=True, slots=True)
class AlarmNotice:
    """What a message tells about an alarm: that it was raised, or that it is resolved."""

    event: AlarmEvent
    alarm: Alarm


def update_alarms(db: ArchiveDb, conditions: Iterable[Condition], at: str) -> tuple[int, int]:
    """Raise an alarm for each new condition and resolve those without one, inside the caller's transaction.

    Returns how many were raised and resolved.
    """
    found = {(condition.kind, condition.subject): condition for condition in conditions}
    known = {(alarm.kind, alarm.subject): alarm for alarm in open_alarms(db)}
    for key, condition in found.items():
        if key not in known:
            db.execute(
                "INSERT INTO alarms (kind, subject, details, since, raised_at) VALUES (?, ?, ?, ?, ?)",
                [*key, json.dumps(condition.details, ensure_ascii=False, sort_keys=True), condition.since, at],
            )
    for key, alarm in known.items():
        if key not in found:
            db.execute("UPDATE alarms SET resolved_at = ? WHERE id = ?", [at, alarm.id])
    return len(found.keys() - known.keys()), len(known.keys() - found.keys())


def open_alarms(db: ArchiveDb) -> list[Alarm]:
    """Return the open alarms, oldest first."""
    return [_alarm(row) for row in db.execute("SELECT * FROM alarms WHERE resolved_at IS NULL ORDER BY id").fetchall()]


def latest_alarms(db: ArchiveDb, limit: int) -> list[Alarm]:
    """Return the newest alarms, resolved ones included, newest first."""
    return [_alarm(row) for row in db.execute("SELECT * FROM alarms ORDER BY id DESC LIMIT ?", [limit]).fetchall()]


def unsent(db: ArchiveDb, channel: str) -> list[tuple[int, AlarmEvent]]:
    """Return the alarms not yet announced in a channel: raised ones still open, and the end of announced ones."""
    rows = db.execute(
        "SELECT id, 'raised' FROM alarms WHERE resolved_at IS NULL AND id NOT IN "
        "(SELECT alarm_id FROM alarm_notices WHERE channel = :channel) "
        "UNION ALL SELECT alarm_id, 'resolved' FROM alarm_notices JOIN alarms ON alarms.id = alarm_id "
        "WHERE channel = :channel AND resolved_at IS NOT NULL GROUP BY alarm_id HAVING count(*) = 1 ORDER BY 1",
        {"channel": channel},
    )
    return [(row[0], row[1]) for row in rows.fetchall()]


def add_notices(db: ArchiveDb, channel: str, events: Sequence[tuple[int, AlarmEvent]], message_id: int) -> None:
    """Record which message tells a channel of these events, inside the caller's transaction."""
    for alarm_id, event in events:
        db.execute("INSERT INTO alarm_notices VALUES (?, ?, ?, ?)", [channel, alarm_id, event, message_id])


def notices_of(db: ArchiveDb, message_id: int) -> list[AlarmNotice]:
    """Return what a message tells, raised alarms first."""
    rows = db.execute(
        "SELECT alarms.*, event FROM alarm_notices JOIN alarms ON alarms.id = alarm_id WHERE message_id = ? "
        "ORDER BY event, alarms.id",
        [message_id],
    )
    return [AlarmNotice(row["event"], _alarm(row)) for row in rows.fetchall()]


def _alarm(row: Any) -> Alarm:
    return Alarm(
        row["id"], row["kind"], row["subject"], json.loads(row["details"]), row["since"], row["raised_at"],
        row["resolved_at"],
    )  # fmt: skip
