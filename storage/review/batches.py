"""Deciding on many stories at once, and undoing all of it at once.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from acca_crawler.items import Verdict
from storage.exceptions import ReviewError
from storage.review.reviews import Decision, add_decision, history, story_id_of
from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb

MAX_STORIES = 1000
"""Maximum stories per batch: as many as one person can answer for, and a few seconds of work."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """What the page showed: the newest entry and revision when it was rendered."""

    review_id: int
    revision_id: int


@dataclass(frozen=True, slots=True)
class ReviewBatch:
    """A saved batch: its verdict, the articles whose stories were decided, and how many have been undone since."""

    id: int
    verdict: Verdict
    article_ids: tuple[int, ...]
    undone: int


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The result of a batch: its number (None if nothing was saved), the decided stories, and the skipped ones."""

    batch_id: int | None
    decided: tuple[int, ...]
    left_out: tuple[tuple[int, ReviewError], ...]


def as_of(db: ReviewDb) -> AsOf:
    """Return the newest entry and revision right now."""
    review_id = db.execute("SELECT coalesce(max(id), 0) FROM reviews").fetchone()[0]
    revision_id = db.execute("SELECT coalesce(max(revision_id), 0) FROM queue").fetchone()[0]
    return AsOf(review_id, revision_id)


def decide_all(
    db: ReviewDb, article_ids: Iterable[int], decision: Decision, seen: AsOf, at: str, second_reviewer: bool
) -> BatchResult:
    """Save one decision about the stories of these articles, in one transaction.

    A story is skipped, with the reason, if it changed since the page was rendered or if the decision is impossible for
    it. Raises `ReviewError` for more than `MAX_STORIES`.
    """
    wanted = list(dict.fromkeys(article_ids))
    if len(wanted) > MAX_STORIES:
        raise ReviewError("select at most {n} stories", n=MAX_STORIES)
    with transaction(db):
        batch_id = _open(db, decision.reviewer, at)
        decided, left_out = _decide_each(db, wanted, decision, seen, at, second_reviewer, batch_id)
        if not decided:
            db.execute("DELETE FROM batches WHERE id = ?", [batch_id])
    return BatchResult(batch_id if decided else None, tuple(decided), tuple(left_out))


def _decide_each(
    db: ReviewDb, article_ids: Sequence[int], decision: Decision, seen: AsOf, at: str, second: bool, batch_id: int
) -> tuple[list[int], list[tuple[int, ReviewError]]]:
    decided: list[int] = []
    left_out: list[tuple[int, ReviewError]] = []
    for article_id in article_ids:
        try:
            _must_be_unchanged(db, article_id, seen)
            add_decision(db, article_id, decision, None, at, second, batch_id)
        except ReviewError as error:
            left_out.append((article_id, error))
        else:
            decided.append(article_id)
    return decided, left_out


def undo_all(db: ReviewDb, batch_id: int, reviewer: str, at: str, second_reviewer: bool) -> BatchResult:
    """Undo what is left of a batch; the undo is a batch of its own."""
    rows = db.execute("SELECT id, article_id FROM reviews WHERE batch_id = ? AND verdict != 'undo'", [batch_id])
    with transaction(db):
        undo_id = _open(db, reviewer, at)
        done: list[int] = []
        left_out: list[tuple[int, ReviewError]] = []
        for row in rows.fetchall():
            undo = replace(Decision("undo", reviewer), undoes=row["id"])
            try:
                add_decision(db, row["article_id"], undo, None, at, second_reviewer, undo_id)
            except ReviewError as error:
                left_out.append((row["article_id"], error))
            else:
                done.append(row["article_id"])
    return BatchResult(undo_id, tuple(done), tuple(left_out))


def batch(db: ReviewDb, batch_id: int, reviewer: str) -> ReviewBatch | None:
    """Return a batch of this reviewer, or None if there is none with this number."""
    rows = db.execute(
        "SELECT reviews.id, verdict, article_id, EXISTS (SELECT 1 FROM reviews AS undo WHERE undo.undoes = reviews.id) "
        "AS undone FROM reviews JOIN batches ON batches.id = batch_id WHERE batch_id = ? AND batches.reviewer = ?",
        [batch_id, reviewer],
    ).fetchall()
    if not rows:
        return None
    return ReviewBatch(
        batch_id, rows[0]["verdict"], tuple(row["article_id"] for row in rows), sum(r["undone"] for r in rows)
    )


def _open(db: ReviewDb, reviewer: str, at: str) -> int:
    return cast(int, db.execute("INSERT INTO batches (reviewer, created_at) VALUES (?, ?)", [reviewer, at]).lastrowid)


def _must_be_unchanged(db: ReviewDb, article_id: int, seen: AsOf) -> None:
    row = db.execute("SELECT revision_id FROM queue WHERE story_id = ?", [story_id_of(db, article_id)]).fetchone()
    newer = [entry for entry in history(db, article_id) if entry.id > seen.review_id and entry.verdict != "note"]
    if newer:
        raise ReviewError("{who} changed this while you were reading", who=newer[-1].reviewer)
    if row is not None and row["revision_id"] > seen.revision_id:
        raise ReviewError("this story has changed since you opened it")
