"""Notes typed when a session expired, kept until their author's next decision about the report."""

from __future__ import annotations

from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb


def save_draft(db: ReviewDb, user: str, article_id: int, note: str, at: str) -> None:
    """Save a note for this user and report, replacing any earlier one. `at` is the current time (UTC)."""
    with transaction(db):
        db.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?)", [user, article_id, note, at])


def draft_of(db: ReviewDb, user: str, article_id: int) -> str:
    """Return the saved note for this user and report, empty if there is none."""
    row = db.execute("SELECT note FROM drafts WHERE user = ? AND article_id = ?", [user, article_id]).fetchone()
    return row[0] if row else ""


def drop_draft(db: ReviewDb, user: str, article_id: int) -> None:
    """Delete the saved note for this user and report, if any."""
    with transaction(db):
        db.execute("DELETE FROM drafts WHERE user = ? AND article_id = ?", [user, article_id])
