"""When each user last visited the queue, so that it can say what has come in since."""

from __future__ import annotations

from storage.schema.kinds import ReviewDb

BREAK_MINUTES = 30
"""Minutes without a look at the queue after which the next look is another visit."""


def record_visit(db: ReviewDb, user: str, at: str, break_before: str) -> str | None:
    """Record a look at the queue, and return when the user's previous visit ended (UTC); None on the first visit.

    A look belongs to the same visit unless the last one was before `break_before`.
    """
    row = db.execute("SELECT seen_at, before_at FROM desk_visits WHERE user = ?", [user]).fetchone()
    if row is None:
        before = None
    elif row["seen_at"] < break_before:
        before = row["seen_at"]
    else:
        before = row["before_at"]
    if row is None or row["seen_at"][:16] != at[:16] or before != row["before_at"]:  # at most one write a minute
        db.execute(
            "INSERT INTO desk_visits (user, seen_at, before_at) SELECT name, ?, ? FROM users WHERE name = ? "
            "ON CONFLICT (user) DO UPDATE SET seen_at = excluded.seen_at, before_at = excluded.before_at",
            [at, before, user],
        )
    return before
