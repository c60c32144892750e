"""Cases: which reports people confirmed to be about one person, as append-only entries.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

from storage.exceptions import ReviewError
from storage.review import journal
from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb

Action = Literal["open", "confirm", "reject", "split", "merge", "rename", "note", "undo"]
ACTIONS: tuple[Action, ...] = get_args(Action)
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One entry as written (UTC). `other_case_id` is the case that a split made or a merge absorbed."""

    id: int
    case_id: int
    action: Action
    other_case_id: int | None
    name: str
    note: str
    undoes: int | None
    reviewer: str
    created_at: str
    articles: frozenset[int]
    undone: bool


@dataclass(slots=True)
class Case:
    """A case as its entries have it now: each report is confirmed (True) or rejected (False)."""

    id: int
    name: str
    reports: dict[int, bool] = field(default_factory=dict)
    merged_into: int | None = None

    @property
    def confirmed(self) -> list[int]:
        """Return the confirmed reports, by number."""
        return sorted(article for article, yes in self.reports.items() if yes)

    @property
    def rejected(self) -> list[int]:
        """Return the rejected reports, by number."""
        return sorted(article for article, yes in self.reports.items() if not yes)


def cases(db: ReviewDb) -> dict[int, Case]:
    """Return every case by number, merged ones included."""
    found: dict[int, Case] = {}
    for one in _entries(db):
        if not one.undone and _has_its_cases(found, one):
            _STEPS[one.action](found, one)
    return found


def _has_its_cases(found: dict[int, Case], one: CaseEntry) -> bool:
    """Whether the cases of an entry exist; a split that was undone takes its new case away."""
    if one.action == "open":
        return True
    return one.case_id in found and (one.action != "merge" or one.other_case_id in found)


def current(known: dict[int, Case], case_id: int) -> Case | None:
    """Return the case with this number, or the one it was merged into; None if there is none."""
    case = known.get(case_id)
    while case is not None and case.merged_into is not None:
        case = known[case.merged_into]
    return case


def cases_of(known: dict[int, Case], article_id: int) -> list[Case]:
    """Return the cases in which a report is confirmed."""
    return [case for case in known.values() if case.merged_into is None and case.reports.get(article_id)]


def entries(db: ReviewDb, case_id: int) -> list[CaseEntry]:
    """Return the entries about a case or a case merged into it, oldest first."""
    known = cases(db)
    return [one for one in _entries(db) if _is_about(known, one, case_id)]


def undoable(written: Sequence[CaseEntry], reviewer: str, anyones: bool) -> CaseEntry | None:
    """Return the newest entry that `reviewer` may undo: their own, or anyone's with `anyones`. An opening stays."""
    valid = [one for one in written if not one.undone and one.action not in ("undo", "open", "note")]
    return valid[-1] if valid and (anyones or valid[-1].reviewer == reviewer) else None


def open_case(db: ReviewDb, name: str, articles: Iterable[int], reviewer: str, note: str, at: str) -> int:
    """Open a case with these reports confirmed, and return its number. Raises `ReviewError`."""
    with transaction(db):
        case_id = _new_case(db, name)
        _write(db, case_id, "open", reviewer, at, articles=articles, name=name, note=note)
    return case_id


def judge(
    db: ReviewDb, case_id: int, action: Literal["confirm", "reject"], articles: Iterable[int], reviewer: str, note: str,
    at: str,
) -> None:  # fmt: skip
    """Confirm or reject reports as being about the person. Raises `ReviewError`."""
    with transaction(db):
        _must_be_open(db, case_id)
        _write(db, case_id, action, reviewer, at, articles=_some(articles), note=note)


def split(db: ReviewDb, case_id: int, articles: Iterable[int], name: str, reviewer: str, note: str, at: str) -> int:
    """Move reports to a new case, reject them here, and return the new case's number. Raises `ReviewError`."""
    with transaction(db):
        case = _must_be_open(db, case_id)
        chosen = _some(articles)
        if not chosen <= set(case.confirmed):
            raise ReviewError("choose reports that are confirmed in this case")
        other = _new_case(db, name or case.name)
        _write(db, case_id, "split", reviewer, at, articles=chosen, other=other, name=name or case.name, note=note)
    return other


def merge(db: ReviewDb, case_id: int, other_id: int, reviewer: str, note: str, at: str) -> None:
    """Add another case's reports to this one, which absorbs it. Raises `ReviewError`."""
    with transaction(db):
        _must_be_open(db, case_id)
        if _must_be_open(db, other_id).id == case_id:
            raise ReviewError("enter the number of another case")
        _write(db, case_id, "merge", reviewer, at, other=other_id, note=note)


def rename(db: ReviewDb, case_id: int, name: str, reviewer: str, at: str) -> None:
    """Change the name under which a case is listed. Raises `ReviewError`."""
    with transaction(db):
        _must_be_open(db, case_id)
        _write(db, case_id, "rename", reviewer, at, name=_named(name))


def add_note(db: ReviewDb, case_id: int, note: str, reviewer: str, at: str) -> None:
    """Add a note to a case. Raises `ReviewError`."""
    with transaction(db):
        _must_be_open(db, case_id)
        if not note.strip():
            raise ReviewError("the note is empty")
        _write(db, case_id, "note", reviewer, at, note=note)


def undo(db: ReviewDb, case_id: int, reviewer: str, anyones: bool, at: str) -> None:
    """Undo the newest entry of a case: the reviewer's own, or anyone's with `anyones`. Raises `ReviewError`."""
    with transaction(db):
        found = undoable(entries(db, case_id), reviewer, anyones)
        if found is None:
            raise ReviewError("decision not found")
        if found.action == "split" and any(_needs_split(one, found) for one in _entries(db)):
            raise ReviewError("case {other} has decisions of its own: undo them first", other=found.other_case_id)
        _write(db, found.case_id, "undo", reviewer, at, undoes=found.id)


def _needs_split(one: CaseEntry, split: CaseEntry) -> bool:
    """Whether an entry decides about the case that a split made."""
    decides = not one.undone and one.action not in ("undo", "note")
    return decides and one.id != split.id and split.other_case_id in (one.case_id, one.other_case_id)


def _open(found: dict[int, Case], one: CaseEntry) -> None:
    found[one.case_id] = Case(one.case_id, one.name, dict.fromkeys(one.articles, True))


def _confirm(found: dict[int, Case], one: CaseEntry) -> None:
    found[one.case_id].reports |= dict.fromkeys(one.articles, True)


def _reject(found: dict[int, Case], one: CaseEntry) -> None:
    found[one.case_id].reports |= dict.fromkeys(one.articles, False)


def _split(found: dict[int, Case], one: CaseEntry) -> None:
    _reject(found, one)
    other = cast(int, one.other_case_id)
    found[other] = Case(other, one.name, dict.fromkeys(one.articles, True))


def _merge(found: dict[int, Case], one: CaseEntry) -> None:
    kept, other = found[one.case_id], found[cast(int, one.other_case_id)]
    other.merged_into = kept.id
    for article, yes in other.reports.items():
        kept.reports[article] = yes or kept.reports.get(article, False)


def _rename(found: dict[int, Case], one: CaseEntry) -> None:
    found[one.case_id].name = one.name


def _nothing(found: dict[int, Case], one: CaseEntry) -> None:
    """Leave the cases as they are."""


_STEPS: dict[Action, Callable[[dict[int, Case], CaseEntry], None]] = {
    "open": _open, "confirm": _confirm, "reject": _reject, "split": _split, "merge": _merge, "rename": _rename,
    "note": _nothing, "undo": _nothing,
}  # fmt: skip


def _is_about(known: dict[int, Case], one: CaseEntry, case_id: int) -> bool:
    of = current(known, one.case_id)
    return case_id in (one.case_id, one.other_case_id) or (of is not None and of.id == case_id)


def _entries(db: ReviewDb) -> list[CaseEntry]:
    articles: dict[int, set[int]] = {}
    for row in db.execute("SELECT entry_id, article_id FROM case_entry_articles").fetchall():
        articles.setdefault(row[0], set()).add(row[1])
    rows = db.execute("SELECT * FROM case_entries ORDER BY id").fetchall()
    undone = {row["undoes"] for row in rows}
    return [
        CaseEntry(**dict(row), articles=frozenset(articles.get(row["id"], ())), undone=row["id"] in undone)
        for row in rows
    ]


def _new_case(db: ReviewDb, name: str) -> int:
    _named(name)
    return cast(int, db.execute("INSERT INTO cases DEFAULT VALUES").lastrowid)


def _named(name: str) -> str:
    if not name.strip() or len(name) > MAX_NAME:
        raise ReviewError("enter the person's name")
    return " ".join(name.split())


def _some(articles: Iterable[int]) -> frozenset[int]:
    chosen = frozenset(articles)
    if not chosen:
        raise ReviewError("choose the reports first")
    return chosen


def _must_be_open(db: ReviewDb, case_id: int) -> Case:
    case = cases(db).get(case_id)
    if case is None:
        raise ReviewError("no case has this number")
    if case.merged_into is not None:
        raise ReviewError("this case was merged into case {other}", other=case.merged_into)
    return case


def _write(
    db: ReviewDb, case_id: int, action: Action, reviewer: str, at: str, *, articles: Iterable[int] = (),
    other: int | None = None, name: str = "", note: str = "", undoes: int | None = None,
) -> None:  # fmt: skip
    chosen = sorted(set(articles))
    marks = ", ".join("?" * len(chosen))
    known = db.execute(f"SELECT count(*) FROM archive.articles WHERE id IN ({marks})", chosen).fetchone()[0]
    if known != len(chosen):
        raise ReviewError("enter the number of a report in the archive")
    number = cast(
        int,
        db.execute(
            "INSERT INTO case_entries (case_id, action, other_case_id, name, note, undoes, reviewer, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [case_id, action, other, " ".join(name.split()), note.strip(), undoes, reviewer, at],
        ).lastrowid,
    )
    db.conn.executemany("INSERT INTO case_entry_articles VALUES (?, ?)", [(number, article) for article in chosen])
    journal.append(
        db, "case", reviewer, {"entry": number, "case": case_id, "action": action, "articles": chosen}, None, at
    )
