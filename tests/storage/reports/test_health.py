"""What the operator learns about an outlet, on a real archive whose past is written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.articles.reprocessing import Selection, count_subjects, subjects
from storage.reports.health import complaints
from storage.schema.database import open_archive
from storage.schema.kinds import ArchiveDb

DAYS = {1: "2026-11-01T06:00:00Z", 2: "2026-11-02T06:00:00Z", 3: "2026-11-03T06:00:00Z"}


@pytest.fixture
def db(tmp_path: Path) -> ArchiveDb:
    """Three runs of one outlet, all well."""
    opened = open_archive(tmp_path / "acca.db")
    opened.execute("INSERT INTO outlets VALUES ('acca', 'ACCA', 'https://acca.example/', 'media', '[]', '[]')")
    for run, at in DAYS.items():
        opened.execute("INSERT INTO runs VALUES (?, 'crawl', ?, ?, 'ok', '{}', '0')", [run, at, at])
        opened.execute("INSERT INTO run_outlets VALUES (?, 'acca', 'ok', 'rest', NULL)", [run])
        opened.execute("INSERT INTO run_counts VALUES (?, 'acca', 'fetched', 10)", [run])
    return opened


def add_article(db: ArchiveDb, run: int, text: str, agreement: float | None) -> None:
    article = db.execute(
        "INSERT INTO articles (outlet, identity, url, first_run_id, first_seen_at, last_seen_at) "
        "VALUES ('acca', hex(randomblob(8)), 'https://acca.example/', ?, ?, ?)",
        [run, DAYS[run], DAYS[run]],
    ).lastrowid
    db.execute(
        "INSERT INTO revisions (article_id, number, run_id, stored_at, title, lead, text, authors, categories, tags, "
        "captions, alternates, extraction_method, rest_agreement, change, content_sha256, row_sha256) "
        "VALUES (?, 1, ?, ?, 'T', '', ?, '[]', '[]', '[]', '[]', '[]', 'selectors', ?, 'first', '', '')",
        [article, run, DAYS[run], text, agreement],
    )


def test_a_well_outlet_gives_no_cause_for_complaint(db: ArchiveDb) -> None:
    for run in DAYS:
        for _ in range(4):
            add_article(db, run, "A text of a usual length. " * 10, 0.98)
        db.execute("INSERT INTO run_counts VALUES (?, 'acca', 'stripped:share-bar', 10)", [run])
    assert complaints(db, "acca", 3) == ()


def test_a_falling_agreement_is_a_changed_layout(db: ArchiveDb) -> None:
    add_article(db, 1, "A text of a usual length. " * 10, 0.98)
    add_article(db, 2, "A text of a usual length. " * 10, 0.97)
    add_article(db, 3, "A text of a usual length. " * 10, 0.4)
    assert complaints(db, "acca", 3) == (
        "the layout seems to have changed: text agreement of page and REST fell from 98% to 40%",
    )
    assert complaints(db, "acca", 2) == ()


def test_texts_that_shrink_to_nothing_are_a_changed_layout(db: ArchiveDb) -> None:
    for _ in range(2):
        add_article(db, 3, "", None)
    assert complaints(db, "acca", 3) == ()
    add_article(db, 3, "A text of a usual length. " * 10, None)
    (complaint,) = complaints(db, "acca", 3)
    assert "2 of 3 articles" in complaint


def test_a_rule_that_fires_ten_times_as_often_is_named(db: ArchiveDb) -> None:
    db.execute("INSERT INTO run_counts VALUES (1, 'acca', 'stripped:appeal', 10), (2, 'acca', 'stripped:appeal', 10)")
    db.execute("INSERT INTO run_counts VALUES (3, 'acca', 'stripped:appeal', 99)")
    assert complaints(db, "acca", 3) == ()
    db.execute("UPDATE run_counts SET value = 100 WHERE run_id = 3 AND name = 'stripped:appeal'")
    (complaint,) = complaints(db, "acca", 3)
    assert complaint.startswith("the rule appeal strips 10.0 pieces from a page, before 1.0")


@pytest.mark.parametrize("status", ["failed", "blocked"])
def test_bad_runs_in_a_row_are_counted_back_to_the_last_good_one(db: ArchiveDb, status: str) -> None:
    db.execute("UPDATE run_outlets SET status = ? WHERE run_id = 3", [status])
    assert complaints(db, "acca", 3) == ()
    db.execute("UPDATE run_outlets SET status = ? WHERE run_id = 2", [status])
    assert complaints(db, "acca", 3) == (f"{status} in 2 runs in a row, since 2026-11-02; last ok on 2026-11-01",)
    db.execute("UPDATE run_outlets SET status = ?", [status])
    assert complaints(db, "acca", 3) == (f"{status} in 3 runs in a row, since 2026-11-01; never ok so far",)


def count(db: ArchiveDb, run: int, **counts: int) -> None:
    for name, value in counts.items():
        db.execute("INSERT INTO run_counts VALUES (?, 'acca', ?, ?)", [run, name, value])


@pytest.mark.parametrize("field", ["date", "author", "language", "category"])
def test_a_jump_in_the_share_of_articles_without_a_field_is_named(db: ArchiveDb, field: str) -> None:
    for run in (1, 2):
        count(db, run, read=10, **{f"no_{field}": 1})
    count(db, 3, read=10, **{f"no_{field}": 6})
    assert complaints(db, "acca", 3) == (f"60% of the articles have no {field}, before 10%: has the layout changed?",)
    assert complaints(db, "acca", 2) == ()


def test_a_usual_share_or_too_few_articles_say_nothing(db: ArchiveDb) -> None:
    count(db, 1, read=10, no_author=9)
    count(db, 2, read=10, no_author=10)
    count(db, 3, read=4, no_author=4, no_date=4)
    assert complaints(db, "acca", 3) == ()


def test_doubtful_texts_are_counted_and_can_be_read_again(db: ArchiveDb) -> None:
    for _ in range(3):
        add_article(db, 3, "A text of a usual length. " * 10, None)
    db.execute("UPDATE articles SET revision_id = id")
    db.execute("INSERT INTO doubts SELECT id, 'little_text', '10 of 900' FROM revisions WHERE id < 3")
    db.execute("INSERT INTO doubts VALUES (2, 'readings_differ', '20%')")
    assert complaints(db, "acca", 3) == (
        "2 articles may not be read well: 2 with too little text for their page, 1 with two readings that differ; "
        "`acca reprocess --doubtful` reads them again",
    )
    assert count_subjects(db, Selection(doubtful=True), 0) == 2
    assert count_subjects(db, Selection(), 0) == 3
    assert [subject.article_id for subject in subjects(db, Selection("acca", doubtful=True), 0)] == [1, 2]


def test_lists_where_there_was_prose_are_a_changed_layout(db: ArchiveDb) -> None:
    counts = {1: (90, 10), 2: (85, 15), 3: (20, 80)}
    for run, (prose, lists) in counts.items():
        db.execute("INSERT INTO run_counts VALUES (?, 'acca', 'role:paragraph', ?)", [run, prose])
        db.execute("INSERT INTO run_counts VALUES (?, 'acca', 'role:list', ?)", [run, lists])
    assert complaints(db, "acca", 3) == (
        "80% of the paragraphs are of the kind “list”, before 12%: has the layout changed?",
    )
    assert complaints(db, "acca", 2) == ()


def test_a_template_that_has_changed_is_reported_and_the_first_one_is_not(db: ArchiveDb) -> None:
    for run, added, gone in ((1, 4, 0), (2, 0, 0), (3, 2, 1)):
        db.execute(
            "INSERT INTO templates (outlet, run_id, learned_at, pages, added, gone) VALUES ('acca', ?, ?, 40, ?, ?)",
            [run, DAYS[run], added, gone],
        )
    assert complaints(db, "acca", 1) == complaints(db, "acca", 2) == ()
    assert complaints(db, "acca", 3) == (
        "the template learned from 40 pages has changed: 2 places are new, 1 gone; `acca template acca` shows it",
    )
