"""What is gone, what only looks as if it were, and when an article is looked at again."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from acca_crawler.newsroom import Newsroom
from tests.e2e.conftest import Requested
from tests.support.desk import Desk

REPORT = "/en/14212/*"
DUE = "UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z' WHERE url LIKE '%/14212/%'"
LET_A_DAY_PASS = "UPDATE articles SET missing_since = '2020-01-01T00:00:00Z' WHERE missing_since IS NOT NULL"


def report(desk: Desk) -> dict[str, object]:
    (row,) = desk.rows("SELECT * FROM articles WHERE url LIKE '%/14212/%'")
    return dict(row)


def test_a_due_visit_is_made_once(crawled: Desk, requested: Requested) -> None:
    requested()
    crawled.execute(DUE)
    crawled.acca("crawl", "acca")
    (path,) = requested()
    assert "/14212/" in path
    assert str(report(crawled)["next_visit_at"]) > "2026"
    assert crawled.value("SELECT outcome FROM visits ORDER BY id DESC LIMIT 1") == "unchanged"
    crawled.acca("crawl", "acca")
    assert requested() == []


@pytest.mark.parametrize(("status", "outcome"), [(403, "blocked"), (500, "failed"), (503, "failed")])
def test_blocks_and_errors_are_never_called_removed(
    crawled: Desk, newsroom: Newsroom, status: int, outcome: str
) -> None:
    newsroom.sites["acca"].faults.status[REPORT] = status
    for _ in range(4):
        crawled.execute(DUE)
        crawled.acca("crawl", "acca", code=1 if outcome == "failed" else 0)
    article = report(crawled)
    assert (article["missing_since"], article["removed_at"]) == (None, None)
    kept = crawled.rows("SELECT outcome, reason FROM visits WHERE article_id = ?", article["id"])
    assert [row["outcome"] for row in kept] == [outcome] * 4
    assert crawled.value("SELECT count(*) FROM alerts WHERE kind = 'removed'") == 0


def test_an_article_that_leads_to_the_front_page_is_gone_after_a_day_of_tries(
    crawled: Desk, newsroom: Newsroom
) -> None:
    # The oldest report: the site's interface does not list it again, so only the visits ask for it.
    article, url, listed = crawled.rows(
        "SELECT article_id, addresses.url, listed_url FROM alerts JOIN revisions USING (article_id) "
        "JOIN addresses USING (article_id) ORDER BY published_at LIMIT 1"
    )[0]
    due = "UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z' WHERE id = ?"
    removed = "SELECT removed_at FROM articles WHERE id = ?"
    crawled.execute("UPDATE addresses SET listed_url = ? WHERE url = ?", f"{newsroom.sites['acca'].url}/", url)
    for number in range(3):
        crawled.execute(due, article)
        crawled.execute(LET_A_DAY_PASS)
        crawled.acca("crawl", "acca")
        assert (crawled.value(removed, article) is not None) == (number == 2)
    reasons = {row["reason"] for row in crawled.rows("SELECT reason FROM visits WHERE outcome = 'gone'")}
    assert reasons == {"redirected to the front page or a section"}
    assert crawled.value("SELECT count(*) FROM alerts WHERE kind = 'removed'") == 1
    (entry,) = [entry for entry in crawled.diff() if entry["kind"] == "gone"]
    assert "removed" in entry["note"]
    crawled.execute("UPDATE addresses SET listed_url = ? WHERE url = ?", listed, url)
    crawled.execute(due, article)
    crawled.acca("crawl", "acca")
    assert crawled.value(removed, article) is None
    assert crawled.value("SELECT count(*) FROM alerts WHERE kind = 'reappeared'") == 1


@pytest.mark.parametrize("edition", ["en", "ru"])
def test_a_page_that_says_it_is_gone_is_believed_whatever_its_status(
    crawled: Desk, newsroom: Newsroom, edition: str
) -> None:
    article, url = crawled.rows(
        "SELECT article_id, url FROM alerts JOIN articles ON articles.id = article_id WHERE url LIKE ? LIMIT 1",
        f"%/{edition}/%",
    )[0]
    faults = newsroom.sites["acca"].faults
    faults.not_found_as_200.add(urlsplit(url).path + "*")
    for number in range(3):
        crawled.execute("UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z' WHERE id = ?", article)
        crawled.execute(LET_A_DAY_PASS)
        crawled.acca("crawl", "acca")
        gone = crawled.value("SELECT removed_at FROM articles WHERE id = ?", article) is not None
        assert gone == (number == 2)
    tries = crawled.rows("SELECT reason, status FROM visits JOIN captures ON captures.id = capture_id "
                      "WHERE outcome = 'gone' AND article_id = ?", article)  # fmt: skip
    assert len(tries) == 3
    assert all(row["reason"].startswith("the page says “") and row["status"] == 200 for row in tries)
    assert crawled.value("SELECT count(*) FROM revisions WHERE article_id = ?", article) == 1
    assert crawled.value("SELECT kind FROM alerts WHERE article_id = ? ORDER BY id DESC LIMIT 1", article) == "removed"
    faults.not_found_as_200.clear()
    crawled.execute("UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z' WHERE id = ?", article)
    crawled.acca("crawl", "acca")
    assert (
        crawled.value("SELECT kind FROM alerts WHERE article_id = ? ORDER BY id DESC LIMIT 1", article) == "reappeared"
    )
