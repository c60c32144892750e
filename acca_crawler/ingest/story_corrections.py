"""Makes the archive's stories follow people's corrections.

A correction is recorded in the review database first, then applied here in one transaction. What was recorded but not
applied (the process was killed, or an older archive was restored) is applied by the next correction or run.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from acca_crawler.ingest.story_links import relations_to, stored_report, strongest
from storage.articles import stories, story_constraints, story_regrouping
from storage.articles.flags import insert_alert_of
from storage.articles.stories import Link
from storage.review import corrections
from storage.review.corrections import Correction
from storage.review.database import open_people
from storage.schema.database import open_archive, transaction
from storage.schema.kinds import ArchiveDb, ReviewDb

BY_A_PERSON = ("decision", "")
"""The reason stored for a member that is in its story only because a person put it there."""
MAX_COMPARED = 8
"""Maximum members that a member is compared with when its story changes."""


def apply_pending(people: ReviewDb, archive_file: Path, at: str) -> int:
    """Apply what the archive does not follow yet; returns how many corrections. `at` is the time (UTC).

    Waits for the transaction of a running crawl. Raises `ArchiveError`.
    """
    if not corrections.pending(people):
        return 0
    archive = open_archive(archive_file)
    try:
        return apply_to(archive, people, at)
    finally:
        archive.close()


def catch_up(archive: ArchiveDb, people_file: Path, archive_file: Path, at: str) -> int:
    """Apply pending corrections at the start of a run (`at`, UTC), if anyone has ever reviewed; returns how many."""
    if not people_file.exists():
        return 0
    people = open_people(people_file, archive_file)
    try:
        return apply_to(archive, people, at) if corrections.pending(people) else 0
    finally:
        people.close()


def apply_to(archive: ArchiveDb, people: ReviewDb, at: str) -> int:
    """Apply what is pending at the time `at` (UTC) to an archive open for writing; returns how many corrections."""
    known = corrections.corrections(people)
    waiting = corrections.pending(people)
    with transaction(archive):
        story_constraints.replace_constraints(archive, corrections.constraints_of(known))
        for one in waiting:
            _apply(archive, one, _what_it_undoes(one, known), at)
            archive.execute(
                "INSERT INTO applied_corrections (id, created_at, kind, applied_at) VALUES (?, ?, ?, ?)",
                [one.id, one.created_at, one.kind, at],
            )
    return len(waiting)


def _what_it_undoes(one: Correction, known: list[Correction]) -> Correction | None:
    return next((other for other in known if other.id == one.undoes), None)


def _apply(db: ArchiveDb, one: Correction, undone: Correction | None, at: str) -> None:
    if one.kind == "split" or (undone is not None and undone.kind == "merge"):
        _divide(db, one, at)
    else:
        _put_together(db, one)


def _divide(db: ArchiveDb, one: Correction, at: str) -> None:
    """Separate the two sides wherever they still share a story; a later member follows the side it was related to."""
    for number, sides in story_constraints.separable(db, one.members).items():
        if sides & one.part and sides & one.rest:
            members = stories.articles_of(db, [number])
            taken = {member for member in members if _side(db, member, one) in one.part}
            for part in story_regrouping.separate(db, number, taken):
                relink(db, part)
                _raise_missing_alert(db, part, at)


def _side(db: ArchiveDb, article_id: int, one: Correction) -> int:
    """Return the report of either side that an article leads to by what it was related to; else one of the rest."""
    seen = set()
    while article_id not in one.members and article_id not in seen:
        seen.add(article_id)
        link = stories.link_of(db, article_id)
        article_id = link.article_id if link else article_id
    return article_id if article_id in one.members else min(one.rest)


def _put_together(db: ArchiveDb, one: Correction) -> None:
    numbers = [stories.story_number(db, article_id) for article_id in (one.article_id, one.other_id)]
    if numbers[0] is not None and numbers[1] is not None and numbers[0] != numbers[1]:
        relink(db, story_regrouping.unite(db, numbers[0], numbers[1]))


def relink(db: ArchiveDb, story_id: int) -> None:
    """Settle a story's first reporter and give each other member a link within the story."""
    first, others = stories.settle_first(db, story_id)
    members = {first, *others}
    for other in others:
        link = stories.link_of(db, other)
        if link is None or link.relation == "first" or link.article_id not in members:
            stories.relate(db, other, _link_within(db, other, first, others))


def _link_within(db: ArchiveDb, article_id: int, first: int, others: Sequence[int]) -> Link:
    report = next(stored_report(db, text) for text in stories.texts(db, [article_id]))
    near = [other for other in others if other != article_id][:MAX_COMPARED]
    found = next(relations_to(db, report, [first]), None) or strongest(relations_to(db, report, near))
    return found or Link(first, "same event", 1.0, (BY_A_PERSON,))


def _raise_missing_alert(db: ArchiveDb, story_id: int, at: str) -> None:
    """Raise the alert that a member at level alert did not raise as part of another story."""
    missing = story_regrouping.unraised(db, story_id)
    if missing is not None:
        run_id = db.execute("SELECT max(id) FROM runs").fetchone()[0]
        insert_alert_of(db, "new", *missing, run_id, at)
