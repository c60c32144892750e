"""When each outlet was last checked against its live site, and what needed correction.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from storage.schema.kinds import ArchiveDb


@dataclass(frozen=True, slots=True)
class OutletCheck:
    """One check of a live site at `checked_at`; `corrections` is empty if the declaration was correct."""

    outlet: str
    checked_at: str
    corrections: tuple[str, ...]


def record_check(db: ArchiveDb, check: OutletCheck) -> None:
    """Save a check, inside the caller's transaction."""
    db.execute(
        "INSERT INTO outlet_checks (outlet, checked_at, corrections) VALUES (?, ?, ?)",
        [check.outlet, check.checked_at, json.dumps(check.corrections, ensure_ascii=False)],
    )


def last_checks(db: ArchiveDb) -> Sequence[OutletCheck]:
    """Return the latest check of every outlet that was ever checked, by name."""
    rows = db.execute(
        "SELECT outlet, checked_at, corrections FROM outlet_checks WHERE id IN "
        "(SELECT max(id) FROM outlet_checks GROUP BY outlet) ORDER BY outlet"
    ).fetchall()
    return [OutletCheck(row[0], row[1], tuple(json.loads(row[2]))) for row in rows]
