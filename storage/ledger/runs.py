"""The ledger of runs: when, what, the outcome, and every count that `acca status` shows.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

SAMPLED = 1_000
"""Rows of an index that its statistics are taken from: to read all of them grows with the archive, in every run."""


@dataclass(frozen=True, slots=True)
class WayAttempt:
    """One try of one way of discovery. `outcome` is answered, silent, failed or blocked."""

    way: str
    url: str
    outcome: str
    found: int
    reason: str | None = None
    newest: str | None = None
    total: int | None = None


@dataclass(slots=True)
class Counts:
    """Counts of one run, kept in memory and written with the run's next transaction."""

    totals: Counter[tuple[str, str]] = field(default_factory=Counter)
    unsaved: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, outlet: str, name: str, value: int = 1) -> None:
        """Add `value` to the count `name` of an outlet."""
        self.totals[outlet, name] += value
        self.unsaved[outlet, name] += value

    def of(self, outlet: str) -> dict[str, int]:
        """Return an outlet's counts so far."""
        return {name: value for (counted, name), value in self.totals.items() if counted == outlet}


def start_run(db: ArchiveDb, kind: str, arguments: Mapping[str, object], version: str, at: str) -> int:
    """Start a run, and close any run that is still open as killed (the lock ensures that no other is running)."""
    with transaction(db):
        db.execute("UPDATE run_outlets SET status = 'killed' WHERE status = 'running'")
        db.execute("UPDATE runs SET status = 'killed' WHERE status = 'running'")
        cursor = db.execute(
            "INSERT INTO runs (kind, started_at, status, arguments, version) VALUES (?, ?, 'running', ?, ?)",
            [kind, at, json.dumps(arguments, ensure_ascii=False, sort_keys=True), version],
        )
    run_id = cursor.lastrowid
    assert run_id is not None
    return run_id


def finish_run(db: ArchiveDb, run_id: int, status: str, counts: Counts, at: str) -> None:
    """Close a run and write its last counts."""
    with transaction(db):
        save_counts(db, run_id, counts)
        db.execute("UPDATE runs SET status = ?, finished_at = ? WHERE id = ?", [status, at, run_id])
    # Statistics keep every look-up on its index as the archive grows; a sample of each index is enough for them.
    db.execute(f"PRAGMA analysis_limit = {SAMPLED}").fetchall()
    db.execute("PRAGMA optimize").fetchall()


def save_counts(db: ArchiveDb, run_id: int, counts: Counts) -> None:
    """Add the unsaved counts to the run's, inside the caller's transaction."""
    db.conn.executemany(
        "INSERT INTO run_counts (run_id, outlet, name, value) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (run_id, outlet, name) DO UPDATE SET value = value + excluded.value",
        [(run_id, outlet, name, value) for (outlet, name), value in counts.unsaved.items()],
    )
    counts.unsaved.clear()


def start_outlet(db: ArchiveDb, run_id: int, outlet: str) -> None:
    """Record that a run has started on an outlet."""
    db.execute(
        "INSERT INTO run_outlets (run_id, outlet, status) VALUES (?, ?, 'running') "
        "ON CONFLICT (run_id, outlet) DO UPDATE SET status = 'running'",
        [run_id, outlet],
    )


def finish_outlet(db: ArchiveDb, run_id: int, outlet: str, status: str, way: str | None, message: str | None) -> None:
    """Record how a run ended for an outlet (ok, failed or blocked), and which way of discovery answered."""
    db.execute(
        "UPDATE run_outlets SET status = ?, way = ?, message = ? WHERE run_id = ? AND outlet = ?",
        [status, way, message, run_id, outlet],
    )


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as the ledger has it; `outlets` are (name, status, message)."""

    id: int
    kind: str
    started_at: str
    finished_at: str | None
    status: str
    outlets: tuple[tuple[str, str, str | None], ...]


def run_summary(db: ArchiveDb, run_id: int | None) -> RunSummary | None:
    """Return a run, the last one if no number is given; None if there is no such run."""
    row = db.execute(
        "SELECT id, kind, started_at, finished_at, status FROM runs WHERE id = coalesce(?, (SELECT max(id) FROM runs))",
        [run_id],
    ).fetchone()
    if row is None:
        return None
    outlets = db.execute(
        "SELECT outlet, status, message FROM run_outlets WHERE run_id = ? ORDER BY outlet", [row["id"]]
    ).fetchall()
    run, kind, started, finished, status = row
    return RunSummary(run, kind, started, finished, status, tuple((one[0], one[1], one[2]) for one in outlets))


def record_way(db: ArchiveDb, run_id: int, outlet: str, attempt: WayAttempt, at: str) -> None:
    """Save one try of one way of discovery."""
    db.execute(
        "INSERT INTO way_attempts (run_id, outlet, way, url, outcome, reason, found, newest, total, attempted_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            run_id, outlet, attempt.way, attempt.url, attempt.outcome, attempt.reason, attempt.found,
            attempt.newest, attempt.total, at,
        ],
    )  # fmt: skip


_NEWEST_FIRST = "ORDER BY way_attempts.run_id DESC, way_attempts.id DESC"
"""In the order of the outlet's index: else a way that never answered has all outlets' attempts read."""


def last_answer(db: ArchiveDb, outlet: str, way: str) -> tuple[str, int | None] | None:
    """Return when a way of an outlet last answered in full and the total it reported, or None if it never did."""
    row = db.execute(
        "SELECT runs.started_at, way_attempts.total FROM way_attempts JOIN runs ON runs.id = run_id "
        f"WHERE outlet = ? AND way = ? AND outcome IN ('answered', 'silent') {_NEWEST_FIRST} LIMIT 1",
        [outlet, way],
    ).fetchone()
    return (row[0], row[1]) if row else None


def last_well(db: ArchiveDb, outlet: str, way: str) -> str | None:
    """Return when a way of an outlet last answered well, with news no older than usual for the outlet."""
    row = db.execute(
        "SELECT runs.started_at FROM way_attempts JOIN runs ON runs.id = run_id "
        f"WHERE outlet = ? AND way = ? AND outcome = 'answered' {_NEWEST_FIRST} LIMIT 1",
        [outlet, way],
    ).fetchone()
    return row[0] if row else None


def last_newest(db: ArchiveDb, outlet: str, way: str) -> str | None:
    """Return the time of the newest article that a way of an outlet last reported."""
    row = db.execute(
        f"SELECT newest FROM way_attempts WHERE outlet = ? AND way = ? AND newest IS NOT NULL {_NEWEST_FIRST} LIMIT 1",
        [outlet, way],
    ).fetchone()
    return row[0] if row else None


def save_outlet(
    db: ArchiveDb,
    name: str,
    title: str,
    home: str,
    kind: str,
    countries: tuple[str, ...],
    languages: tuple[str, ...],
) -> None:
    """Save an outlet's properties, as its spider declares them now."""
    db.execute(
        "INSERT INTO outlets (name, title, home, kind, countries, languages) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET title = excluded.title, home = excluded.home, kind = excluded.kind, "
        "countries = excluded.countries, languages = excluded.languages",
        [name, title, home, kind, json.dumps(countries), json.dumps(languages)],
    )
