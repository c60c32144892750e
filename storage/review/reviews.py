"""Reviewers' decisions about reports: append-only entries, and the status derived from them.

An entry applies to a story with its alerts, as of its newest revision; it can be written on any member's page. The
writer states which entry and revision they had last seen; if someone else was faster, nothing is written and
`ChangedSince` is raised.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast, get_args

from acca_crawler.items import FalseAlarmReason, ReviewStatus, Verdict
from storage.exceptions import ChangedSince, NoSuchReport, ReviewError
from storage.review import journal
from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
DECISIONS: tuple[Verdict, ...] = ("confirm", "false_alarm", "duplicate_of", "watch", "second_pair", "reopen")
"""The verdicts that change a report's status."""

STATUSES: tuple[ReviewStatus, ...] = get_args(ReviewStatus)
OPEN: tuple[ReviewStatus, ...] = ("new", "reopened", "second")
"""The statuses that need someone's decision."""

REASONS: tuple[FalseAlarmReason, ...] = get_args(FalseAlarmReason)
"""Reasons why an alert is a false alarm."""

_SETTLES: dict[Verdict, ReviewStatus] = {
    "false_alarm": "false_alarm", "duplicate_of": "duplicate", "watch": "watch", "second_pair": "second",
    "reopen": "reopened",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reviewer had seen: the newest entry (0 for none) and the story's newest revision."""

    review_id: int
    revision_id: int


@dataclass(frozen=True, slots=True)
class Decision:
    """A reviewer's decision, not yet written. `undoes` is the entry that an undo reverts."""

    verdict: Verdict
    reviewer: str
    note: str = ""
    reason: FalseAlarmReason | None = None
    duplicate_of: int | None = None
    assignee: str | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One entry as written, on the page of `article_id`. `undone` is true if a later entry reverted it.

    `alert_id` and `revision_id` were the story's newest at the time, `reported` its members that had raised alerts.
    """

    id: int
    article_id: int
    alert_id: int
    revision_id: int
    verdict: Verdict
    reason: FalseAlarmReason | None
    duplicate_of: int | None
    assignee: str | None
    note: str
    undoes: int | None
    reviewer: str
    created_at: str
    reported: frozenset[int]
    batch_id: int | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Reported:
    """A member of a story that raised alerts: the newest of them, and the member's current revision."""

    article_id: int
    alert_id: int
    revision_id: int


@dataclass(frozen=True, slots=True)
class ReviewState:
    """The state of a report's review: its status, the assignee, and when it was decided, if it was.

    `asked_by` are those who confirmed it, or asked for a second opinion, while it needs a second confirmation.
    """

    status: ReviewStatus
    assignee: str | None
    review_id: int
    decided_at: str | None
    asked_by: tuple[str, ...] = ()


def story_id_of(db: ReviewDb, article_id: int) -> int:
    """Return the number of an article's story, or the article's own if it has no story yet."""
    row = db.execute("SELECT story_id FROM archive.story_members WHERE article_id = ?", [article_id]).fetchone()
    return row[0] if row else article_id


def history(db: ReviewDb, article_id: int) -> list[Review]:
    """Return every entry about an article's story, oldest first."""
    story_id = story_id_of(db, article_id)
    rows = db.execute(
        "SELECT * FROM reviews WHERE article_id IN "
        "(SELECT article_id FROM archive.story_members WHERE story_id = ? UNION SELECT ?) ORDER BY id",
        [story_id, story_id],
    ).fetchall()
    undone = {row["undoes"] for row in rows}
    return [_review(row, undone) for row in rows]


def _review(row: Any, undone: set[int | None]) -> Review:
    reported = frozenset({*json.loads(row["reported"]), row["article_id"]})
    return Review(**{**dict(row), "reported": reported}, undone=row["id"] in undone)


def entry(db: ReviewDb, review_id: int) -> Review | None:
    """Return the entry with this number, or None."""
    row = db.execute("SELECT article_id FROM reviews WHERE id = ?", [review_id]).fetchone()
    return next(found for found in history(db, row[0]) if found.id == review_id) if row else None


def standing(entries: Iterable[Review], reported: Iterable[Reported], second_reviewer: bool) -> ReviewState:
    """Derive the review state of a story from its entries, given the members that raised alerts.

    A decision about an older revision of a member, or before its newest alert or before it joined, no longer applies to
    that member. If any of the members has no decision, the story is open again.
    """
    entries = list(entries)
    valid = [entry for entry in entries if not entry.undone and entry.verdict != "undo"]
    assigned = [entry for entry in valid if entry.verdict == "assign"]
    decisions = [entry for entry in valid if entry.verdict in DECISIONS]
    assignee = assigned[-1].assignee if assigned else None
    newest = entries[-1].id if entries else 0
    if not decisions:
        return ReviewState("new", assignee, newest, None)
    last = decisions[-1]
    if last.verdict == "reopen" or not all(_is_covered(article, decisions) for article in reported):
        return ReviewState("reopened", assignee, newest, None)
    if last.verdict != "confirm":
        status = _SETTLES[last.verdict]
    else:
        status = "confirmed" if _confirmed(decisions, second_reviewer) else "second"
    asked_by = tuple(sorted(_confirmers(decisions) | {last.reviewer})) if status == "second" else ()
    return ReviewState(status, assignee, newest, None if status in OPEN else last.created_at, asked_by)


def status_at(db: ReviewDb, article_id: int, at: str, second_reviewer: bool) -> ReviewStatus | None:
    """Return the review status of an article's story at a time (UTC, inclusive); None if nobody had decided.

    Ignores what the archive learnt after the decision.
    """
    written = [entry for entry in history(db, article_id) if entry.created_at <= at]
    taken_back = {entry.undoes for entry in written}
    entries = [replace(entry, undone=entry.id in taken_back) for entry in written]
    if not any(entry.verdict in DECISIONS and not entry.undone for entry in entries):
        return None
    return standing(entries, (), second_reviewer).status


def reviewed_between(db: ReviewDb, since: str, until: str) -> list[int]:
    """Return the articles on whose pages an entry was written after `since` and until `until` (inclusive)."""
    rows = db.execute(
        "SELECT DISTINCT article_id FROM reviews WHERE created_at > ? AND created_at <= ? ORDER BY 1", [since, until]
    )
    return [row[0] for row in rows.fetchall()]


def _is_covered(article: Reported, decisions: Sequence[Review]) -> bool:
    return any(
        article.article_id in decision.reported
        and article.alert_id <= decision.alert_id
        and article.revision_id <= decision.revision_id
        for decision in decisions
    )


def _confirmed(decisions: Sequence[Review], second_reviewer: bool) -> bool:
    return len(_confirmers(decisions)) >= (2 if second_reviewer else 1)


def _confirmers(decisions: Sequence[Review]) -> set[str]:
    """Return who confirmed the current version of the report, with no different decision in between."""
    found: set[str] = set()
    for entry in reversed(decisions):
        if entry.verdict not in ("confirm", "second_pair") or _about(entry) != _about(decisions[-1]):
            break
        if entry.verdict == "confirm":
            found.add(entry.reviewer)
    return found


def confirmers(entries: Iterable[Review]) -> tuple[str, ...]:
    """Return who confirmed a report in its current state, by name."""
    valid = [entry for entry in entries if not entry.undone and entry.verdict in DECISIONS]
    return tuple(sorted(_confirmers(valid)))


def _about(entry: Review) -> tuple[int, frozenset[int]]:
    return entry.revision_id, entry.reported


def decide(
    db: ReviewDb, article_id: int, decision: Decision, seen: Seen | None, at: str, second_reviewer: bool = False
) -> Review:
    """Write an entry and update the queue. Pass `seen` None if the reviewer has just looked.

    Raises `NoSuchReport`, `ChangedSince` and `ReviewError`; nothing is written then.
    """
    with transaction(db):
        written = add_decision(db, article_id, decision, seen, at, second_reviewer)
    return next(entry for entry in history(db, article_id) if entry.id == written)


def add_decision(
    db: ReviewDb,
    article_id: int,
    decision: Decision,
    seen: Seen | None,
    at: str,
    second_reviewer: bool,
    batch_id: int | None = None,
) -> int:
    """Add an entry inside the caller's transaction; returns its number. Raises the same errors as `decide`."""
    story_id = story_id_of(db, article_id)
    item = db.execute("SELECT alert_id, revision_id, status FROM queue WHERE story_id = ?", [story_id]).fetchone()
    if item is None:
        raise NoSuchReport("article {number} has no alert", number=article_id)
    entries = history(db, article_id)
    if decision.verdict != "note" and seen is not None:
        _must_be_current(seen, entries, item["revision_id"])
    _must_be_possible(db, story_id, item["status"], decision, entries)
    cursor = db.execute(
        "INSERT INTO reviews (article_id, alert_id, revision_id, verdict, reason, duplicate_of, assignee, note, "
        "undoes, reviewer, created_at, reported, batch_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            article_id, item["alert_id"], item["revision_id"], decision.verdict, decision.reason,
            decision.duplicate_of, decision.assignee, decision.note.strip(), decision.undoes, decision.reviewer, at,
            json.dumps([article.article_id for article in reported_of(db, story_id)]), batch_id,
        ],
    )  # fmt: skip
    written = cast(int, cursor.lastrowid)
    journal.append_review(db, written)
    update_standing(db, story_id, second_reviewer)
    return written


def last_reason(db: ReviewDb, reviewer: str) -> FalseAlarmReason | None:
    """Return the reason of this reviewer's latest false alarm, if any."""
    row = db.execute(
        "SELECT reason FROM reviews WHERE reviewer = ? AND reason IS NOT NULL ORDER BY id DESC LIMIT 1", [reviewer]
    ).fetchone()
    return row[0] if row else None


def reported_of(db: ReviewDb, story_id: int) -> list[Reported]:
    """Return the members of a story that raised alerts, according to the queue."""
    rows = db.execute(
        "SELECT article_id, alert_id, revision_id FROM queue_articles WHERE story_id = ? ORDER BY article_id",
        [story_id],
    )
    return [Reported(*row) for row in rows.fetchall()]


def update_standing(db: ReviewDb, story_id: int, second_reviewer: bool) -> None:
    """Update a story's queue row from its entries, inside the caller's transaction."""
    now = standing(history(db, story_id), reported_of(db, story_id), second_reviewer)
    db.execute(
        "UPDATE queue SET status = ?, assignee = ?, review_id = ?, decided_at = ?, asked_by = ? WHERE story_id = ?",
        [now.status, now.assignee, now.review_id, now.decided_at, json.dumps(now.asked_by), story_id],
    )


def _must_be_current(seen: Seen, entries: Sequence[Review], revision_id: int) -> None:
    if seen.revision_id != revision_id:
        raise ChangedSince("this story has changed since you opened it")
    newer = [entry for entry in entries if entry.id > seen.review_id and entry.verdict != "note"]
    if newer:
        raise ChangedSince("{who} changed this while you were reading", who=newer[-1].reviewer)


def _must_be_possible(
    db: ReviewDb, story_id: int, status: ReviewStatus, decision: Decision, entries: Sequence[Review]
) -> None:
    if decision.verdict == "undo":
        _must_be_undoable(decision, entries)
    elif decision.verdict == "false_alarm" and decision.reason not in REASONS:
        raise ReviewError("choose a reason for the false alarm")
    elif decision.verdict == "note" and not decision.note.strip():
        raise ReviewError("the note is empty")
    elif decision.verdict == "duplicate_of":
        _must_be_a_report(db, story_id, decision.duplicate_of)
    elif decision.verdict == "assign":
        _must_be_a_reviewer(db, decision.assignee)
    elif decision.verdict == "confirm" and status in ("second", "confirmed"):
        _must_be_another(decision, entries)


def _must_be_undoable(decision: Decision, entries: Sequence[Review]) -> None:
    entry = next((entry for entry in entries if entry.id == decision.undoes), None)
    if entry is None or entry.verdict == "undo":
        raise ReviewError("decision not found")
    if entry.undone:
        raise ReviewError("this decision has already been undone")


def _must_be_a_report(db: ReviewDb, story_id: int, other: int | None) -> None:
    if other is None or db.execute("SELECT 1 FROM archive.articles WHERE id = ?", [other]).fetchone() is None:
        raise ReviewError("enter the number of a report in the archive")
    if story_id_of(db, other) == story_id:
        raise ReviewError("that report is already part of this story")


def _must_be_a_reviewer(db: ReviewDb, name: str | None) -> None:
    sql = "SELECT 1 FROM users WHERE name = ? AND role != 'reader' AND disabled_at IS NULL"
    if name is not None and db.execute(sql, [name]).fetchone() is None:
        raise ReviewError("no reviewer has that name")


def _must_be_another(decision: Decision, entries: Sequence[Review]) -> None:
    decisions = [entry for entry in entries if not entry.undone and entry.verdict in DECISIONS]
    if not decisions or decisions[-1].reviewer != decision.reviewer:
        return
    if decisions[-1].verdict == "second_pair":
        raise ReviewError("you asked for a second opinion: someone else has to decide, or undo your request first")
    if decisions[-1].verdict == "confirm":
        raise ReviewError("you have already confirmed this report")


def undoable(entries: Sequence[Review], reviewer: str, anyones: bool) -> Review | None:
    """Return the newest entry that `reviewer` may undo: their own, or anyone's with `anyones`."""
    for entry in reversed(entries):
        if entry.verdict not in ("undo", "note") and not entry.undone and (anyones or entry.reviewer == reviewer):
            return entry
    return None
