"""Visits to stored articles: unchanged, changed, gone, blocked; and when a gone article counts as removed.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from acca_crawler.clock import earlier
from storage.articles.current import CurrentArticle
from storage.articles.flags import insert_alert
from storage.schema.kinds import ArchiveDb

REMOVED_AFTER_TRIES = 3
REMOVED_AFTER_HOURS = 24
"""A gone article counts as removed only after several tries over at least a day: a server outage is not a take-down."""


MAX_WAIT_DAYS = 91
"""A visit is never scheduled further ahead than this."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit. `outcome` is unchanged, changed, gone, blocked or failed."""

    outcome: str
    reason: str | None
    capture_id: int | None


def record_visit(
    db: ArchiveDb, current: CurrentArticle, visit: Visit, run_id: int, next_visit_at: str | None, at: str
) -> str | None:
    """Record a visit and its consequences, inside the caller's transaction.

    `next_visit_at` is when to visit the article again, None if no visit is scheduled. Returns `missing` or `removed` if
    the article was gone, `reappeared` if it is back, else None.
    """
    db.execute(
        "INSERT INTO visits (article_id, run_id, capture_id, visited_at, outcome, reason) VALUES (?, ?, ?, ?, ?, ?)",
        [current.article_id, run_id, visit.capture_id, at, visit.outcome, visit.reason],
    )
    db.execute("UPDATE articles SET next_visit_at = ? WHERE id = ?", [next_visit_at, current.article_id])
    if visit.outcome == "gone":
        return _gone(db, current, run_id, at)
    if visit.outcome in ("unchanged", "changed"):
        db.execute("UPDATE articles SET last_seen_at = ? WHERE id = ?", [at, current.article_id])
    if visit.outcome in ("unchanged", "changed") and current.missing_since:
        return _back(db, current, run_id, at)
    return None


def _gone(db: ArchiveDb, current: CurrentArticle, run_id: int, at: str) -> str:
    since = current.missing_since or at
    tries = current.missing_tries + 1
    removed = tries >= REMOVED_AFTER_TRIES and _hours(since, at) >= REMOVED_AFTER_HOURS
    db.execute(
        "UPDATE articles SET missing_since = ?, missing_tries = ? WHERE id = ?",
        [since, tries, current.article_id],
    )
    if removed and current.removed_at is None:
        db.execute(
            "UPDATE articles SET removed_at = ?, removed_run_id = ? WHERE id = ?",
            [at, run_id, current.article_id],
        )
        if current.flagged:
            insert_alert(db, "removed", current, run_id, at)
    return "removed" if removed or current.removed_at else "missing"


def _back(db: ArchiveDb, current: CurrentArticle, run_id: int, at: str) -> str | None:
    db.execute(
        "UPDATE articles SET missing_since = NULL, missing_tries = 0, removed_at = NULL, removed_run_id = NULL "
        "WHERE id = ?",
        [current.article_id],
    )
    if current.removed_at is None:
        return None
    if current.flagged:
        insert_alert(db, "reappeared", current, run_id, at)
    return "reappeared"


def due(db: ArchiveDb, outlet: str, at: str, limit: int) -> Sequence[str]:
    """Return URLs of an outlet's articles that are due for a visit, longest overdue first, one per article.

    Each is the URL that the article was last fetched from: its canonical URL may never have been requested. A time
    further in the future than the longest wait was written with a wrong clock: such an article is due.
    """
    rows = db.execute(
        "SELECT (SELECT url FROM addresses WHERE article_id = articles.id AND status IN "
        "('stored', 'missing', 'removed') ORDER BY status_at DESC, id LIMIT 1) AS url "
        "FROM articles WHERE outlet = ? AND (next_visit_at <= ? OR next_visit_at > ?) "
        "ORDER BY next_visit_at LIMIT ?",
        [outlet, at, earlier(at, days=-MAX_WAIT_DAYS), limit],
    )
    return [row["url"] for row in rows.fetchall() if row["url"]]


def _hours(since: str, until: str) -> float:
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds() / 3600
