"""The reviewers' queue: one row for each article with alerts, kept in step with the archive and the reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlite_utils import Database

from storage.database import transaction
from storage.reviews import Status, update_standing

View = Literal["new", "mine", "all"]
Sort = Literal["confidence", "newest", "oldest"]
FACETS = ("country", "category", "language", "outlet", "level", "status")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which reports of the queue, in which order. Empty means any; days are `2026-11-22`, `until` inclusive."""

    view: View = "new"
    user: str = ""
    country: str = ""
    category: str = ""
    language: str = ""
    outlet: str = ""
    level: str = ""
    status: str = ""
    since: str = ""
    until: str = ""
    sort: Sort = "confidence"


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One report in the queue. `day` is when it was published, or else first seen; `kind` is its newest alert's."""

    article_id: int
    alert_id: int
    alerts: int
    kind: str
    revision_id: int
    outlet: str
    country: str
    language: str
    level: str
    score: float
    day: str
    raised_at: str
    status: Status
    assignee: str | None
    review_id: int
    title: str
    flag_id: int
    categories: str


_CHANGED_ALERTS = """
    INSERT INTO queue (article_id, first_alert_id, alert_id, alerts, kind, revision_id, outlet, country, language,
                       level, score, day, raised_at)
    SELECT article_id, min(alerts.id), max(alerts.id), count(*), '', articles.revision_id, articles.outlet,
           '', '', '', 0, '', min(alerts.created_at)
    FROM archive.alerts JOIN archive.articles ON articles.id = article_id
    WHERE alerts.id > ? GROUP BY article_id
    ON CONFLICT (article_id) DO UPDATE SET alert_id = excluded.alert_id, alerts = queue.alerts + excluded.alerts
"""
_DETAILS = """
    UPDATE queue SET revision_id = found.revision_id, country = found.country, language = found.language,
                     level = found.level, score = found.score, day = found.day, kind = found.kind,
                     raised_at = found.raised_at
    FROM (
        SELECT articles.id AS article_id, articles.revision_id, coalesce(revisions.language, '') AS language,
               coalesce(flags.country, iif(json_array_length(outlets.countries) = 1, outlets.countries ->> 0, ''))
                   AS country,
               flags.level, flags.score, substr(coalesce(published_at, first_seen_at), 1, 10) AS day,
               alerts.kind, alerts.created_at AS raised_at
        FROM changed
        JOIN archive.articles ON articles.id = changed.article_id
        JOIN archive.outlets ON outlets.name = articles.outlet
        JOIN archive.revisions ON revisions.id = articles.revision_id
        JOIN archive.flags ON flags.revision_id = revisions.id AND flags.current = 1
        JOIN main.queue AS queued ON queued.article_id = changed.article_id
        JOIN archive.alerts ON alerts.id = queued.alert_id
    ) AS found
    WHERE queue.article_id = found.article_id
"""
_CATEGORIES = """
    INSERT OR IGNORE INTO queue_categories (article_id, category)
    SELECT changed.article_id, value FROM changed
    JOIN main.queue ON queue.article_id = changed.article_id
    JOIN archive.flags ON flags.revision_id = queue.revision_id AND flags.current = 1, json_each(flags.categories)
"""


def refresh(db: Database, second_reviewer: bool = False) -> int:
    """Take in what the archive learnt since: alerts, and revisions of what is queued. Returns the reports touched.

    A report that was decided and then revised or raised again is open again.
    """
    if not _behind(db):
        return 0
    with transaction(db):
        at_alert, at_revision = db.execute("SELECT alert_id, revision_id FROM queue_state").fetchone()
        db.execute("CREATE TEMP TABLE IF NOT EXISTS changed (article_id INTEGER PRIMARY KEY)")
        db.execute("DELETE FROM changed")
        db.execute("INSERT OR IGNORE INTO changed SELECT article_id FROM archive.alerts WHERE id > ?", [at_alert])
        db.execute(_CHANGED_ALERTS, [at_alert])
        db.execute(
            "INSERT OR IGNORE INTO changed SELECT article_id FROM archive.revisions "
            "WHERE revisions.id > ? AND article_id IN (SELECT article_id FROM main.queue)",
            [at_revision],
        )
        db.execute(_DETAILS)
        db.execute("DELETE FROM queue_categories WHERE article_id IN (SELECT article_id FROM changed)")
        db.execute(_CATEGORIES)
        for row in db.execute("SELECT article_id FROM changed WHERE article_id IN (SELECT article_id FROM reviews)"):
            update_standing(db, row["article_id"], second_reviewer)
        db.execute(
            "UPDATE queue_state SET alert_id = coalesce((SELECT max(id) FROM archive.alerts), 0), "
            "revision_id = coalesce((SELECT max(id) FROM archive.revisions), 0)"
        )
        touched: int = db.execute("SELECT count(*) FROM changed").fetchone()[0]
        db.execute("DELETE FROM changed")
    return touched


def _behind(db: Database) -> bool:
    return bool(
        db.execute(
            "SELECT alert_id < (SELECT coalesce(max(id), 0) FROM archive.alerts) "
            "OR revision_id < (SELECT coalesce(max(id), 0) FROM archive.revisions) FROM queue_state"
        ).fetchone()[0]
    )


_ITEM = """
    SELECT queue.article_id, queue.alert_id, alerts, kind, queue.revision_id, queue.outlet, queue.country,
           queue.language, queue.level, queue.score, day, raised_at, status, assignee, review_id, title,
           flags.id AS flag_id, flags.categories
    FROM queue JOIN archive.revisions ON revisions.id = queue.revision_id
    JOIN archive.flags ON flags.revision_id = queue.revision_id AND flags.current = 1
"""
_ORDER: dict[Sort, tuple[str, str, str]] = {
    "confidence": ("score", "DESC", "<"),
    "newest": ("raised_at", "DESC", "<"),
    "oldest": ("raised_at", "ASC", ">"),
}


def page(db: Database, wanted: Filter, limit: int, offset: int = 0) -> list[QueueItem]:
    """A page of the queue."""
    column, direction, _ = _ORDER[wanted.sort]
    where, values = _where(wanted)
    inner = (
        f"SELECT article_id FROM queue WHERE {where} "
        f"ORDER BY {column} {direction}, article_id {direction} LIMIT ? OFFSET ?"
    )
    rows = db.execute(
        f"{_ITEM} WHERE queue.article_id IN ({inner}) "
        f"ORDER BY queue.{column} {direction}, queue.article_id {direction}",
        [*values, limit, offset],
    ).fetchall()
    return [QueueItem(**dict(row)) for row in rows]


def item(db: Database, article_id: int) -> QueueItem | None:
    """The report of this article, or None where it never raised an alert."""
    row = db.execute(f"{_ITEM} WHERE queue.article_id = ?", [article_id]).fetchone()
    return QueueItem(**dict(row)) if row else None


def count(db: Database, wanted: Filter) -> int:
    """How many reports the filter finds."""
    where, values = _where(wanted)
    found: int = db.execute(f"SELECT count(*) FROM queue WHERE {where}", values).fetchone()[0]
    return found


def facet(db: Database, wanted: Filter, name: str) -> list[tuple[str, int]]:
    """The values of one of `FACETS` among the reports that the rest of the filter finds, the most frequent first."""
    where, values = _where(wanted, but=name)
    if name == "category":
        sql = (
            f"SELECT category, count(*) FROM queue_categories WHERE article_id IN "
            f"(SELECT article_id FROM queue WHERE {where}) GROUP BY 1 ORDER BY 2 DESC, 1"
        )
    else:
        sql = f"SELECT {name}, count(*) FROM queue WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1"
    return [(row[0], row[1]) for row in db.execute(sql, values).fetchall()]


def neighbour(db: Database, wanted: Filter, article_id: int, backwards: bool = False) -> int | None:
    """The report after (or before) this one in the order of the filter, whether or not this one still matches it."""
    column, direction, beyond = _ORDER[wanted.sort]
    if backwards:
        direction, beyond = ("ASC", ">") if direction == "DESC" else ("DESC", "<")
    where, values = _where(wanted)
    row = db.execute(
        f"SELECT article_id FROM queue WHERE {where} AND article_id != ? AND "
        f"({column}, article_id) {beyond} (SELECT {column}, article_id FROM queue WHERE article_id = ?) "
        f"ORDER BY {column} {direction}, article_id {direction} LIMIT 1",
        [*values, article_id, article_id],
    ).fetchone()
    return row[0] if row else None


def _where(wanted: Filter, but: str = "") -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    if wanted.view == "new":
        parts.append("open = 1")
    elif wanted.view == "mine":
        parts.append("assignee = ? AND open = 1")
        values.append(wanted.user)
    for name in ("country", "language", "outlet", "level", "status"):
        value = getattr(wanted, name)
        if value and name != but:
            parts.append(f"{name} = ?")
            values.append("" if value == "?" else value)
    if wanted.category and but != "category":
        parts.append("article_id IN (SELECT article_id FROM queue_categories WHERE category = ?)")
        values.append(wanted.category)
    for sign, day in ((">=", wanted.since), ("<=", wanted.until)):
        if day:
            parts.append(f"day {sign} ?")
            values.append(day)
    return " AND ".join(parts) or "1", values


def article_of_alert(db: Database, alert_id: int) -> int | None:
    """The article an alert is about, or None."""
    row = db.execute("SELECT article_id FROM archive.alerts WHERE id = ?", [alert_id]).fetchone()
    return row[0] if row else None


def deciding_quotes(db: Database, flag_ids: Sequence[int], most: int = 4) -> dict[int, tuple[str, ...]]:
    """For each flag its deciding words, each once, in the order of their weight."""
    marks = ", ".join("?" * len(flag_ids))
    found: dict[int, dict[str, None]] = {flag_id: {} for flag_id in flag_ids}
    for row in db.execute(
        f"SELECT flag_id, quote FROM archive.flag_spans WHERE side = 'for' AND flag_id IN ({marks}) "
        "ORDER BY flag_id, position",
        list(flag_ids),
    ):
        words = found[row["flag_id"]]
        if len(words) < most:
            words[" ".join(row["quote"].split())] = None
    return {flag_id: tuple(words) for flag_id, words in found.items()}
