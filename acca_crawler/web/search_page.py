"""Search over the archive for those who read."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Request, Response
from markupsafe import Markup
from sqlite_utils import Database

from acca_crawler.search import Hit, QueryError, search
from acca_crawler.search.snippets import Snippet
from acca_crawler.web import hostile
from acca_crawler.web.hostile import Mark
from acca_crawler.web.pages import language_of, render
from acca_crawler.web.site import site_of
from storage.articles import SpanRecord
from storage.search import Filter, Order

MOST = 50
LONGEST = 200


def read(db: Database, wanted: str, narrowed: Filter, order: Order) -> list[Hit]:
    """The articles that match. Raises `QueryError`."""
    return search(db, wanted, narrowed, order=order, limit=MOST)


def marked(passage: Snippet) -> Markup:
    """A passage with what matched in it."""
    spans = [SpanRecord("for", "text", start, end, "", "", "") for start, end in passage.marks]
    return hostile.highlighted(passage.text, [Mark(number, span) for number, span in enumerate(spans)])


async def search_page(request: Request, datasette: Any) -> Response:
    """The form and what was found."""
    wanted = (request.args.get("q") or "").strip()[:LONGEST]
    order: Order = "newest" if request.args.get("sort") == "newest" else "best"
    country = (request.args.get("country") or "")[:2]
    found: list[Hit] = []
    problem = ""
    if wanted:
        try:
            found = await site_of(datasette).store.run(read, wanted, Filter(country=country), order)
        except QueryError as error:
            problem = language_of(request).text("The query can't be understood: {why}", why=error)
    return await render(
        datasette, request, "search",
        wanted=wanted, order=order, country=country, found=found, problem=problem, most=MOST, marked=marked,
    )  # fmt: skip
