"""The search page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from acca_crawler.search import QueryError, SearchHit, search
from acca_crawler.search.snippets import Snippet
from acca_crawler.web import escaping
from acca_crawler.web.escaping import Mark
from acca_crawler.web.filters import coded, unknown_values
from acca_crawler.web.forms import page_asked
from acca_crawler.web.pages import language_of, render
from acca_crawler.web.site import site_of
from storage.articles.read import SpanRecord
from storage.articles.search import Order, SearchFilter
from storage.schema.kinds import ReviewDb

PAGE = 50
MAX_LENGTH = 200
MAX_PAGE = 999
"""Last page of hits: the further ones are nobody's reading."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of hits, whether there is a next page, and the outlets to choose from."""

    hits: list[SearchHit]
    more: bool
    outlets: list[tuple[str, str]]


def read(db: ReviewDb, wanted: str, narrowed: SearchFilter, order: Order, number: int) -> SearchPage:
    """Return page `number` (from 1) of the articles that match words, filters or both; empty if neither is given.

    Raises `QueryError`.
    """
    rows = db.execute("SELECT name, title FROM archive.outlets ORDER BY title").fetchall()
    asked = bool(wanted) or narrowed != SearchFilter()
    offset = (number - 1) * PAGE
    hits = search(db, wanted, narrowed, order=order, limit=PAGE + 1, offset=offset) if asked else []
    return SearchPage(hits[:PAGE], len(hits) > PAGE, [(row[0], row[1]) for row in rows])


def narrowed_by(arguments: Mapping[str, Any]) -> SearchFilter:
    """Parse the filter in a URL's query; unknown values are ignored (see `filters.unknown_values`)."""
    return SearchFilter(
        **{field.name: coded(field.name, str(arguments.get(field.name) or "")[:80]) for field in fields(SearchFilter)}
    )


def marked(passage: Snippet) -> Markup:
    """Return a snippet with its matches highlighted."""
    spans = [SpanRecord("for", "text", start, end, "", "", "") for start, end in passage.marks]
    return escaping.highlighted(passage.text, [Mark(number, span) for number, span in enumerate(spans)])


async def search_page(request: Request, datasette: Any) -> Response:
    """Show the search form and the hits."""
    wanted = (request.args.get("q") or "").strip()[:MAX_LENGTH]
    order: Order = "newest" if request.args.get("sort") == "newest" else "best"
    narrowed = narrowed_by(request.args)
    number = min(page_asked(request.args), MAX_PAGE)
    store = site_of(datasette).store
    problem = ""
    try:
        found = await store.run(read, wanted, narrowed, order, number)
    except QueryError as error:
        say = language_of(request)
        problem = say.text("Can't read the query: {why}", why=say.text(error.message, **error.values))
        found = await store.run(read, "", SearchFilter(), order, 1)
    given = {"q": wanted, "sort": order if order != "best" else "", **asdict(narrowed)}
    return await render(
        datasette, request, "search",
        wanted=wanted, order=order, narrowed=narrowed, found=found, problem=problem, number=number,
        unknown=unknown_values(request.args), asked=bool(wanted) or narrowed != SearchFilter(), marked=marked,
        chosen=sum(bool(value) for value in asdict(narrowed).values()),
        first=(number - 1) * PAGE + 1,
        follow_query=urlencode({name: value for name, value in given.items() if value and name != "sort"}),
        follow_label=" · ".join(value for name, value in given.items() if value and name != "sort"),
        page_query=lambda page: urlencode({name: value for name, value in {**given, "page": page}.items() if value}),
    )  # fmt: skip
