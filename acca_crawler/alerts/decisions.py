"""Review statuses of stories at a given time, for digests.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from acca_crawler.config.loading import Config
from acca_crawler.items import ReviewStatus
from storage.review import database as review_database
from storage.review import reviews
from storage.schema.kinds import ReviewDb


@contextmanager
def reviewed(config: Config) -> Iterator[ReviewDb | None]:
    """Open the people file; None if it does not exist."""
    if not config.people_file.exists():
        yield None
        return
    db = review_database.open_people(config.people_file, config.archive_file)
    try:
        yield db
    finally:
        db.close()


def standing_at(
    db: ReviewDb | None, stories: Iterable[int], at: str, second_reviewer: bool
) -> tuple[tuple[int, ReviewStatus], ...]:
    """Return the stories decided by `at` (inclusive), each once, with its status."""
    if db is None:
        return ()
    known = ((story, reviews.status_at(db, story, at, second_reviewer)) for story in sorted(set(stories)))
    return tuple((story, status) for story, status in known if status is not None)


def decided_between(
    db: ReviewDb | None, since: str, until: str, second_reviewer: bool
) -> tuple[tuple[int, ReviewStatus], ...]:
    """Return the stories whose status changed after `since` and up to `until`, each with its new status."""
    if db is None:
        return ()
    touched = {reviews.story_id_of(db, number) for number in reviews.reviewed_between(db, since, until)}
    before = dict(standing_at(db, touched, since, second_reviewer))
    now = dict(standing_at(db, touched, until, second_reviewer))
    return tuple(
        (story, now.get(story, "new")) for story in sorted(touched) if now.get(story, "new") != before.get(story, "new")
    )
