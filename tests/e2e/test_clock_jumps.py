"""A machine whose clock is wrong for a while: a year back, ten years ahead, and right again."""

from __future__ import annotations

import pytest

from acca_crawler.newsroom import Newsroom
from tests.support.desk import Desk


@pytest.mark.parametrize("days", [-365, 3653])
def test_a_clock_that_is_wrong_for_one_run_loses_nothing_and_stops_nothing(
    desk: Desk, newsroom: Newsroom, days: int
) -> None:
    desk.acca("crawl", "acca", "--limit", "10")
    desk.acca("crawl", "acca", "--limit", "5", under=["wrong_clock", str(days)])
    held = desk.value("SELECT count(*) FROM articles")
    assert held >= 10
    assert "everything matches" in desk.acca("verify"), "the chain has no holes"
    desk.execute(
        "UPDATE articles SET next_visit_at = '2040-01-01T00:00:00Z' WHERE id = 1"
    )  # after a refusal in that run
    newsroom.requests.clear()
    desk.acca("crawl", "acca", "--due")
    assert newsroom.requests, "an outlet that was polled in the future is due today"
    assert desk.value("SELECT next_visit_at FROM articles WHERE id = 1") < "2040", "nor is a visit ten years away"
    articles = len(newsroom.posts("acca"))
    desk.acca("crawl", "acca")
    assert desk.value("SELECT count(*) FROM articles") == articles
    assert desk.value("SELECT count(*) FROM revisions") == articles
    assert "everything matches" in desk.acca("verify")
