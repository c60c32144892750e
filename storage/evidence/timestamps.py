"""The outside time-stamps of the manifests: a queue of what is to be asked for, and the tokens that came back.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Literal

from storage.schema.kinds import ArchiveDb

TimestampKind = Literal["rfc3161", "opentimestamps"]
TimestampStatus = Literal["waiting", "pending", "complete"]


@dataclass(frozen=True, slots=True)
class Timestamp:
    """One row of `timestamps`. `certificate` is PEM; `block` the Bitcoin block of a complete OpenTimestamps proof."""

    id: int
    run_id: int
    manifest_sha256: str
    kind: TimestampKind
    authority: str
    status: TimestampStatus
    token: bytes | None
    certificate: str | None
    stamped_at: str | None
    block: int | None
    tries: int
    tried_at: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an authority gave: a token, and its time (UTC stamp) or Bitcoin block; neither while it is pending."""

    token: bytes
    stamped_at: str | None = None
    block: int | None = None
    certificate: str | None = None

    @property
    def status(self) -> TimestampStatus:
        """Return `complete`, or `pending` for a calendar's promise."""
        return "complete" if self.stamped_at or self.block else "pending"


@dataclass(frozen=True, slots=True)
class TimestampCounts:
    """How many time-stamps there are in each state; `error` is why the last try failed, None if it did not."""

    complete: int
    pending: int
    waiting: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Undated:
    """Since when an authority has dated no manifest, though it was asked (UTC stamp), and why the last try failed."""

    since: str
    error: str


_COLUMNS = ", ".join(field.name for field in fields(Timestamp))


def enqueue(db: ArchiveDb, kind: TimestampKind, authority: str) -> None:
    """Ask an authority for a time-stamp of the newest manifest, unless that was done.

    A manifest contains the hash of the one before it, so that runs without a time-stamp are dated by the next.
    """
    db.execute(
        "INSERT OR IGNORE INTO timestamps (run_id, manifest_sha256, kind, authority) "
        "SELECT run_id, sha256, ?, ? FROM manifests ORDER BY run_id DESC LIMIT 1",
        [kind, authority],
    )


def unfinished(db: ArchiveDb, authority: str) -> Sequence[Timestamp]:
    """Return an authority's waiting and pending time-stamps, newest run first."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM timestamps WHERE status != 'complete' AND authority = ? ORDER BY run_id DESC",
        [authority],
    )
    return [Timestamp(*row) for row in rows.fetchall()]


def stamps(db: ArchiveDb, since_run: int = 0) -> Iterator[Timestamp]:
    """Yield every time-stamp of the manifests from a run on, oldest run first."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM timestamps WHERE run_id >= ? ORDER BY run_id, id", [since_run])
    return (Timestamp(*row) for row in rows)


def save(db: ArchiveDb, one: Timestamp, stamp: Stamp, at: str) -> None:
    """Store what an authority gave."""
    db.execute(
        "UPDATE timestamps SET status = ?, token = ?, certificate = ?, stamped_at = ?, block = ?, tries = tries + 1, "
        "tried_at = ?, error = NULL WHERE id = ?",
        [stamp.status, stamp.token, stamp.certificate, stamp.stamped_at, stamp.block, at, one.id],
    )


def save_error(db: ArchiveDb, one: Timestamp, error: str, at: str) -> None:
    """Store why a try failed."""
    db.execute(
        "UPDATE timestamps SET tries = tries + 1, tried_at = ?, error = ? WHERE id = ?", [at, error[:500], one.id]
    )


def counts(db: ArchiveDb) -> TimestampCounts:
    """Count the time-stamps by state."""
    found = dict(db.execute("SELECT status, count(*) FROM timestamps GROUP BY status").fetchall())
    newest = db.execute(
        "SELECT authority, error FROM timestamps WHERE status != 'complete' AND tries > 0 "
        "ORDER BY tried_at DESC, id DESC LIMIT 1"
    ).fetchone()
    error = f"{newest[0]}: {newest[1]}" if newest and newest[1] else None
    return TimestampCounts(found.get("complete", 0), found.get("pending", 0), found.get("waiting", 0), error)


def undated(db: ArchiveDb, authority: str) -> Undated | None:
    """Return what an authority owes since its last time-stamp or promise; None if it answers or was not asked."""
    dated = db.execute(
        "SELECT run_id FROM timestamps WHERE authority = ? AND status != 'waiting' ORDER BY run_id DESC LIMIT 1",
        [authority],
    ).fetchone()
    owed = db.execute(
        "SELECT closed_at, error FROM timestamps JOIN manifests USING (run_id) WHERE status != 'complete' "
        "AND status = 'waiting' AND error IS NOT NULL AND authority = ? AND run_id > ? ORDER BY run_id",
        [authority, dated[0] if dated else 0],
    ).fetchall()
    return Undated(owed[0][0], owed[-1][1]) if owed else None
