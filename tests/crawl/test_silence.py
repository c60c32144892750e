"""A way in that brings nothing new for longer than the outlet's habit is silent: reported, and the next is tried."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.local import NOTHING, Answer, Asked, LocalSite, article, outlet, rss, served

OLD = ["report-number-0", "report-number-1"]
NEW = ["report-number-2"]
LONG_AGO = datetime.now(UTC) - timedelta(days=90)


class Paper:
    """A site whose feed can fall asleep while its front page goes on."""

    def __init__(self) -> None:
        self.newest: datetime | None = None
        self.front = OLD

    def __call__(self, asked: Asked) -> Answer:
        home = f"http://{asked.headers['Host']}/"
        if asked.path == "/feed/":
            return rss((f"{home}news/{slug}" for slug in OLD), newest=self.newest)
        if asked.path == "/":
            links = "".join(f'<h2><a href="/news/{slug}">{slug}</a></h2>' for slug in self.front)
            return Answer(f"<html><body>{links}</body></html>")
        return Answer(article(asked.path)) if asked.path.startswith("/news/") else NOTHING


@pytest.fixture
def paper() -> Paper:
    """The site's behaviour."""
    return Paper()


@pytest.fixture
def site(paper: Paper) -> Iterator[LocalSite]:
    """The site."""
    with served(paper) as running:
        yield running


def test_a_silent_feed_is_told_with_its_last_good_day_and_the_listing_carries_the_outlet(
    tmp_path: Path, paper: Paper, site: LocalSite
) -> None:
    desk = Desk(tmp_path)
    desk.configure(outlet(site, 'feeds = ["/feed/"]', 'listings = ["/"]', 'article_path = "^/news/"'))
    desk.acca("crawl", "paper")
    assert desk.value("SELECT way FROM run_outlets") == "feed"
    paper.newest, paper.front = LONG_AGO, [*NEW, *OLD]
    output = desk.acca("crawl", "paper")
    today = datetime.now(UTC).date()
    assert f"feed silent: the newest item is from {LONG_AGO:%Y-%m-%d}" in output
    assert f"last worked on {today}" in output
    assert f"last worked on {today}" in desk.acca("status")
    assert desk.tuples("SELECT way FROM run_outlets WHERE run_id = 2") == [("listing",)]
    assert desk.value("SELECT count(*) FROM articles") == len(OLD) + len(NEW)
    paper.newest = None
    desk.acca("crawl", "paper")
    assert desk.tuples("SELECT way, message FROM run_outlets WHERE run_id = 3") == [("feed", None)]


def test_a_feed_that_was_never_well_says_so(tmp_path: Path, paper: Paper, site: LocalSite) -> None:
    paper.newest = LONG_AGO
    desk = Desk(tmp_path)
    desk.configure(outlet(site, 'feeds = ["/feed/"]'))
    output = desk.acca("crawl", "paper")
    assert "feed silent" in output and "has never worked so far" in output
    assert desk.value("SELECT count(*) FROM articles") == len(OLD)
    assert "has never worked so far" in desk.acca("crawl", "paper")
