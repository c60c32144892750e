"""Search over the archive for those who read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from datasette.utils.asgi import Request, Response
from markupsafe import Markup
from sqlite_utils import Database

from acca_crawler.search import QueryError, SearchHit, search
from acca_crawler.search.snippets import Snippet
from acca_crawler.web import escaping
from acca_crawler.web.escaping import Mark
from acca_crawler.web.pages import language_of, render
from acca_crawler.web.queue_page import is_day
from acca_crawler.web.site import site_of
from storage.articles.read import SpanRecord
from storage.articles.search import Order, SearchFilter

MAX_HITS = 50
MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What was found, and the outlets to choose from."""

    hits: list[SearchHit]
    outlets: list[tuple[str, str]]


def read(db: Database, wanted: str, narrowed: SearchFilter, order: Order) -> SearchPage:
    """The articles that match; none where nothing is asked for. Raises `QueryError`."""
    rows = db.execute("SELECT name, title FROM archive.outlets ORDER BY title").fetchall()
    hits = search(db, wanted, narrowed, order=order, limit=MAX_HITS) if wanted else []
    return SearchPage(hits, [(row[0], row[1]) for row in rows])


def narrowed_by(arguments: Mapping[str, Any]) -> SearchFilter:
    """The filter in an address' query; what can be no day counts as not given."""
    given = {field.name: str(arguments.get(field.name) or "")[:80] for field in fields(SearchFilter)}
    for name in ("since", "until"):
        given[name] = given[name] if is_day(given[name]) else ""
    return SearchFilter(**given)


def marked(passage: Snippet) -> Markup:
    """A passage with what matched in it."""
    spans = [SpanRecord("for", "text", start, end, "", "", "") for start, end in passage.marks]
    return escaping.highlighted(passage.text, [Mark(number, span) for number, span in enumerate(spans)])


async def search_page(request: Request, datasette: Any) -> Response:
    """The form and what was found."""
    wanted = (request.args.get("q") or "").strip()[:MAX_LENGTH]
    order: Order = "newest" if request.args.get("sort") == "newest" else "best"
    narrowed = narrowed_by(request.args)
    store = site_of(datasette).store
    problem = ""
    try:
        found = await store.run(read, wanted, narrowed, order)
    except QueryError as error:
        problem = language_of(request).text("Can't read the query: {why}", why=error)
        found = await store.run(read, "", narrowed, order)
    return await render(
        datasette, request, "search",
        wanted=wanted, order=order, narrowed=narrowed, found=found.hits, outlets=found.outlets, problem=problem,
        most=MAX_HITS, marked=marked,
    )  # fmt: skip
