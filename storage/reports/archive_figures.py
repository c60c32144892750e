"""Size and growth of the archive, free disk space, and whether the newest manifests still form a chain.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from acca_crawler.clock import earlier, parse_stamp, stamp
from storage.articles.search import pieces
from storage.evidence.manifest import sha256_of
from storage.ledger.polls import MAX_WAIT_DAYS
from storage.schema.kinds import ArchiveDb

GROWTH_DAYS = 28
"""Days over which growth is measured."""

CHAIN_LINKS = 50
"""Newest manifests checked; `acca verify` checks all of them, and everything that they vouch for."""


@dataclass(frozen=True, slots=True)
class ArchiveFigures:
    """Sizes in bytes.

    `growth` is bytes per day, measured on the WARC files and scaled to the whole archive; 0 if nothing was stored.
    `index_pieces` is the number of pieces of the search index. `broken_run` is the first of the newest runs whose
    manifest does not fit the chain, or None.
    """

    database: int
    warc: int
    free: int
    growth: float
    articles: int
    last_run_id: int | None
    last_run_at: str | None
    next_due_at: str | None
    index_pieces: int
    broken_run: int | None

    @property
    def days_left(self) -> float | None:
        """Days until the disk is full at this growth; None without growth."""
        return self.free / self.growth if self.growth else None


def archive_figures(db: ArchiveDb, archive_file: Path, at: str) -> ArchiveFigures:
    """Return the archive's figures as of `at` (a UTC stamp)."""
    files = (archive_file, *(archive_file.with_name(f"{archive_file.name}-{end}") for end in ("wal", "shm")))
    database = sum(path.stat().st_size for path in files if path.exists())
    warc = db.execute("SELECT coalesce(sum(bytes), 0) FROM warc_files").fetchone()[0]
    warc -= db.execute("SELECT coalesce(sum(bytes), 0) FROM pruned").fetchone()[0]
    run = db.execute("SELECT id, started_at FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    return ArchiveFigures(
        database=database,
        warc=warc,
        free=shutil.disk_usage(archive_file.parent).free,
        growth=_growth(db, at) * (1 + (database / warc if warc else 0)),
        articles=db.execute("SELECT count(*) FROM articles").fetchone()[0],
        last_run_id=run["id"] if run else None,
        last_run_at=run["started_at"] if run else None,
        next_due_at=_next_due(db, at),
        index_pieces=pieces(db),
        broken_run=broken_link(db),
    )


def _next_due(db: ArchiveDb, at: str) -> str | None:
    """Return when the next outlet is due, of those polled within the longest wait: others were turned off."""
    sql = "SELECT min(due_at) FROM polls WHERE polled_at >= ?"
    found: str | None = db.execute(sql, [earlier(at, days=MAX_WAIT_DAYS)]).fetchone()[0]
    return found


def _growth(db: ArchiveDb, at: str) -> float:
    """Return the bytes of WARC files per day since the first of them, within the last 28 days."""
    now = parse_stamp(at)
    total, first = db.execute(
        "SELECT coalesce(sum(bytes), 0), min(opened_at) FROM warc_files WHERE opened_at >= ?",
        [stamp(now - timedelta(days=GROWTH_DAYS))],
    ).fetchone()
    if not first:
        return 0.0
    return float(total) / max((now - parse_stamp(first)).total_seconds() / 86_400, 1.0)


def broken_link(db: ArchiveDb) -> int | None:
    """Return the first of the newest runs whose manifest has another hash than recorded, or another predecessor."""
    rows = db.execute(
        "SELECT run_id, previous_sha256, body, sha256 FROM manifests ORDER BY run_id DESC LIMIT ?", [CHAIN_LINKS + 1]
    ).fetchall()[::-1]
    for number, row in enumerate(rows):
        previous = rows[number - 1]["sha256"] if number else row["previous_sha256"]
        if sha256_of(row["body"]) != row["sha256"] or row["previous_sha256"] != previous:
            return int(row["run_id"])
    return None
