"""How each outlet has been doing lately: articles per day, ways of discovery, languages, missing fields, next poll.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from acca_crawler.clock import parse_stamp
from storage.schema.kinds import ArchiveDb

HABIT_WEEKS = 8
"""Weeks before the last 7 days that show what is usual for an outlet."""

FIELD_DAYS = 28
"""Days of articles for languages and field coverage."""

FIELDS = ("date", "author", "language", "category")


@dataclass(frozen=True, slots=True)
class WayHealth:
    """A way of discovery: its last attempt (outcome, reason, when) and when it last answered with recent news."""

    way: str
    outcome: str
    reason: str | None
    attempted_at: str
    last_well_at: str | None


@dataclass(frozen=True, slots=True)
class OutletActivity:
    """An outlet's recent activity. Times are UTC stamps.

    `first_crawl_at` is when the first crawl began, however it ended. `newest_at` is the newest publication date of a
    stored article. `days` are articles by day of publication (of storage, if undated) in the last 9 weeks; `usual_week`
    is the median of the weeks before the last 7 days, None without a whole week of history. `languages` and `coverage`
    (shares from 0 to 1 by field) are of articles stored in the last 28 days.
    """

    first_crawl_at: str | None = None
    last_success_at: str | None = None
    newest_at: str | None = None
    week_articles: int = 0
    usual_week: float | None = None
    ways: tuple[WayHealth, ...] = ()
    languages: Mapping[str, int] = field(default_factory=dict)
    coverage: Mapping[str, float] = field(default_factory=dict)
    due_at: str | None = None
    days: Mapping[str, int] = field(default_factory=dict)


def activities(db: ArchiveDb, at: str) -> dict[str, OutletActivity]:
    """Return every outlet's activity by name as of `at` (a UTC stamp)."""
    today = parse_stamp(at).date()
    days = articles_by_day(db, today)
    ways, languages, coverage = _ways(db, today), _languages(db, today), _coverage(db, today)
    due = dict(db.execute("SELECT outlet, due_at FROM polls").fetchall())
    found = {}
    for (name,) in db.execute("SELECT name FROM outlets ORDER BY name").fetchall():
        by_day, first = days.get(name, Counter()), _crawled_at(db, name, "ASC")
        found[name] = OutletActivity(
            first_crawl_at=first,
            last_success_at=_crawled_at(db, name, "DESC", "AND run_outlets.status = 'ok'"),
            newest_at=_newest(db, name),
            week_articles=_between(by_day, today - timedelta(days=6), today),
            usual_week=_usual_week(by_day, today, first),
            ways=ways.get(name, ()),
            languages=dict(languages.get(name, Counter()).most_common()),
            coverage=coverage.get(name, {}),
            due_at=due.get(name),
            days=dict(sorted(by_day.items())),
        )
    return found


def articles_by_day(db: ArchiveDb, today: date) -> dict[str, Counter[str]]:
    """Return for each outlet the articles by day of publication (of storage, if undated), in the last 9 weeks."""
    since = (today - timedelta(days=7 * (HABIT_WEEKS + 1) - 1)).isoformat()
    rows = db.execute(
        "SELECT outlet, substr(coalesce(published_at, first_seen_at), 1, 10) AS day, count(*) FROM articles "
        "JOIN revisions ON revisions.id = revision_id WHERE first_run_id >= ? GROUP BY 1, 2",
        [_first_run_since(db, since)],
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for outlet, day, count in rows.fetchall():
        if since <= day <= today.isoformat():
            found[outlet][day] = count
    return found


def _first_run_since(db: ArchiveDb, day: str) -> int:
    return int(
        db.execute("SELECT coalesce(min(id), 9223372036854775807) FROM runs WHERE started_at >= ?", [day]).fetchone()[0]
    )


def _crawled_at(db: ArchiveDb, outlet: str, order: str, condition: str = "") -> str | None:
    """Return when an outlet was first (ASC) or last (DESC) crawled with this condition; None if it never was."""
    row = db.execute(
        "SELECT started_at FROM run_outlets JOIN runs ON runs.id = run_id "
        f"WHERE outlet = ? AND kind = 'crawl' {condition} ORDER BY run_id {order} LIMIT 1",
        [outlet],
    ).fetchone()
    return row[0] if row else None


def _between(days: Mapping[str, int], first: date, last: date) -> int:
    return sum(count for day, count in days.items() if first.isoformat() <= day <= last.isoformat())


def _usual_week(days: Mapping[str, int], today: date, followed: str | None) -> float | None:
    weeks = []
    for back in range(1, HABIT_WEEKS + 1):
        last = today - timedelta(days=7 * back)
        first = last - timedelta(days=6)
        if followed and first.isoformat() >= followed[:10]:
            weeks.append(_between(days, first, last))
    return float(median(weeks)) if weeks else None


def _newest(db: ArchiveDb, outlet: str) -> str | None:
    """Return the newest publication date among the outlet's last hundred stored articles."""
    row = db.execute(
        "SELECT max(published_at) FROM (SELECT published_at FROM articles JOIN revisions ON revisions.id = revision_id "
        "WHERE articles.outlet = ? ORDER BY articles.id DESC LIMIT 100)",
        [outlet],
    ).fetchone()
    return row[0] if row else None


def _ways(db: ArchiveDb, today: date) -> dict[str, tuple[WayHealth, ...]]:
    """Return the ways that were tried in the last 9 weeks, by outlet."""
    since = (today - timedelta(days=7 * (HABIT_WEEKS + 1))).isoformat()
    rows = db.execute(
        "SELECT way_attempts.outlet, way_attempts.way, outcome, reason, attempted_at, well_at FROM way_attempts "
        "JOIN (SELECT max(id) AS id, max(CASE WHEN outcome = 'answered' THEN attempted_at END) AS well_at "
        "FROM way_attempts WHERE run_id >= ? GROUP BY outlet, way) AS latest ON latest.id = way_attempts.id "
        "ORDER BY way_attempts.id",
        [_first_run_since(db, since)],
    )
    found: dict[str, tuple[WayHealth, ...]] = {}
    for outlet, *way in rows.fetchall():
        found[outlet] = (*found.get(outlet, ()), WayHealth(*way))
    return found


def _languages(db: ArchiveDb, today: date) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for outlet, language, count in db.execute(
        "SELECT outlet, coalesce(language, '?'), count(*) FROM articles JOIN revisions ON revisions.id = revision_id "
        "WHERE first_run_id >= ? GROUP BY 1, 2",
        [_first_run_since(db, (today - timedelta(days=FIELD_DAYS)).isoformat())],
    ).fetchall():
        found[outlet][language] = count
    return found


def _coverage(db: ArchiveDb, today: date) -> dict[str, dict[str, float]]:
    rows = db.execute(
        "SELECT outlet, count(*), count(published_at), sum(authors != :none), count(language), sum(categories != :none)"
        " FROM articles JOIN revisions ON revisions.id = revision_id WHERE first_run_id >= :first GROUP BY outlet",
        {"none": json.dumps([]), "first": _first_run_since(db, (today - timedelta(days=FIELD_DAYS)).isoformat())},
    )
    return {
        outlet: {name: count / total for name, count in zip(FIELDS, counts, strict=True)}
        for outlet, total, *counts in rows.fetchall()
    }
