"""Servers that fail, stall, tear, redirect and bomb; processes that are killed; archives that are held."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from acca_crawler.newsroom import Newsroom
from tests.e2e.conftest import counts, make_desk
from tests.support.desk import TIMEOUT, Desk

ARTICLE = "/en/14212/*"
TITLE = "Kazakhstan: three men say they were tortured in Taraz police department"


def status_of(desk: Desk) -> tuple[str, str]:
    row = desk.rows("SELECT status, coalesce(reason, '') AS reason FROM addresses WHERE url LIKE '%/14212/%'")[0]
    return row["status"], row["reason"]


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [
        ("status-500", "failed", "HTTP 500"),
        ("status-429", "blocked", "HTTP 429"),
        ("timeout", "failed", "TimeoutError"),
        ("truncate", "failed", "DataLossError"),
        ("reset", "failed", ""),
        ("redirect_loop", "failed", "redirects without an end"),
        ("bomb", "refused", ""),
        ("challenge", "blocked", "challenge"),
    ],
)
def test_one_sick_article_is_counted_and_tried_again(
    tmp_path: Path, newsroom: Newsroom, fault: str, status: str, reason: str
) -> None:
    desk = make_desk(tmp_path, newsroom, "timeout = 1\nlargest_page = 2")
    faults = newsroom.sites["acca"].faults
    if status == "blocked":
        faults.only("sitemap")  # no other way in gives a blocked article's text
    if fault.startswith("status-"):
        faults.status[ARTICLE] = int(fault.removeprefix("status-"))
    elif fault == "challenge":
        faults.challenge[ARTICLE] = 200
    else:
        getattr(faults, fault).add(ARTICLE)
    desk.acca("crawl", "acca")
    assert status_of(desk)[0] == status
    assert reason in status_of(desk)[1]
    assert counts(desk)[status] == 1
    assert desk.value("SELECT count(*) FROM articles") == len(newsroom.posts("acca")) - 1
    assert f"{status}: 1" in desk.acca("status", "--counts")
    for pages in (faults.status, faults.challenge, faults.timeout, faults.truncate, faults.reset,
                  faults.redirect_loop, faults.bomb):  # fmt: skip
        pages.clear()
    desk.acca("crawl", "acca")
    if status != "refused":
        assert desk.value("SELECT count(*) FROM revisions WHERE title = ?", TITLE) == 1


@pytest.mark.usefixtures("brief")
def test_a_fault_that_passes_is_retried_within_the_run(desk: Desk, newsroom: Newsroom) -> None:
    faults = newsroom.sites["acca"].faults
    faults.status[ARTICLE] = 500
    faults.fail_times[ARTICLE] = 1
    desk.acca("crawl", "acca")
    assert status_of(desk) == ("stored", "")


@pytest.mark.usefixtures("brief")
def test_a_server_that_asks_for_patience_is_given_it(desk: Desk, newsroom: Newsroom) -> None:
    faults = newsroom.sites["acca"].faults
    faults.status[ARTICLE] = 429
    faults.retry_after = 2
    faults.fail_times[ARTICLE] = 1
    desk.acca("crawl", "acca")
    assert status_of(desk) == ("stored", "")
    tries = [record.time for record in newsroom.sites["acca"].requests if "/14212/" in record.path]
    assert tries[1] - tries[0] >= 1.9


def test_an_outlet_that_blocks_everything_is_left_alone(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.sites["acca"].faults.only("sitemap")  # no other way in gives the articles' texts
    newsroom.sites["acca"].faults.challenge["/en/*"] = 403
    newsroom.sites["acca"].faults.challenge["/ru/*"] = 403
    out = desk.acca("crawl", "acca", code=1)
    assert "acca: blocked" in out
    asked = [record for record in newsroom.sites["acca"].requests if record.kind == "article"]
    assert len(asked) <= 5
    assert desk.value("SELECT count(*) FROM articles") == 0


def test_robots_txt_is_obeyed(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.sites["acca"].faults.robots_disallow = True
    out = desk.acca("crawl", "acca", code=1)
    assert "robots.txt" in out
    assert {record.path for record in newsroom.sites["acca"].requests} == {"/robots.txt"}


def test_the_user_agent_is_honest(tmp_path: Path, newsroom: Newsroom) -> None:
    desk = make_desk(tmp_path, newsroom, 'contact = "ops@example.org"')
    desk.acca("crawl", "acca", "--limit", "1")
    agents = {record.headers["User-Agent"] for record in newsroom.requests}
    assert len(agents) == 1
    assert next(iter(agents)).startswith("acca-crawler/")
    assert "(+ops@example.org)" in next(iter(agents))


def stored_so_far(desk: Desk) -> int:
    if not (desk.directory / "archive" / "acca.db").exists():
        return 0
    if not desk.rows("SELECT name FROM sqlite_master WHERE name = 'articles'"):
        return 0
    return int(desk.value("SELECT count(*) FROM articles"))


def test_a_killed_crawl_goes_on_where_it_was(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.sites["acca"].faults.slow = 0.03
    process = desk.start("crawl", "acca")
    deadline = time.monotonic() + TIMEOUT
    while stored_so_far(desk) < 5 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=TIMEOUT)
    held = desk.value("SELECT count(*) FROM articles")
    assert 5 <= held < len(newsroom.posts("acca"))
    newsroom.sites["acca"].faults.slow = 0
    desk.acca("crawl", "acca")
    assert desk.value("SELECT status FROM runs WHERE id = 1") == "killed"
    titles = [row["title"] for row in desk.rows("SELECT title FROM revisions")]
    assert sorted(titles) == sorted(post.title for post in newsroom.posts("acca"))
    new = [entry for entry in desk.diff() if entry["kind"] == "new"]
    flagged = desk.rows(
        "SELECT DISTINCT story_id FROM story_members JOIN articles ON articles.id = article_id "
        "JOIN flags ON flags.revision_id = articles.revision_id AND current = 1 WHERE level != 'ignore'"
    )
    assert sorted(entry["story_id"] for entry in new) == sorted(row["story_id"] for row in flagged)


def test_two_crawls_at_once(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.sites["acca"].faults.slow = 0.05
    first = desk.start("crawl", "acca")
    deadline = time.monotonic() + TIMEOUT
    while not newsroom.requests and time.monotonic() < deadline:
        time.sleep(0.02)
    out = desk.acca("crawl", "acca", code=3)
    assert f"pid {first.pid}" in out
    newsroom.sites["acca"].faults.slow = 0
    first.communicate(timeout=TIMEOUT)
    assert first.returncode == 0


@pytest.mark.usefixtures("brief")
def test_a_redirect_out_of_the_outlet_is_refused(desk: Desk, newsroom: Newsroom) -> None:
    elsewhere = newsroom.sites["semdorog"].url.replace("127.0.0.1", "127.0.0.2")
    desk.acca("crawl", "acca", "--limit", "1")
    desk.execute("UPDATE addresses SET listed_url = ?, status = 'pending' WHERE id = 2", f"{elsewhere}/news/")
    faults = newsroom.sites["acca"].faults
    faults.rest_off = faults.feed_off = faults.sitemap_off = faults.listing_off = 404
    desk.acca("crawl", "acca", code=1)
    row = desk.rows("SELECT status, reason FROM addresses WHERE id = 2")[0]
    assert row["status"] == "refused"
    assert "leads off the outlet's hosts" in row["reason"]
