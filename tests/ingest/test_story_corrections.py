"""What a person took apart stays apart, whatever a later crawl stores; what they put together stays together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from acca_crawler.ingest import stories as deciding
from acca_crawler.ingest.story_corrections import apply_to, catch_up
from storage.articles import stories
from storage.review import corrections
from storage.review.database import open_people
from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb
from tests.support.newsstand import Newsstand
from tests.support.story_reports import COPY, ENGLISH, EXCERPT, FLASHES, REPORT

AT = "2026-11-20T09:00:00Z"


@pytest.fixture
def people(newsstand: Newsstand, tmp_path: Path) -> Iterator[ReviewDb]:
    """The review database beside the newsstand's archive."""
    db = open_people(tmp_path / "people.db", tmp_path / "acca.db")
    yield db
    db.close()


def split(newsstand: Newsstand, people: ReviewDb, *articles: int) -> None:
    """Take reports out of their story, and let the archive follow."""
    corrections.split(people, articles, "aigul", "", AT)
    assert apply_to(newsstand.db, people, AT) == 1


def test_neither_a_revision_nor_a_new_copy_puts_together_what_was_taken_apart(
    newsstand: Newsstand, people: ReviewDb
) -> None:
    report = newsstand.store(replace(REPORT, identity="a1"))
    copy = newsstand.store(replace(COPY, identity="b1"))
    split(newsstand, people, copy.article_id)
    assert newsstand.alerts() == ["new", "new"]

    changed = newsstand.store(replace(COPY, identity="b1", text=COPY.text + "\n\nРодные ждут ответа прокуратуры."))
    assert changed.article_id == copy.article_id
    excerpt, english = newsstand.store(EXCERPT), newsstand.store(ENGLISH)
    assert newsstand.story(report).id != newsstand.story(copy).id
    for later in (excerpt, english):
        assert newsstand.story(later).id in (newsstand.story(report).id, newsstand.story(copy).id)
    assert newsstand.alerts() == ["new", "new"]


def test_assigning_again_obeys_both_kinds(newsstand: Newsstand, people: ReviewDb) -> None:
    report, copy, flash = (newsstand.store(one) for one in (REPORT, COPY, FLASHES[0]))
    split(newsstand, people, copy.article_id)
    corrections.merge(people, flash.article_id, copy.article_id, "aigul", "", AT)
    apply_to(newsstand.db, people, AT)
    assert [row[0] for row in people.execute("SELECT action FROM journal").fetchall()] == ["correction"] * 2
    (put,) = [m for m in newsstand.story(copy).members if m.relation != "first"]
    assert (put.relation, put.reasons) == ("same event", (("decision", ""),))

    with transaction(newsstand.db) as db:  # as after losing what was assigned
        for table in ("story_members", "stories", "story_keys", "story_names"):
            db.execute(f"DELETE FROM {table}")
        for article_id in (report.article_id, copy.article_id, flash.article_id):
            deciding.assign_stored(db, article_id, newsstand.run_id)
    assert newsstand.story(report).id != newsstand.story(copy).id == newsstand.story(flash).id


def test_a_later_member_follows_the_side_it_came_with(newsstand: Newsstand, people: ReviewDb) -> None:
    report, flash = newsstand.store(REPORT), newsstand.store(FLASHES[0])
    merged = corrections.merge(people, flash.article_id, report.article_id, "aigul", "", AT)
    apply_to(newsstand.db, people, AT)
    copy = newsstand.store(COPY)
    assert len(newsstand.story(copy).members) == 3
    corrections.undo(people, merged.id, "aigul", False, "", AT)
    apply_to(newsstand.db, people, AT)
    assert {m.article_id for m in newsstand.story(copy).members} == {report.article_id, copy.article_id}
    assert [m.article_id for m in newsstand.story(flash).members] == [flash.article_id]
    assert newsstand.db["story_constraints"].count == 0


def test_what_was_recorded_before_a_crash_is_applied_by_the_next_run(
    newsstand: Newsstand, people: ReviewDb, tmp_path: Path
) -> None:
    report, copy = newsstand.store(REPORT), newsstand.store(COPY)
    corrections.split(people, [copy.article_id], "aigul", "", AT)
    assert newsstand.story(report).id == newsstand.story(copy).id
    assert catch_up(newsstand.db, tmp_path / "people.db", tmp_path / "acca.db", AT) == 1
    assert newsstand.story(report).id != newsstand.story(copy).id
    assert catch_up(newsstand.db, tmp_path / "people.db", tmp_path / "acca.db", AT) == 0
    assert catch_up(newsstand.db, tmp_path / "nobody.db", tmp_path / "acca.db", AT) == 0


def test_every_story_keeps_the_number_of_its_smallest_member(newsstand: Newsstand, people: ReviewDb) -> None:
    report, copy, excerpt = (newsstand.store(one) for one in (REPORT, COPY, EXCERPT))
    split(newsstand, people, report.article_id)
    numbers = [stories.story_number(newsstand.db, one.article_id) for one in (report, copy, excerpt)]
    assert numbers == [report.article_id, copy.article_id, copy.article_id]
    assert newsstand.story(copy).members[0].relation == "first"
    assert newsstand.story(excerpt).members[1].related_to == copy.article_id
