"""Keeps the full-text index complete: indexes every revision that was stored without index words."""

from __future__ import annotations

from collections.abc import Iterator

from acca_crawler.items import Article
from acca_crawler.text.searchable import ANALYSER, searchable
from storage.articles import search as index
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

BATCH = 500
"""Revisions per transaction: a few MB of index, and a kill loses less than a second of work."""

MAX_AT_ONCE = 100_000
"""Characters of the longest text that is indexed as it is stored, while all outlets of a crawl wait."""


def index_article(db: ArchiveDb, revision_id: int, article: Article) -> None:
    """Add an article's new revision to the index, inside the caller's transaction.

    A very long one is left to `bring_up_to_date` at the end of the run: stemming it takes a second or more.
    """
    extraction = article.extraction
    if len(extraction.text) > MAX_AT_ONCE:
        return
    index.index_revision(db, revision_id, searchable(extraction.title, extraction.text, article.language), ANALYSER)


def is_up_to_date(db: ArchiveDb) -> bool:
    """Return whether the index contains every current revision, analysed with the current `ANALYSER`."""
    return index.count_unindexed(db) == 0 and not index.is_indexed_by_another(db, ANALYSER)


def bring_up_to_date(db: ArchiveDb) -> Iterator[int]:
    """Index pending revisions, or everything if another analyser built the index; yields a count per batch."""
    if index.is_indexed_by_another(db, ANALYSER):
        yield from reindex(db)
        return
    while waiting := index.unindexed(db, BATCH):
        with transaction(db):
            for one in waiting:
                words = searchable(one.title, one.text, one.language)
                index.index_revision(db, one.revision_id, words, ANALYSER)
        yield len(waiting)


def reindex(db: ArchiveDb) -> Iterator[int]:
    """Clear and rebuild the index; yields the number of articles in each batch."""
    with transaction(db):
        index.clear(db)
    yield from bring_up_to_date(db)
