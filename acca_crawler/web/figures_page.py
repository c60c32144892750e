"""A search as figures: reports by month as a chart, by region as a map of the five countries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Request, Response

from acca_crawler.i18n.catalogue import Language
from acca_crawler.search import QueryError, matching
from acca_crawler.web import charts
from acca_crawler.web.filters import TABLES, unknown_values
from acca_crawler.web.pages import language_of, render
from acca_crawler.web.region_map import region_map
from acca_crawler.web.search_page import MAX_LENGTH, narrowed_by
from acca_crawler.web.site import site_of
from storage.articles.search import SearchFilter
from storage.reports import figures
from storage.schema.kinds import ReviewDb

MAX_COUNTED = 2000
"""Newest matches that are counted: as many as an export takes, and as a page counts in a fraction of a second."""

MAX_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of the matches by month and by region; `is_cut` if there are more than were counted."""

    counted: int
    is_cut: bool
    months: Mapping[str, int]
    regions: Mapping[str, int]


def read(db: ReviewDb, words: str, narrowed: SearchFilter) -> Figures:
    """Count the newest matches of words, filters or both. Raises `QueryError`."""
    found = matching(db, words, narrowed, limit=MAX_COUNTED + 1)
    counted = found[:MAX_COUNTED]
    return Figures(
        len(counted), len(found) > MAX_COUNTED, figures.by_month(db, counted), figures.by_region(db, counted)
    )  # fmt: skip


def months_between(first: str, last: str) -> list[str]:
    """Return the months from one to another, both inclusive (`2026-01`), at most the last `MAX_MONTHS`."""
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(max(start, end - MAX_MONTHS + 1), end + 1)]


def _named(name: str, value: str, language: Language) -> str:
    known = TABLES.get(name, {}).get(value)
    return language.text(known) if known else value


async def figures_page(request: Request, datasette: Any) -> Response:
    """Show the figures of a search."""
    words = (request.args.get("q") or "").strip()[:MAX_LENGTH]
    narrowed, language = narrowed_by(request.args), language_of(request)
    problem = ""
    try:
        found = await site_of(datasette).store.run(read, words, narrowed)
    except QueryError as error:
        problem = language.text("Can't read the query: {why}", why=language.text(error.message, **error.values))
        found = Figures(0, False, {}, {})
    months = months_between(min(found.months), max(found.months)) if found.months else []
    given = {"q": words, **asdict(narrowed)}
    return await render(
        datasette, request, "figures", status=400 if problem else 200,
        found=found, problem=problem, words=words, narrowed=narrowed, unknown=unknown_values(request.args),
        query=urlencode({name: value for name, value in given.items() if value}),
        given=[_named(name, value, language) for name, value in given.items() if value],
        months=charts.columns(months, [found.months.get(month, 0) for month in months], language, language.month),
        unshown=sum(count for month, count in found.months.items() if month not in months),
        named_months=[(language.month(month), found.months.get(month, 0)) for month in months],
        map=region_map(found.regions, language),
    )  # fmt: skip
