"""Runs a search and returns the hits, each with its matching passage.

Times are UTC stamps (`2026-11-22T06:30:00Z`); `published_at` may be a day alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from acca_crawler.search.query import Query, expression, parse, rarity, required, terms
from acca_crawler.search.snippets import Snippet, snippet
from storage.articles import search as index
from storage.articles.search import PERIOD, Order, SearchFilter, SearchResult
from storage.schema.kinds import ArchiveDb


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An article found. `date` is the day of publication or None; `snippet` is from the body, else from the title."""

    article_id: int
    outlet: str
    url: str
    title: str
    language: str | None
    date: str | None
    first_seen_at: str
    level: str | None
    country: str | None
    categories: tuple[str, ...]
    snippet: Snippet


def search(
    db: ArchiveDb,
    query: str,
    narrowed: SearchFilter | None = None,
    *,
    order: Order = "best",
    limit: int = 20,
    offset: int = 0,
) -> list[SearchHit]:
    """Return the articles that match a typed query (see `search.query`), best or newest first.

    An empty query lists the filter's matches, newest first. `offset` skips that many hits. Raises `QueryError` if the
    query can't be parsed.
    """
    if not query.strip():
        listed = index.browse(db, narrowed or SearchFilter(), limit=limit, offset=offset)
        return [_hit(one, snippet(one.text, one.title, ())) for one in listed]
    parsed = parse(query)
    asked = _asked(parsed)
    found = index.find(db, asked, narrowed or SearchFilter(), order=order, limit=limit, offset=offset)
    wanted = terms(parsed)
    return [_hit(one, snippet(one.text, one.title, wanted)) for one in found]


def matching(db: ArchiveDb, query: str, narrowed: SearchFilter, limit: int) -> list[int]:
    """Return the numbers of the newest articles that match a query as `search` does, at most `limit`.

    Raises `QueryError`.
    """
    return index.matching_ids(db, _asked(parse(query)) if query.strip() else None, narrowed, limit)


def _asked(parsed: Query) -> index.FtsQuery:
    rarest_first = sorted(required(parsed), key=rarity, reverse=True)
    return index.FtsQuery(expression(parsed, PERIOD), tuple(expression(part, PERIOD) for part in rarest_first))


def _hit(found: SearchResult, passage: Snippet) -> SearchHit:
    return SearchHit(
        article_id=found.article_id,
        outlet=found.outlet,
        url=found.url,
        title=found.title,
        language=found.language,
        date=found.published_at[:10] if found.published_at else None,
        first_seen_at=found.first_seen_at,
        level=found.level,
        country=found.country,
        categories=tuple(json.loads(found.categories or "[]")),
        snippet=passage,
    )
