"""Matches what users follow against flagged reports: names across scripts and inflections, places, and searches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl

from acca_crawler.cases.mention_index import refresh as refresh_index
from acca_crawler.cases.names import name_of, same_name
from acca_crawler.search import QueryError, matching
from storage.articles.search import SearchFilter
from storage.review import follows, mentions
from storage.review.follows import Follow
from storage.schema.kinds import ReviewDb

MAX_HITS = 2000
"""Newest flagged hits of a search, of each level, that are matched at a time: as many as an export takes."""

MAX_MENTIONS = 500
"""Newest reports about a person or place that are matched at a time."""
FLAGGED = ("alert", "digest")


def refresh(db: ReviewDb) -> None:
    """Match the reports flagged since the last time; costs one query if there are none or nobody follows anything.

    A search is tried again as long as reports wait for the search index, which has them seconds after they are stored.
    """
    newest = follows.newest_flag(db)
    behind = [follow for follow in follows.follows(db) if follow.flag_id < newest]
    if behind:
        refresh_index(db)
    for follow in behind:
        find = _FIND.get(follow.kind, _mentioning)
        reached = follows.newest_searchable_flag(db) if follow.kind == "search" else newest
        follows.save_matches(db, follow, find(db, follow), max(follow.flag_id, reached))


def _named(db: ReviewDb, follow: Follow) -> list[int]:
    wanted = name_of(follow.key)
    named = mentions.named(db, "person", wanted.keys, MAX_MENTIONS)
    return [article_id for article_id, name in named if same_name(name_of(name), wanted)]


def _mentioning(db: ReviewDb, follow: Follow) -> list[int]:
    return mentions.mentioning(db, follow.kind, [follow.key], MAX_MENTIONS)


def _found(db: ReviewDb, follow: Follow) -> list[int]:
    given = dict(parse_qsl(follow.key))
    names = SearchFilter.__dataclass_fields__
    narrowed = SearchFilter(**{name: value for name, value in given.items() if name in names})
    levels = [level for level in FLAGGED if narrowed.level in ("", level)]
    try:  # by level, since what is not flagged would fill the newest hits of a common word
        return [
            article_id
            for level in levels
            for article_id in matching(db, given.get("q", ""), replace(narrowed, level=level), MAX_HITS)
        ]
    except QueryError:  # an earlier release could read it
        return []


_FIND: dict[str, Callable[[ReviewDb, Follow], list[int]]] = {"person": _named, "search": _found}
