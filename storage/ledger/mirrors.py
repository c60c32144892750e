"""How closely a mirror's text agrees with the origin's, article by article, where both answered.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.schema.kinds import ArchiveDb


@dataclass(frozen=True, slots=True)
class MirrorComparison:
    """One article's text from both sides: `agreement` is 0 (nothing in common) to 1; captures are given by id."""

    outlet: str
    url: str
    mirror: str
    agreement: float
    capture_id: int | None
    twin_capture_id: int | None


def record_comparison(db: ArchiveDb, run_id: int, comparison: MirrorComparison, at: str) -> None:
    """Save a comparison, inside the caller's transaction."""
    db.execute(
        "INSERT INTO mirror_comparisons (run_id, outlet, url, mirror, agreement, capture_id, twin_capture_id, "
        "compared_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            run_id, comparison.outlet, comparison.url, comparison.mirror, comparison.agreement,
            comparison.capture_id, comparison.twin_capture_id, at,
        ],
    )  # fmt: skip


def held_route(db: ArchiveDb, article_id: int) -> str | None:
    """Return the route by which an article's current revision was fetched, or None if it has no capture."""
    row = db.execute(
        "SELECT route FROM articles JOIN revisions ON revisions.id = articles.revision_id "
        "JOIN captures ON captures.id = revisions.capture_id WHERE articles.id = ?",
        [article_id],
    ).fetchone()
    return row[0] if row else None
