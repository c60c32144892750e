"""What reviewers decided, as far as a digest may tell it: where a story's review stood at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlite_utils import Database

from acca_crawler.config.loading import Config
from acca_crawler.items import ReviewStatus
from storage.review import database as review_database
from storage.review import reviews


@contextmanager
def reviewed(config: Config) -> Iterator[Database | None]:
    """The people's file; None where nobody ever reviewed."""
    if not config.people_file.exists():
        yield None
        return
    db = review_database.open_people(config.people_file, config.archive_file)
    try:
        yield db
    finally:
        db.close()


def standing_at(
    db: Database | None, stories: Iterable[int], at: str, second_reviewer: bool
) -> tuple[tuple[int, ReviewStatus], ...]:
    """The stories that were decided until then (inclusive), each with its status; each story once."""
    if db is None:
        return ()
    known = ((story, reviews.status_at(db, story, at, second_reviewer)) for story in sorted(set(stories)))
    return tuple((story, status) for story, status in known if status is not None)


def decided_between(
    db: Database | None, stories: frozenset[int], since: str, until: str, second_reviewer: bool
) -> tuple[tuple[int, ReviewStatus], ...]:
    """The stories whose status changed after `since` and until `until`, each with what it became."""
    if db is None:
        return ()
    touched = stories & {reviews.story_id_of(db, number) for number in reviews.reviewed_between(db, since, until)}
    before = dict(standing_at(db, touched, since, second_reviewer))
    now = dict(standing_at(db, touched, until, second_reviewer))
    return tuple(
        (story, now.get(story, "new")) for story in sorted(touched) if now.get(story, "new") != before.get(story, "new")
    )
