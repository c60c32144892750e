"""When an article that we hold is looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta

from acca_crawler.clock import parse_stamp, stamp
from acca_crawler.items import Article
from storage.articles.current import CurrentArticle

FLAGGED_DAYS = (1, 3, 7, 30, 90)
"""A flagged report: days after it was first seen. Takedowns and softenings come early or with the first complaint."""

OTHER_DAYS = (7, 30)

MISSING_HOURS = 8
"""A missing article is tried again after this long: three tries fill the day before it may be called removed."""


def next_visit(*, flagged: bool, first_seen_at: str, now: datetime) -> str | None:
    """The stamp of the next visit, or None when an article has been looked at often enough.

    `flagged` is whether the article is an alert or ever was one.
    """
    first_seen = parse_stamp(first_seen_at)
    for days in FLAGGED_DAYS if flagged else OTHER_DAYS:
        due = first_seen + timedelta(days=days)
        if due > now:
            return stamp(due)
    return None


def next_visit_of(current: CurrentArticle | None, article: Article, now: datetime) -> str | None:
    """The stamp of the next visit of an article that was just fetched; `current` is what the archive held of it."""
    flagged = article.detection.level == "alert" or bool(current and current.flagged)
    return next_visit(flagged=flagged, first_seen_at=current.first_seen_at if current else stamp(now), now=now)


def after_visit(current: CurrentArticle, outcome: str, now: datetime) -> str | None:
    """The stamp of the next visit after one that brought no page; a removed article keeps its own rhythm."""
    missing = outcome == "gone" and current.removed_at is None
    if missing or outcome in ("blocked", "failed"):
        return stamp(now + timedelta(hours=MISSING_HOURS))
    return next_visit(flagged=bool(current.flagged), first_seen_at=current.first_seen_at, now=now)
