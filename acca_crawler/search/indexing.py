"""Keeps the full-text index complete: revisions wait for it and are indexed together.

Writing the words of sixteen articles at once costs less than writing them one by one: each write sorts its words and
merges them with earlier ones. What waits is a column of the archive, so a killed run leaves it to the next one.

`now` is an aware time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from acca_crawler.clock import stamp
from acca_crawler.items import Article, SearchText
from acca_crawler.text.searchable import ANALYSER, searchable
from storage.articles import search as index
from storage.articles.search import Unindexed
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

AT_ONCE = 16
"""Revisions that may wait for the index during a run: more save little, and a search in the meantime misses them."""

MAX_WAIT = timedelta(seconds=2)
"""Longest time that a revision waits while others are stored."""

BATCH = 500
"""Revisions per transaction at the end of a run: a few MB of index, and a kill loses less than a second of work."""

MAX_CHARACTERS = 100_000
"""Characters of the longest text that is indexed during a run, while all outlets of a crawl wait for it."""

_READY: dict[tuple[str, str, str | None], SearchText] = {}
"""Index words of articles that wait, by title, text and language: a transaction that fails leaves its revision's number
to the next one."""


def index_when_due(db: ArchiveDb, article: Article, now: datetime) -> None:
    """Index the revisions that wait, inside the caller's transaction, if they are many or one has waited long.

    `article` was stored last. Very long ones are left to `bring_up_to_date` at the end of the run: stemming one takes a
    second or more.
    """
    if article.prepared and article.prepared.words:
        _keep(article, article.prepared.words)
    if index.is_due(db, AT_ONCE, stamp(now - MAX_WAIT)):
        index_recent(db)


def _keep(article: Article, words: SearchText) -> None:
    """Keep the words of an article until it is indexed, with `AT_ONCE` others at the most."""
    if len(_READY) >= 2 * AT_ONCE:  # some transactions failed
        _READY.clear()
    _READY[article.extraction.title, article.extraction.text, article.language] = words


def index_recent(db: ArchiveDb) -> None:
    """Index the first `AT_ONCE` revisions that wait, except very long ones, inside the caller's transaction."""
    waiting = index.unindexed(db, AT_ONCE, postponed=False)
    index.postpone(db, [one.revision_id for one in waiting if len(one.text) > MAX_CHARACTERS])
    _index(db, [one for one in waiting if len(one.text) <= MAX_CHARACTERS])


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
            _index(db, waiting)
        yield len(waiting)


def reindex(db: ArchiveDb) -> Iterator[int]:
    """Clear and rebuild the index, in one piece in the end; yields the number of articles in each batch."""
    with transaction(db):
        index.clear(db)
    yield from bring_up_to_date(db)
    with transaction(db):
        index.merge(db)


def _index(db: ArchiveDb, waiting: Sequence[Unindexed]) -> None:
    index.index_revisions(db, {one.revision_id: _words_of(one) for one in waiting}, ANALYSER)


def _words_of(one: Unindexed) -> SearchText:
    return _READY.pop((one.title, one.text, one.language), None) or searchable(one.title, one.text, one.language)
