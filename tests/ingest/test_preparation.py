"""An article is stored in the same way whether the process that read its page prepared it or not."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from acca_crawler.ingest.preparation import prepare
from acca_crawler.ingest.store import store_article
from acca_crawler.items import Article, Page, Preparation, SearchText
from acca_crawler.search.indexing import MAX_CHARACTERS, bring_up_to_date
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb
from tests.support.newsstand import NOW, Newsstand, Sample
from tests.support.story_reports import COPY, ENGLISH, EXCERPT, REPORT, RETELLING

TABLES = (
    "revision_profiles", "stories", "story_keys", "story_names", "story_members", "story_mentions", "story_news",
    "alerts",
)  # fmt: skip


def words_in(db: ArchiveDb) -> list[tuple[object, ...]]:
    """The search index: each word with its article and place."""
    for _ in bring_up_to_date(db):
        pass
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, search, instance)")
    return [tuple(row) for row in db.execute("SELECT * FROM temp.words").fetchall()]


def rows_of(db: ArchiveDb) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: [tuple(row) for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()] for table in TABLES
    }


def store(stand: Newsstand, article: Article) -> None:
    with transaction(stand.db) as db:
        store_article(db, article, Page(article.url, b""), stand.run_id, "test", NOW)


def sent(preparation: Preparation) -> Preparation:
    """What arrives from another process."""
    arrived: Preparation = pickle.loads(pickle.dumps(preparation))
    return arrived


def test_the_archive_is_the_same_whoever_prepared_its_articles(tmp_path: Path) -> None:
    alone, helped = Newsstand(tmp_path / "alone.db"), Newsstand(tmp_path / "helped.db")
    for report in (REPORT, COPY, EXCERPT, RETELLING, ENGLISH):
        article, _ = alone.read(report)
        store(alone, article)
        store(helped, replace(article, prepared=sent(prepare(article))))
    rows = rows_of(alone.db)
    assert len(rows["stories"]) < len(rows["story_members"]) == 5
    assert rows_of(helped.db) == rows
    assert words_in(helped.db) == words_in(alone.db) != []


def marked(stand: Newsstand, report: Sample) -> Article:
    """A report whose prepared index words are not its own."""
    article, _ = stand.read(report)
    return replace(article, prepared=replace(prepare(article), words=SearchText("marked", "", "", "")))


def test_prepared_words_are_those_indexed(tmp_path: Path) -> None:
    stand = Newsstand(tmp_path / "acca.db")
    store(stand, marked(stand, REPORT))
    assert [str(row[0])[5:] for row in words_in(stand.db)] == ["marked"]


def test_words_of_an_article_that_was_not_stored_are_no_others(tmp_path: Path) -> None:
    stand = Newsstand(tmp_path / "acca.db")
    with pytest.raises(ZeroDivisionError), transaction(stand.db) as db:
        store_article(db, marked(stand, REPORT), Page(REPORT.url, b""), stand.run_id, "test", NOW)
        raise ZeroDivisionError
    article, _ = stand.read(ENGLISH)
    store(stand, article)  # with the number that the other would have had
    assert "marked" not in [str(row[0])[5:] for row in words_in(stand.db)]


@pytest.mark.parametrize(("length", "indexed", "has_words"), [(9, True, True), (9, False, False), (0, True, False)])
def test_only_words_that_will_be_indexed_soon_are_prepared(
    tmp_path: Path, length: int, indexed: bool, has_words: bool
) -> None:
    text = "слово " * (length or MAX_CHARACTERS)
    article, _ = Newsstand(tmp_path / "acca.db").read(Sample("first", "Заголовок", text))
    assert (prepare(article, indexed=indexed).words is not None) == has_words
