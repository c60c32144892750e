"""A large archive costs no more than a small one, in the steps of SQLite's machine: storing, a run without news."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from acca_crawler.clock import parse_stamp
from acca_crawler.ingest.store import store_article
from acca_crawler.items import Article, Detection, Level, Page
from acca_crawler.search import bring_up_to_date
from acca_crawler.text.searchable import ANALYSER
from storage.articles.stories import backlog
from storage.ledger.runs import Counts, finish_run
from storage.reports.diff import diff
from storage.schema.database import open_archive, transaction
from storage.schema.kinds import ArchiveDb
from tests.support.archive import AT, QUIET, build
from tests.support.articles import article

SMALL, LARGE = 1_000, 4_000
AT_MOST = 1.5


@pytest.mark.parametrize("statistics", [True, False])
def test_what_follows_a_run_without_news_does_not_grow_with_the_archive(tmp_path: Path, statistics: bool) -> None:
    small, large = (_filled(tmp_path / f"{count}.sqlite", count) for count in (SMALL, LARGE))
    if statistics:
        small, large = (
            _with_statistics(db, tmp_path / f"{count}.sqlite") for db, count in ((small, SMALL), (large, LARGE))
        )

    for name, work in {
        "diff": _news,
        "backlog of stories": _backlog,
        "statistics": _statistics,
        "search index": _index,
    }.items():
        steps = [_steps(db, work) for db in (small, large)]
        assert steps[0] > 0, name
        assert steps[1] <= AT_MOST * steps[0], f"{name}: {steps[0]} steps at {SMALL} articles, {steps[1]} at {LARGE}"


@pytest.mark.parametrize("statistics", [True, False])
@pytest.mark.parametrize("level", ["ignore", "digest", "alert"])
def test_storing_an_article_does_not_grow_with_the_archive(tmp_path: Path, level: Level, statistics: bool) -> None:
    steps = {}
    for count in (SMALL, LARGE):
        file = tmp_path / f"{count}.sqlite"
        db = _filled(file, count)
        if not statistics:  # as in an archive's first run
            db.execute("DELETE FROM sqlite_stat1")
            db.close()
            db = open_archive(file)
        made = article(
            "acca",
            "new",
            "A title",
            "A text of its own.",
            Detection(level),
            sha256="0" * 64,
            language="en",
            published=AT,
        )
        steps[count] = _steps(db, partial(_store, made))
        db.close()
    assert 0 < steps[LARGE] <= AT_MOST * steps[SMALL], steps


LARGEST = (
    ("articles", "articles_outlet", "85050 1001"), ("articles", "articles_first_run", "70992 1001"),
    ("articles", "sqlite_autoindex_articles_1", "111740 1001 1"), ("flags", "flags_revision", "175336 1"),
    ("flags", "flags_run", "122032 1001"), ("flags", "flags_level", "256704 1001 1"),
    ("flags", "flags_current", "180010 1"), ("revisions", "revisions_run", "850976 1001"),
    ("revisions", "sqlite_autoindex_revisions_1", "929736 1 1"),
)  # fmt: skip
"""Statistics of an archive with 750,000 articles, by which SQLite plans otherwise."""


def _with_statistics(db: ArchiveDb, file: Path) -> ArchiveDb:
    with transaction(db):
        db.execute("DELETE FROM sqlite_stat1")
        db.conn.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", LARGEST)
    db.close()
    return open_archive(file)


def _store(made: Article, db: ArchiveDb) -> None:
    with transaction(db):
        store_article(db, made, Page(made.url, b""), 3, "test", parse_stamp(AT))


def _filled(path: Path, count: int) -> ArchiveDb:
    """An archive whose one article is there so many times, all stored by its first run; two without news follow."""
    build(path, QUIET)
    db = open_archive(path)
    with transaction(db):
        db.execute("PRAGMA defer_foreign_keys = ON")
        own = {"id": "n.value", "identity": "'n' || n.value", "url": "url || n.value", "revision_id": "n.value"}
        _repeat(db, "articles", count, own)
        _repeat(db, "revisions", count, {"id": "n.value", "article_id": "n.value"})
        _repeat(db, "flags", count, {"id": "n.value", "revision_id": "n.value"})
        db.execute("UPDATE search_documents SET analyser = ?", [ANALYSER])
        for run in (2, 3):
            db.execute("INSERT INTO runs VALUES (?, 'crawl', ?, ?, 'ok', '[]', '0')", [run, AT, AT])
    finish_run(db, 2, "ok", Counts(), AT)
    return db


def _repeat(db: ArchiveDb, table: str, count: int, changed: dict[str, str]) -> None:
    columns = [column.name for column in db.table(table).columns]
    values = ", ".join(changed.get(column, column) for column in columns)
    db.execute(
        f"WITH RECURSIVE n(value) AS (SELECT 2 UNION ALL SELECT value + 1 FROM n WHERE value < ?) "
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}, n WHERE {table}.id = 1",
        [count],
    )


def _news(db: ArchiveDb) -> None:
    assert not diff(db, after_run=2).entries


def _backlog(db: ArchiveDb) -> None:
    assert not backlog(db, 10)


def _index(db: ArchiveDb) -> None:
    assert not list(bring_up_to_date(db))


def _statistics(db: ArchiveDb) -> None:
    finish_run(db, 3, "ok", Counts(), AT)


def _steps(db: ArchiveDb, work: Callable[[ArchiveDb], None]) -> int:
    """How many steps the work takes, in tens."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    db.conn.set_progress_handler(count, 10)
    try:
        work(db)
    finally:
        db.conn.set_progress_handler(None, 0)
    return taken
