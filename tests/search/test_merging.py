"""The pieces of the index are put together when they are many, a little at a time, and every search finds the same."""

from __future__ import annotations

from itertools import chain, repeat
from pathlib import Path

import pytest

from acca_crawler.search import search
from acca_crawler.search.merging import MAX_PIECES, merge_when_many
from storage.articles import search as index
from storage.schema.database import open_archive, transaction
from tests.search.conftest import Shelf

STEPS = 5


def in_pieces(shelf: Shelf, pieces: int) -> None:
    """Store an article per piece; SQLite is told to merge none by itself."""
    with transaction(shelf.db):
        shelf.db.execute("INSERT INTO search (search, rank) VALUES ('automerge', 0)")
    for number in range(pieces):
        words = " ".join(f"слово{number * 1000 + one}" for one in range(1000))
        shelf.store(f"Новость {number}", f"Его пытали в участке. {words}", "ru")
    assert index.pieces(shelf.db) == pieces


def found(shelf: Shelf) -> list[int]:
    return sorted(hit.article_id for hit in search(shelf.db, "пытать", limit=50))


def test_many_pieces_become_one(shelf: Shelf) -> None:
    in_pieces(shelf, MAX_PIECES)
    before = found(shelf)
    assert merge_when_many(shelf.db, lambda: True) == "merged"
    assert index.pieces(shelf.db) == 1
    assert len(before) == MAX_PIECES and found(shelf) == before
    assert merge_when_many(shelf.db, lambda: True) == "few pieces"


def test_few_pieces_stay(shelf: Shelf) -> None:
    in_pieces(shelf, MAX_PIECES - 1)
    assert merge_when_many(shelf.db, lambda: True) == "few pieces"
    assert index.pieces(shelf.db) == MAX_PIECES - 1


def test_an_interrupted_merge_goes_on_where_it_was_beside_new_articles(
    shelf: Shelf, archive_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MERGED_PAGES", 1)
    in_pieces(shelf, MAX_PIECES)
    for _ in range(20):
        steps = chain(repeat(True, STEPS), repeat(False))
        outcome = merge_when_many(shelf.db, lambda steps=steps: next(steps))  # type: ignore[misc]
        shelf.db.execute("INSERT INTO search (search) VALUES ('integrity-check')")
        shelf.db.close()
        shelf.db = open_archive(archive_file)
        assert len(found(shelf)) == MAX_PIECES
        if outcome != "in part":
            break
    assert outcome in ("merged", "few pieces")
    assert index.pieces(shelf.db) < MAX_PIECES
