"""People's corrections of stories: reports taken out of a story, and stories put together. Append-only.

The archive's stories follow them (`acca_crawler.ingest.story_corrections`): this module only records.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from storage.articles.story_constraints import Pair, pair
from storage.exceptions import ReviewError
from storage.review import journal
from storage.review.reviews import story_id_of
from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb

Kind = Literal["split", "merge", "undo"]


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction as recorded (UTC), with the reports on each side at that time.

    A split takes `part` out of the story, `rest` stays; `other_id` is the report of the rest that `article_id` had been
    compared with. A merge puts `part`, the story of `article_id`, together with `rest`, that of `other_id`.
    """

    id: int
    kind: Kind
    article_id: int
    other_id: int
    undoes: int | None
    note: str
    reviewer: str
    created_at: str
    part: frozenset[int]
    rest: frozenset[int]
    undone: bool

    @property
    def members(self) -> frozenset[int]:
        """Every report it was about."""
        return self.part | self.rest


def split(db: ReviewDb, articles: Sequence[int], reviewer: str, note: str, at: str) -> Correction:
    """Record that these reports of one story are not about what the rest is about. Raises `ReviewError`."""
    if not articles:
        raise ReviewError("choose the reports to remove from the story")
    with transaction(db):
        stories = {story_id_of(db, article_id) for article_id in articles}
        members = _members(db, articles[0])
        part = frozenset(articles)
        if len(stories) > 1 or not part <= members:
            raise ReviewError("these reports are not in one story")
        if part == members:
            raise ReviewError("a story needs at least one report: leave one in it")
        rest = members - part
        other = _compared_with(db, articles[0], rest)
        return _write(db, "split", articles[0], other, None, part, rest, reviewer, note, at)


def merge(db: ReviewDb, article_id: int, other_id: int, reviewer: str, note: str, at: str) -> Correction:
    """Record that the stories of two reports are about one event. Raises `ReviewError`."""
    with transaction(db):
        for number in (article_id, other_id):
            if db.execute("SELECT 1 FROM archive.articles WHERE id = ?", [number]).fetchone() is None:
                raise ReviewError("enter the number of a report in the archive")
        part, rest = _members(db, article_id), _members(db, other_id)
        if part & rest:
            raise ReviewError("that report is already part of this story")
        return _write(db, "merge", article_id, other_id, None, part, rest, reviewer, note, at)


def undo(db: ReviewDb, correction_id: int, reviewer: str, anyones: bool, note: str, at: str) -> Correction:
    """Record that a correction no longer applies: the reviewer's own, or anyone's with `anyones`.

    Raises `ReviewError`.
    """
    with transaction(db):
        known = corrections(db)
        found = next((one for one in known if one.id == correction_id and one.kind != "undo"), None)
        if found is None:
            raise ReviewError("decision not found")
        if found.undone:
            raise ReviewError("this decision has already been undone")
        if found.reviewer != reviewer and not anyones:
            raise ReviewError("only a lead can undo another person's decision")
        if any(later.id > found.id and later.members & found.members for later in effective(known)):
            raise ReviewError("undo the later correction of this story first")
        return _write(
            db, "undo", found.article_id, found.other_id, found.id, found.part, found.rest, reviewer, note, at
        )


def corrections(db: ReviewDb) -> list[Correction]:
    """Return every correction, oldest first."""
    return _read(db, "SELECT * FROM story_corrections ORDER BY id", ())


def about(db: ReviewDb, article_id: int) -> list[Correction]:
    """Return the corrections that a report or another member of its story was part of, oldest first."""
    sql = (
        "SELECT * FROM story_corrections WHERE id IN (SELECT correction_id FROM story_correction_members "
        "WHERE article_id IN (SELECT article_id FROM archive.story_members WHERE story_id = ? UNION SELECT ?)) "
        "ORDER BY id"
    )
    return _read(db, sql, (story_id_of(db, article_id), article_id))


def pending(db: ReviewDb) -> list[Correction]:
    """Return the corrections that the archive does not follow yet, oldest first."""
    sql = (
        "SELECT * FROM story_corrections AS one WHERE NOT EXISTS (SELECT 1 FROM archive.applied_corrections AS done "
        "WHERE done.id = one.id AND done.created_at = one.created_at) ORDER BY id"
    )
    return _read(db, sql, ())


def effective(known: Iterable[Correction]) -> list[Correction]:
    """Return the splits and merges that were not undone."""
    return [one for one in known if one.kind != "undo" and not one.undone]


def constraints_of(known: Iterable[Correction]) -> dict[Pair, bool]:
    """Return what the corrections demand: pairs that must (True) or never may (False) share a story.

    A later correction overrides an earlier one about the same reports.
    """
    found: dict[Pair, bool] = {}
    for one in effective(known):
        pairs = {pair(a, b) for a in one.part for b in one.rest}
        if one.kind == "split":
            found |= dict.fromkeys(pairs, False)
        else:
            found = {key: value for key, value in found.items() if key not in pairs}
            found[pair(one.article_id, one.other_id)] = True
    return found


def undoable(known: Sequence[Correction], reviewer: str, anyones: bool) -> Correction | None:
    """Return the newest correction that `reviewer` may undo: their own, or anyone's with `anyones`."""
    valid = effective(known)
    return valid[-1] if valid and (anyones or valid[-1].reviewer == reviewer) else None


def _members(db: ReviewDb, article_id: int) -> frozenset[int]:
    rows = db.execute(
        "SELECT article_id FROM archive.story_members WHERE story_id = ? UNION SELECT ?",
        [story_id_of(db, article_id), article_id],
    )
    return frozenset(row[0] for row in rows.fetchall())


def _compared_with(db: ReviewDb, article_id: int, rest: frozenset[int]) -> int:
    row = db.execute("SELECT related_to FROM archive.story_members WHERE article_id = ?", [article_id]).fetchone()
    return row[0] if row and row[0] in rest else min(rest)


def _write(
    db: ReviewDb, kind: Kind, article_id: int, other_id: int, undoes: int | None, part: frozenset[int],
    rest: frozenset[int], reviewer: str, note: str, at: str,
) -> Correction:  # fmt: skip
    number = cast(
        int,
        db.execute(
            "INSERT INTO story_corrections (kind, article_id, other_id, undoes, note, reviewer, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [kind, article_id, other_id, undoes, note.strip(), reviewer, at],
        ).lastrowid,
    )
    db.conn.executemany(
        "INSERT INTO story_correction_members VALUES (?, ?, ?)",
        [(number, member, 1 if member in part else 2) for member in sorted(part | rest)],
    )
    subject = {"correction": number, "kind": kind, "undoes": undoes, "part": sorted(part), "rest": sorted(rest)}
    journal.append(db, "correction", reviewer, subject, None, at)
    return Correction(number, kind, article_id, other_id, undoes, note.strip(), reviewer, at, part, rest, undone=False)


def _read(db: ReviewDb, sql: str, values: Sequence[object]) -> list[Correction]:
    rows = db.execute(sql, list(values)).fetchall()
    undone = {row[0] for row in db.execute("SELECT undoes FROM story_corrections WHERE kind = 'undo'").fetchall()}
    found = []
    for row in rows:
        parts: tuple[set[int], set[int]] = set(), set()
        for member in db.execute(
            "SELECT article_id, part FROM story_correction_members WHERE correction_id = ?", [row["id"]]
        ).fetchall():
            parts[member["part"] - 1].add(member["article_id"])
        found.append(
            Correction(**dict(row), part=frozenset(parts[0]), rest=frozenset(parts[1]), undone=row["id"] in undone)
        )
    return found
