"""What people decide about reports: entries that are only ever added, and the status that follows from them.

An entry concerns an article with its alerts, as it stood at a revision. Whoever writes says which entry and revision
they had seen last; where someone else was faster, nothing is written and `ChangedSince` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from sqlite_utils import Database

from storage.database import transaction

Verdict = Literal["confirm", "false_alarm", "duplicate_of", "watch", "second_pair", "reopen", "assign", "note", "undo"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
DECISIONS: tuple[Verdict, ...] = ("confirm", "false_alarm", "duplicate_of", "watch", "second_pair", "reopen")
"""The verdicts that change a report's status."""

Status = Literal["new", "reopened", "second", "watch", "confirmed", "false_alarm", "duplicate"]
STATUSES: tuple[Status, ...] = get_args(Status)
OPEN: tuple[Status, ...] = ("new", "reopened", "second")
"""The statuses that wait for someone."""

Reason = Literal[
    "not_about_this", "no_state_agent", "abroad", "policy_only", "history", "fiction", "copy_error", "other"
]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Why an alert is a false alarm."""

_SETTLES: dict[Verdict, Status] = {
    "false_alarm": "false_alarm", "duplicate_of": "duplicate", "watch": "watch", "second_pair": "second",
    "reopen": "reopened",
}  # fmt: skip


class ReviewError(Exception):
    """A decision can't be taken as asked; `message`, with `values` in its `{named}` places, says why."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


class NoSuchReport(ReviewError):
    """There is no article with alerts under this number."""


class ChangedSince(ReviewError):
    """Someone else wrote, or the article was revised, since the reviewer opened it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reviewer had before their eyes: the newest entry (0 for none) and the revision of the article."""

    review_id: int
    revision_id: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer wants written. `undoes` is the entry that an undo takes back."""

    verdict: Verdict
    reviewer: str
    note: str = ""
    reason: Reason | None = None
    duplicate_of: int | None = None
    assignee: str | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One entry as it was written. `undone` is whether a later entry took it back."""

    id: int
    article_id: int
    alert_id: int
    revision_id: int
    verdict: Verdict
    reason: Reason | None
    duplicate_of: int | None
    assignee: str | None
    note: str
    undoes: int | None
    reviewer: str
    created_at: str
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a report stands: its status, who has it, and when it was decided, if it was."""

    status: Status
    assignee: str | None
    review_id: int
    decided_at: str | None


def history(db: Database, article_id: int) -> list[Review]:
    """Every entry about an article, the oldest first."""
    rows = db.execute("SELECT * FROM reviews WHERE article_id = ? ORDER BY id", [article_id]).fetchall()
    undone = {row["undoes"] for row in rows}
    return [Review(**dict(row), undone=row["id"] in undone) for row in rows]


def entry(db: Database, review_id: int) -> Review | None:
    """The entry of this number, or None."""
    row = db.execute("SELECT article_id FROM reviews WHERE id = ?", [review_id]).fetchone()
    return next(found for found in history(db, row[0]) if found.id == review_id) if row else None


def standing(entries: Iterable[Review], alert_id: int, revision_id: int, second_reviewer: bool) -> Standing:
    """What follows from the entries about an article whose newest alert and current revision are these.

    A decision about an older revision or before the newest alert no longer stands: the report is reopened.
    """
    entries = list(entries)
    valid = [entry for entry in entries if not entry.undone and entry.verdict != "undo"]
    assigned = [entry for entry in valid if entry.verdict == "assign"]
    decisions = [entry for entry in valid if entry.verdict in DECISIONS]
    assignee = assigned[-1].assignee if assigned else None
    newest = entries[-1].id if entries else 0
    if not decisions:
        return Standing("new", assignee, newest, None)
    last = decisions[-1]
    if last.verdict == "reopen" or last.alert_id < alert_id or last.revision_id < revision_id:
        return Standing("reopened", assignee, newest, None)
    if last.verdict != "confirm":
        status = _SETTLES[last.verdict]
    else:
        status = "confirmed" if _confirmed(decisions, second_reviewer) else "second"
    return Standing(status, assignee, newest, None if status in OPEN else last.created_at)


def _confirmed(decisions: Sequence[Review], second_reviewer: bool) -> bool:
    return len(_confirmers(decisions)) >= (2 if second_reviewer else 1)


def _confirmers(decisions: Sequence[Review]) -> set[str]:
    """Who confirmed the report as it stands now, without anyone having decided otherwise in between."""
    found: set[str] = set()
    for entry in reversed(decisions):
        if entry.verdict not in ("confirm", "second_pair") or entry.revision_id != decisions[-1].revision_id:
            break
        if entry.verdict == "confirm":
            found.add(entry.reviewer)
    return found


def decide(
    db: Database, article_id: int, decision: Decision, seen: Seen | None, at: str, second_reviewer: bool = False
) -> Review:
    """Write an entry and bring the queue in step. `seen` None is for those who looked this very moment.

    Raises `NoSuchReport`, `ChangedSince` and `ReviewError`; then nothing was written.
    """
    with transaction(db):
        item = db.execute(
            "SELECT alert_id, articles.revision_id AS revision_id FROM queue "
            "JOIN archive.articles ON articles.id = article_id WHERE article_id = ?",
            [article_id],
        ).fetchone()
        if item is None:
            raise NoSuchReport("article {number} has no alert", number=article_id)
        entries = history(db, article_id)
        if decision.verdict != "note" and seen is not None:
            _must_be_current(seen, entries, item["revision_id"])
        _must_be_possible(db, article_id, item["revision_id"], decision, entries)
        cursor = db.execute(
            "INSERT INTO reviews (article_id, alert_id, revision_id, verdict, reason, duplicate_of, assignee, note, "
            "undoes, reviewer, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                article_id, item["alert_id"], item["revision_id"], decision.verdict, decision.reason,
                decision.duplicate_of, decision.assignee, decision.note.strip(), decision.undoes, decision.reviewer, at,
            ],
        )  # fmt: skip
        written = cast(int, cursor.lastrowid)
        update_standing(db, article_id, second_reviewer)
    return next(entry for entry in history(db, article_id) if entry.id == written)


def update_standing(db: Database, article_id: int, second_reviewer: bool) -> None:
    """Bring an article's row of the queue in step with its entries, inside the caller's transaction."""
    item = db.execute("SELECT alert_id, revision_id FROM queue WHERE article_id = ?", [article_id]).fetchone()
    now = standing(history(db, article_id), item["alert_id"], item["revision_id"], second_reviewer)
    db.execute(
        "UPDATE queue SET status = ?, assignee = ?, review_id = ?, decided_at = ? WHERE article_id = ?",
        [now.status, now.assignee, now.review_id, now.decided_at, article_id],
    )


def _must_be_current(seen: Seen, entries: Sequence[Review], revision_id: int) -> None:
    if seen.revision_id != revision_id:
        raise ChangedSince("the article was revised since you opened it")
    newer = [entry for entry in entries if entry.id > seen.review_id and entry.verdict != "note"]
    if newer:
        raise ChangedSince("{who} wrote since you opened it", who=newer[-1].reviewer)


def _must_be_possible(
    db: Database, article_id: int, revision_id: int, decision: Decision, entries: Sequence[Review]
) -> None:
    if decision.verdict == "undo":
        _must_be_undoable(decision, entries)
    elif decision.verdict == "false_alarm" and decision.reason not in REASONS:
        raise ReviewError("a false alarm needs a reason")
    elif decision.verdict == "note" and not decision.note.strip():
        raise ReviewError("a note needs some text")
    elif decision.verdict == "duplicate_of":
        _must_be_a_report(db, article_id, decision.duplicate_of)
    elif decision.verdict == "assign":
        _must_be_a_reviewer(db, decision.assignee)
    elif decision.verdict == "confirm":
        _must_be_another(decision, [entry for entry in entries if entry.revision_id == revision_id])


def _must_be_undoable(decision: Decision, entries: Sequence[Review]) -> None:
    entry = next((entry for entry in entries if entry.id == decision.undoes), None)
    if entry is None or entry.verdict == "undo":
        raise ReviewError("there is no such decision to undo")
    if entry.undone:
        raise ReviewError("this decision is undone already")


def _must_be_a_report(db: Database, article_id: int, other: int | None) -> None:
    if other == article_id:
        raise ReviewError("a report can't be a duplicate of itself")
    if other is None or db.execute("SELECT 1 FROM archive.articles WHERE id = ?", [other]).fetchone() is None:
        raise ReviewError("a duplicate needs the number of an article that the archive holds")


def _must_be_a_reviewer(db: Database, name: str | None) -> None:
    sql = "SELECT 1 FROM users WHERE name = ? AND role != 'reader' AND disabled_at IS NULL"
    if name is not None and db.execute(sql, [name]).fetchone() is None:
        raise ReviewError("nobody of that name can review")


def _must_be_another(decision: Decision, entries: Sequence[Review]) -> None:
    decisions = [entry for entry in entries if not entry.undone and entry.verdict in DECISIONS]
    if not decisions or decisions[-1].reviewer != decision.reviewer:
        return
    if decisions[-1].verdict == "second_pair":
        raise ReviewError("you asked for a second pair of eyes: someone else has to look, or undo that first")
    if decisions[-1].verdict == "confirm":
        raise ReviewError("you confirmed this report already")


def undoable(entries: Sequence[Review], reviewer: str, anyones: bool) -> Review | None:
    """The newest entry that `reviewer` may take back: their own, or with `anyones` whosever it is."""
    for entry in reversed(entries):
        if entry.verdict not in ("undo", "note") and not entry.undone and (anyones or entry.reviewer == reviewer):
            return entry
    return None
