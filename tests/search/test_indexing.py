"""The index is complete, whichever command and release wrote the article."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from acca_crawler.cli import main
from acca_crawler.config.loading import ArchiveSection, Config
from acca_crawler.crawl.run import open_run
from acca_crawler.interrupts import Stopped
from acca_crawler.search import bring_up_to_date, reindex, search
from acca_crawler.search.indexing import AT_ONCE, MAX_CHARACTERS, is_up_to_date
from acca_crawler.text.searchable import ANALYSER, searchable
from storage.articles import search as index
from storage.schema.database import open_archive, open_read_only, transaction
from storage.schema.sqlite_utils_alone import Database
from tests.search.conftest import NOW, Shelf


def before_the_index(file: Path) -> None:
    """Take from an archive everything that later migrations than the one before the index made."""
    db = Database(file)
    for name in ("search_documents_superseded", "search_documents_added", "search_documents_deleted"):
        db.execute(f"DROP TRIGGER {name}")
    db.execute("DROP TABLE search")
    db.execute("DROP TABLE search_documents")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm005_search'")
    db.commit()
    db.close()


def test_an_archive_from_before_the_index_is_filled_in(shelf: Shelf, archive_file: Path) -> None:
    for number in range(3):
        shelf.store(f"Новость {number}", "Его пытали в участке.", "ru")
    shelf.store("Новость 0", "Его избили в участке.", "ru")
    before_the_index(archive_file)
    db = open_archive(archive_file)
    assert index.count_unindexed(db) == 3 and search(db, "участок") == []
    assert sum(bring_up_to_date(db)) == 3 and is_up_to_date(db)
    assert len(search(db, "участок")) == 3 and len(search(db, "пытали")) == 2
    assert list(bring_up_to_date(db)) == []
    db.close()


def test_what_another_tool_stores_waits_for_the_index(shelf: Shelf) -> None:
    shelf.store("Новость", "Его пытали в участке.", "ru")
    shelf.db.execute(
        "INSERT INTO revisions SELECT id + 1, article_id, 2, run_id, capture_id, stored_at, title, lead, "
        "'Его избили.', authors, categories, tags, captions, alternates, language, image, published_at, "
        "published_source, published_certainty, modified_at, modified_source, modified_certainty, printed_date, "
        "extraction_method, rest_agreement, change, content_sha256, row_sha256, parts FROM revisions"
    )
    shelf.db.execute("UPDATE articles SET revision_id = (SELECT max(id) FROM revisions)")
    shelf.db.commit()
    assert search(shelf.db, "пытали") == [] and not is_up_to_date(shelf.db)
    assert sum(bring_up_to_date(shelf.db)) == 1
    assert [hit.title for hit in search(shelf.db, "избить")] == ["Новость"]


def test_a_very_long_text_is_indexed_at_the_end_of_the_run(shelf: Shelf) -> None:
    shelf.store("Длинная", "Его пытали в участке. " * (MAX_CHARACTERS // 20), "ru", run_goes_on=True)
    for number in range(2 * AT_ONCE - 1):
        shelf.store(f"Новость {number}", f"Его избили в участке номер {number}.", "ru", run_goes_on=True)
    assert index.count_unindexed(shelf.db) == 1 and search(shelf.db, "пытать") == []
    assert sum(bring_up_to_date(shelf.db)) == 1
    assert [hit.title for hit in search(shelf.db, "пытать")] == ["Длинная"]


def test_a_search_during_a_run_misses_at_most_the_last_few_articles(shelf: Shelf) -> None:
    found = []
    for number in range(2 * AT_ONCE):
        shelf.store(f"Новость {number}", f"Его пытали в участке номер {number}.", "ru", run_goes_on=True)
        found.append(len(search(shelf.db, "пытали", limit=100)))
    assert found == [0] * (AT_ONCE - 1) + [AT_ONCE] * AT_ONCE + [2 * AT_ONCE]


def test_an_article_waits_no_longer_than_two_seconds_for_the_next(shelf: Shelf) -> None:
    for number, seconds in enumerate((0, 1, 3, 4)):
        now = NOW + timedelta(seconds=seconds)
        shelf.store(f"Новость {number}", f"Его пытали в участке номер {number}.", "ru", now=now, run_goes_on=True)
    assert len(search(shelf.db, "пытали")) == 3


def test_what_an_interrupted_run_stored_is_found(tmp_path: Path) -> None:
    config = Config(archive=ArchiveSection(directory=tmp_path / "archive"))
    with pytest.raises(Stopped), open_run(config, "crawl", {}) as context:
        Shelf(context.db).store("Новость", "Его пытали.", "ru", run_goes_on=True)
        raise Stopped
    db = open_read_only(config.archive_file)
    assert [hit.title for hit in search(db, "пытали")] == ["Новость"]
    db.close()


def test_what_a_killed_run_stored_is_found(tmp_path: Path) -> None:
    (tmp_path / "acca.toml").write_text(f'[archive]\ndirectory = "{tmp_path}"\n')
    shelf = Shelf(open_archive(tmp_path / "acca.db"))
    shelf.store("Новость", "Его пытали.", "ru", run_goes_on=True)
    shelf.db.close()
    asked = ["--config", str(tmp_path / "acca.toml"), "search", "--json", "пытали"]
    found = CliRunner().invoke(main, asked, catch_exceptions=False)
    assert found.exit_code == 0 and json.loads(found.stdout)["title"] == "Новость"


def test_another_analysers_index_is_rebuilt(shelf: Shelf) -> None:
    first = shelf.store("Новость", "Его пытали.", "ru")
    with transaction(shelf.db) as db:
        db.execute("UPDATE search_documents SET analyser = ?", [ANALYSER + 1])
    assert not is_up_to_date(shelf.db)
    assert list(bring_up_to_date(shelf.db)) == [1] and is_up_to_date(shelf.db)
    assert [hit.article_id for hit in search(shelf.db, "пытали")] == [first.article_id]


def test_a_run_leaves_the_index_as_today_s_queries_need_it(tmp_path: Path) -> None:
    config = Config(archive=ArchiveSection(directory=tmp_path / "archive"))
    shelf = Shelf(open_archive(config.archive_file))
    shelf.store("Новость", "Его пытали.", "ru")
    with transaction(shelf.db) as db:
        db.execute("UPDATE search_documents SET analyser = ?", [ANALYSER - 1])
    shelf.db.close()
    with open_run(config, "crawl", {}):
        pass
    db = open_read_only(config.archive_file)
    assert is_up_to_date(db) and [hit.title for hit in search(db, "пытали")] == ["Новость"]
    db.close()


def test_a_new_index_forgets_superseded_revisions(shelf: Shelf) -> None:
    for text in ("Его пытали.", "Его избили.", "Он упал."):
        shelf.store("Новость", text, "ru")
    assert sum(reindex(shelf.db)) == 1
    assert shelf.db.execute("SELECT count(*) FROM search").fetchone()[0] == 1
    assert [hit.title for hit in search(shelf.db, "упал")] == ["Новость"]


def test_a_new_index_is_in_one_piece(shelf: Shelf) -> None:
    def pieces() -> int:
        return int(shelf.db.execute("SELECT count(DISTINCT segid) FROM search_idx").fetchone()[0])

    for number in range(3):
        shelf.store(f"Новость {number}", "Его пытали.", "ru")
    before = pieces()
    assert sum(reindex(shelf.db)) == 3
    assert (before > 1, pieces()) == (True, 1)
    assert len(search(shelf.db, "пытали")) == 3


def test_a_revision_is_indexed_once(shelf: Shelf) -> None:
    stored = shelf.store("Новость", "Его пытали.", "ru")
    with pytest.raises(LookupError):
        index.index_revisions(shelf.db, {stored.revision_id: searchable("a", "b", "ru")}, ANALYSER)


def test_an_article_is_not_stored_where_the_index_can_t_be_written(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*arguments: object) -> None:
        raise OSError("the disk is full")

    for number in range(AT_ONCE - 1):
        shelf.store(f"Новость {number}", f"Его избили в участке номер {number}.", "ru", run_goes_on=True)
    with monkeypatch.context() as patch, pytest.raises(OSError, match="full"):
        patch.setattr("storage.articles.search.index_revisions", fails)
        shelf.store("Новость", "Его пытали.", "ru")
    assert shelf.db.execute("SELECT count(*) FROM articles").fetchone()[0] == AT_ONCE - 1
    assert sum(bring_up_to_date(shelf.db)) == AT_ONCE - 1
    assert len(search(shelf.db, "избили")) == AT_ONCE - 1 and search(shelf.db, "пытали") == []


def test_the_index_passes_its_own_check_and_reads_while_a_crawl_writes(shelf: Shelf, archive_file: Path) -> None:
    shelf.store("Новость", "Его пытали.", "ru")
    shelf.db.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    shelf.db.commit()
    reader = open_read_only(archive_file)
    with transaction(shelf.db):
        assert len(search(reader, "пытали")) == 1
    reader.close()
