"""Schedule revisits of archived articles."""

from __future__ import annotations

from datetime import datetime, timedelta

from acca_crawler.clock import parse_stamp, stamp
from acca_crawler.items import Article
from storage.articles.current import CurrentArticle

FLAGGED_DAYS = (1, 3, 7, 30, 90)
"""Days after a flagged report was first seen. Takedowns and softenings come early or with the first complaint."""

OTHER_DAYS = (7, 30)

MISSING_HOURS = 8
"""Hours until a missing article is retried: three attempts fill the day before it may be classified as removed."""

INCOMPLETE_DAYS = 3
"""Days for which an article with a missing part is visited every `MISSING_HOURS`."""


def next_visit(*, flagged: bool, first_seen_at: str, now: datetime) -> str | None:
    """Return the UTC stamp of the next visit, or None if no more are due.

    `flagged` is whether the article is or ever was an alert.
    """
    first_seen = parse_stamp(first_seen_at)
    for days in FLAGGED_DAYS if flagged else OTHER_DAYS:
        due = first_seen + timedelta(days=days)
        if due > now:
            return stamp(due)
    return None


def next_visit_of(current: CurrentArticle | None, article: Article, now: datetime) -> str | None:
    """Return the timestamp of the next visit of an article just fetched; `current` is its archived state before.

    An article with a missing part is visited again soon, in its first days.
    """
    flagged = article.detection.level == "alert" or bool(current and current.flagged)
    first_seen_at = current.first_seen_at if current else stamp(now)
    incomplete = any(part.missing for part in article.parts)
    if incomplete and now - parse_stamp(first_seen_at) < timedelta(days=INCOMPLETE_DAYS):
        return stamp(now + timedelta(hours=MISSING_HOURS))
    return next_visit(flagged=flagged, first_seen_at=first_seen_at, now=now)


def after_visit(current: CurrentArticle, outcome: str, now: datetime) -> str | None:
    """Return the UTC stamp of the next visit after one without a page; a removed article keeps its schedule."""
    missing = outcome == "gone" and current.removed_at is None
    if missing or outcome in ("blocked", "failed"):
        return stamp(now + timedelta(hours=MISSING_HOURS))
    return next_visit(flagged=bool(current.flagged), first_seen_at=current.first_seen_at, now=now)
