"""How long an outlet has been failing, compared with earlier times, and why its requests were refused.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from acca_crawler.clock import parse_stamp
from storage.schema.kinds import ArchiveDb

RUNS_READ = 2000
"""Newest runs of an outlet that its habit is read from: about three months of hourly polls."""


@dataclass(frozen=True, slots=True)
class BadStreak:
    """The last runs in a row that did not end well: how many, since when, and the longest earlier streak in hours."""

    runs: int
    since: str
    longest_hours_before: float


def bad_streak(db: ArchiveDb, outlet: str, run_id: int) -> BadStreak | None:
    """Return the streak of bad runs that ends with this run, or None if the run ended well."""
    rows = db.execute(
        "SELECT run_outlets.status, started_at FROM run_outlets JOIN runs ON runs.id = run_id "
        "WHERE outlet = ? AND run_id <= ? AND kind = 'crawl' AND run_outlets.status NOT IN ('running', 'killed') "
        "ORDER BY run_id DESC LIMIT ?",
        [outlet, run_id, RUNS_READ],
    ).fetchall()
    streaks = _streaks([(row[0] == "ok", row[1]) for row in rows])
    if not rows or rows[0][0] == "ok":
        return None
    runs, since, _ = streaks[0]
    return BadStreak(runs, since, max((hours for _, _, hours in streaks[1:]), default=0.0))


def _streaks(runs: list[tuple[bool, str]]) -> list[tuple[int, str, float]]:
    """Return each streak of bad runs (runs are newest first): its length, its start, its hours until it ended."""
    found: list[tuple[int, str, float]] = []
    length, ended = 0, runs[0][1] if runs else ""
    for number, (well, at) in enumerate(runs):
        if not well:
            length += 1
        if length and (well or number == len(runs) - 1):
            start = runs[number - 1][1] if well else at
            found.append((length, start, (parse_stamp(ended) - parse_stamp(start)).total_seconds() / 3600))
            length = 0
        if well:
            ended = at
    return found


def way_refusals(db: ArchiveDb, outlet: str, run_id: int) -> Counter[str]:
    """Return the reasons why a run's ways of discovery failed."""
    return _counted(
        db,
        "SELECT reason, count(*) FROM way_attempts WHERE run_id = :run AND outlet = :outlet AND outcome = 'failed' "
        "AND reason IS NOT NULL GROUP BY 1",
        outlet,
        run_id,
    )


def article_refusals(db: ArchiveDb, outlet: str, run_id: int) -> Counter[str]:
    """Return the reasons why a run's requests for articles were refused."""
    return _counted(
        db,
        "SELECT reason, count(*) FROM addresses WHERE outlet = :outlet AND status = 'refused' "
        "AND status_at >= (SELECT started_at FROM runs WHERE id = :run) AND reason IS NOT NULL GROUP BY 1",
        outlet,
        run_id,
    )


def _counted(db: ArchiveDb, sql: str, outlet: str, run_id: int) -> Counter[str]:
    return Counter(dict(db.execute(sql, {"run": run_id, "outlet": outlet}).fetchall()))
