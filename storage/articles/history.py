"""Reading an article's history: its revisions in full, and the visits that did not find it.

Times are UTC stamps (`2026-11-22T06:30:00Z`); `published_at` may be a day alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.schema.kinds import ArchiveDb

IN_TIME = "CASE change WHEN 'earlier' THEN captures.fetched_at ELSE stored_at END, number"
"""Order of revisions by the time of what they show: a version from a web archive belongs before those stored since."""


@dataclass(frozen=True, slots=True)
class RevisionText:
    """One revision in full. `level` is its current flag's, None without a flag.

    `captured_at` is when its page was captured (UTC), None for a file; for a version from a web archive, long before
    `stored_at`.
    """

    number: int
    stored_at: str
    change: str
    level: str | None
    title: str
    text: str
    published_at: str | None
    modified_at: str | None
    captured_at: str | None = None


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """One visit that found the article gone or blocked, or that failed."""

    visited_at: str
    outcome: str
    reason: str | None


def revisions_of(db: ArchiveDb, article_id: int) -> Sequence[RevisionText]:
    """Return an article's revisions in the order in which their pages were captured."""
    rows = db.execute(
        "SELECT number, stored_at, change, flags.level AS level, title, text, published_at, modified_at, "
        "captures.fetched_at AS captured_at FROM revisions "
        "LEFT JOIN flags ON flags.revision_id = revisions.id AND flags.current = 1 "
        "LEFT JOIN captures ON captures.id = revisions.capture_id AND captures.status != 0 "
        f"WHERE article_id = ? ORDER BY {IN_TIME}",
        [article_id],
    )
    return [RevisionText(**dict(row)) for row in rows.fetchall()]


def troubled_visits(db: ArchiveDb, article_id: int) -> Sequence[VisitRecord]:
    """Return the visits that did not find the article, in chronological order."""
    rows = db.execute(
        "SELECT visited_at, outcome, reason FROM visits WHERE article_id = ? "
        "AND outcome NOT IN ('unchanged', 'changed') ORDER BY id",
        [article_id],
    )
    return [VisitRecord(**dict(row)) for row in rows.fetchall()]
