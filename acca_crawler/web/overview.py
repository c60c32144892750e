"""The overview: incoming reports, outlet status, and review waiting times.

`now` is an aware time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from datasette.utils.asgi import Request, Response

from acca_crawler.clock import parse_stamp
from acca_crawler.i18n.labels import CATEGORIES, COUNTRIES
from acca_crawler.web import charts
from acca_crawler.web.pages import language_of, render, signed_in
from acca_crawler.web.site import site_of
from storage.reports.diff import OutletStatus, outlet_statuses
from storage.review import queue_refresh
from storage.schema.kinds import ReviewDb

WEEKS = 12


@dataclass(frozen=True, slots=True)
class WeeklyWaiting:
    """Waiting times (hours) of the reports decided in one week; None if no report was decided."""

    week: str
    decided: int
    hours: float | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The data shown on the overview. Weeks are named by their Monday."""

    weeks: list[str]
    by_country: dict[str, list[int]]
    by_category: dict[str, list[int]]
    outlets: list[OutletStatus]
    waiting: list[WeeklyWaiting]
    open_now: int
    oldest_open: str | None


def read(db: ReviewDb, now: datetime, second_reviewer: bool, decisions: bool) -> Overview:
    """Read the overview; without `decisions`, omit what reviewers did."""
    queue_refresh.refresh(db, second_reviewer)
    monday = now.date() - timedelta(days=now.weekday())
    weeks = [(monday - timedelta(weeks=back)).isoformat() for back in reversed(range(WEEKS))]
    week = "date(day, 'weekday 0', '-6 days')"
    countries = db.execute(
        f"SELECT {week} AS week, country AS name, count(*) AS n FROM queue WHERE day >= ? GROUP BY 1, 2", [weeks[0]]
    ).fetchall()
    categories = db.execute(
        f"SELECT {week} AS week, value AS name, count(*) AS n FROM queue JOIN queue_values USING (story_id) "
        "WHERE queue_values.name = 'category' AND day >= ? GROUP BY 1, 2",
        [weeks[0]],
    ).fetchall()
    still = db.execute("SELECT count(*), min(raised_at) FROM queue WHERE open = 1").fetchone()
    return Overview(
        weeks=weeks,
        by_country=_series(countries, weeks),
        by_category=_series(categories, weeks),
        outlets=list(outlet_statuses(db)),
        waiting=_waiting(db, weeks) if decisions else [],
        open_now=still[0],
        oldest_open=still[1],
    )


def _series(rows: list[Any], weeks: list[str]) -> dict[str, list[int]]:
    """Return weekly counts by name, the most frequent name first."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        found[row["name"]][row["week"]] += row["n"]
    order = sorted(found, key=lambda name: (-found[name].total(), name))
    return {name: [found[name][week] for week in weeks] for name in order}


def _waiting(db: ReviewDb, weeks: list[str]) -> list[WeeklyWaiting]:
    hours: dict[str, list[float]] = defaultdict(list)
    for row in db.execute(
        "SELECT raised_at, decided_at FROM queue WHERE decided_at IS NOT NULL AND decided_at >= ?", [weeks[0]]
    ):
        decided = parse_stamp(row["decided_at"])
        waited = (decided - parse_stamp(row["raised_at"])).total_seconds() / 3600
        hours[_monday(decided.date())].append(max(waited, 0))
    return [WeeklyWaiting(week, len(hours[week]), median(hours[week]) if hours[week] else None) for week in weeks]


def _monday(day: date) -> str:
    return (day - timedelta(days=day.weekday())).isoformat()


async def overview_page(request: Request, datasette: Any) -> Response:
    """Show the overview."""
    site, language = site_of(datasette), language_of(request)
    decisions = signed_in(request).may("monitor")
    found = await site.store.run(read, site.now(), site.config.web.second_reviewer, decisions)

    def named(series: dict[str, list[int]], names: dict[str, str]) -> list[charts.Series]:
        return [charts.Series(language.text(names.get(code, code)), values) for code, values in series.items()]

    return await render(
        datasette,
        request,
        "overview",
        found=found,
        countries=charts.stacked(found.weeks, named(found.by_country, COUNTRIES), language),
        categories=charts.stacked(found.weeks, named(found.by_category, CATEGORIES), language),
        waiting=charts.columns(found.weeks, [entry.hours for entry in found.waiting], language),
    )
