"""When an article is looked at again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from acca_crawler.clock import stamp
from acca_crawler.ingest.recrawl import after_visit, next_visit
from storage.articles.current import CurrentArticle

SEEN = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def days_of_visits(*, flagged: bool) -> list[int]:
    """The days after the first sight on which an article is visited, if every visit is made when it is due."""
    days, now = [], SEEN
    while (due := next_visit(flagged=flagged, first_seen_at=stamp(SEEN), now=now)) is not None:
        now = datetime.fromisoformat(due)
        days.append((now - SEEN).days)
    return days


def test_reports_are_visited_early_and_late() -> None:
    assert days_of_visits(flagged=True) == [1, 3, 7, 30, 90]
    assert days_of_visits(flagged=False) == [7, 30]


def test_a_missed_visit_is_not_made_up_for_twice() -> None:
    late = SEEN + timedelta(days=5)
    assert next_visit(flagged=True, first_seen_at=stamp(SEEN), now=late) == stamp(SEEN + timedelta(days=7))


def held(removed_at: str | None = None) -> CurrentArticle:
    return CurrentArticle(
        article_id=1, identity="/a", url="https://khabar.example/a", revision_id=1, number=1, title="", text="",
        published_at=None, content_sha256="", level="ignore", flagged=1, first_seen_at=stamp(SEEN),
        removed_at=removed_at, missing_since=None, missing_tries=0,
    )  # fmt: skip


@pytest.mark.parametrize("outcome", ["gone", "blocked", "failed"])
def test_what_brought_no_page_is_tried_again_the_same_day(outcome: str) -> None:
    assert after_visit(held(), outcome, SEEN) == stamp(SEEN + timedelta(hours=8))


def test_what_is_removed_or_unchanged_keeps_its_rhythm() -> None:
    assert after_visit(held(stamp(SEEN)), "gone", SEEN) == stamp(SEEN + timedelta(days=1))
    assert after_visit(held(), "unchanged", SEEN) == stamp(SEEN + timedelta(days=1))
