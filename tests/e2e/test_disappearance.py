"""What is gone, what only looks as if it were, and when an article is looked at again."""

from __future__ import annotations

import pytest

from acca_crawler.newsroom import Newsroom
from tests.e2e.conftest import Desk, Requested

REPORT = "/en/14212/*"
DUE = "UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z' WHERE url LIKE '%/14212/%'"
LET_A_DAY_PASS = "UPDATE articles SET missing_since = '2020-01-01T00:00:00Z' WHERE missing_since IS NOT NULL"


def report(desk: Desk) -> dict[str, object]:
    (row,) = desk.rows("SELECT * FROM articles WHERE url LIKE '%/14212/%'")
    return dict(row)


def test_a_due_visit_is_made_once(desk: Desk, requested: Requested) -> None:
    desk.acca("crawl", "acca")
    requested()
    desk.execute(DUE)
    desk.acca("crawl", "acca")
    (path,) = requested()
    assert "/14212/" in path
    assert str(report(desk)["next_visit_at"]) > "2026"
    assert desk.value("SELECT outcome FROM visits ORDER BY id DESC LIMIT 1") == "unchanged"
    desk.acca("crawl", "acca")
    assert requested() == []


@pytest.mark.parametrize(("status", "outcome"), [(403, "blocked"), (500, "failed"), (503, "failed")])
def test_blocks_and_errors_are_never_called_removed(desk: Desk, newsroom: Newsroom, status: int, outcome: str) -> None:
    desk.acca("crawl", "acca")
    newsroom.sites["acca"].faults.status[REPORT] = status
    for _ in range(4):
        desk.execute(DUE)
        desk.acca("crawl", "acca", code=1 if outcome == "failed" else 0)
    article = report(desk)
    assert (article["missing_since"], article["removed_at"]) == (None, None)
    kept = desk.rows("SELECT outcome, reason FROM visits WHERE article_id = ?", article["id"])
    assert [row["outcome"] for row in kept] == [outcome] * 4
    assert desk.value("SELECT count(*) FROM alerts WHERE kind = 'removed'") == 0


def test_an_article_that_leads_to_the_front_page_is_gone_after_a_day_of_tries(desk: Desk, newsroom: Newsroom) -> None:
    desk.acca("crawl", "acca")
    # The oldest report: the site's interface does not list it anew, so only the visits ask for it.
    article, url, listed = desk.rows(
        "SELECT article_id, addresses.url, listed_url FROM alerts JOIN revisions USING (article_id) "
        "JOIN addresses USING (article_id) ORDER BY published_at LIMIT 1"
    )[0]
    due = "UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z' WHERE id = ?"
    removed = "SELECT removed_at FROM articles WHERE id = ?"
    desk.execute("UPDATE addresses SET listed_url = ? WHERE url = ?", f"{newsroom.sites['acca'].url}/", url)
    for number in range(3):
        desk.execute(due, article)
        desk.execute(LET_A_DAY_PASS)
        desk.acca("crawl", "acca")
        assert (desk.value(removed, article) is not None) == (number == 2)
    reasons = {row["reason"] for row in desk.rows("SELECT reason FROM visits WHERE outcome = 'gone'")}
    assert reasons == {"redirected to the front page"}
    assert desk.value("SELECT count(*) FROM alerts WHERE kind = 'removed'") == 1
    (entry,) = [entry for entry in desk.diff() if entry["kind"] == "gone"]
    assert "removed" in entry["note"]
    desk.execute("UPDATE addresses SET listed_url = ? WHERE url = ?", listed, url)
    desk.execute(due, article)
    desk.acca("crawl", "acca")
    assert desk.value(removed, article) is None
    assert desk.value("SELECT count(*) FROM alerts WHERE kind = 'reappeared'") == 1
