"""How an outlet is spared, by the times at which its own server saw us. The bounds are far from what is expected."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings

from acca_crawler.crawl.fetching.middlewares import MAX_WAIT, RetryAfterMiddleware
from tests.support.desk import Desk
from tests.support.local import NOTHING, Answer, Asked, LocalSite, article, outlet, rss, served

SLUGS = [f"report-number-{number}" for number in range(5)]


def site(asked: Asked, robots: str = "") -> Answer:
    """Five articles behind a feed."""
    if asked.path == "/robots.txt":
        return Answer(f"User-agent: *\n{robots}\n", "text/plain")
    if asked.path == "/feed/":
        return rss(f"http://{asked.headers['Host']}/news/{slug}" for slug in SLUGS)
    slug = asked.path.rpartition("/")[2]
    return Answer(article(slug)) if slug in SLUGS else NOTHING


def gaps(site: LocalSite) -> list[float]:
    """Seconds between the arrivals of two requests in turn, robots.txt left out."""
    return [
        later.at - earlier.at for earlier, later in pairwise(one for one in site.asked if one.path != "/robots.txt")
    ]


NOTICED_LATE = 0.2
"""Seconds by which a server on a busy machine may notice a request late: the next one then seems to come early."""


def test_a_crawl_delay_lies_between_all_requests_and_slows_no_other_outlet(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with served(lambda asked: site(asked, "Crawl-delay: 1")) as slow, served(site) as quick:
        desk.configure(
            outlet(slow, 'feeds = ["/feed/"]', name="slow") + outlet(quick, 'feeds = ["/feed/"]', name="quick")
        )
        desk.acca("crawl", "slow", "quick")
        assert len(gaps(slow)) == len(SLUGS)
        assert sum(gaps(slow)) >= len(SLUGS) - NOTICED_LATE
        assert min(gaps(slow)) >= 1 - NOTICED_LATE
        assert min(gaps(quick)) < min(gaps(slow))
        slow.asked.clear()
        SLUGS.append("report-number-5")
        try:
            desk.acca("crawl", "slow")  # robots.txt is remembered, and its Crawl-delay with it
        finally:
            SLUGS.pop()
        assert slow.paths() == ["/feed/", "/news/report-number-5"]
        assert min(gaps(slow)) >= 1 - NOTICED_LATE


def in_seconds(seconds: int) -> str:
    """As most servers say it."""
    return str(seconds)


def as_date(seconds: int) -> str:
    """As RFC 9110 allows too; whole seconds, so that half a second more is asked for at most."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds + 0.5), usegmt=True)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("retry_after", [in_seconds, as_date])
def test_retry_after_is_waited_out_and_nothing_is_asked_for_meanwhile(
    tmp_path: Path, status: int, retry_after: Callable[[int], str]
) -> None:
    refused: list[Asked] = []

    def busy(asked: Asked) -> Answer:
        if asked.path == "/news/report-number-1" and not refused:
            refused.append(asked)
            return Answer("later", "text/plain", status, {"Retry-After": retry_after(2)})
        return site(asked)

    desk = Desk(tmp_path)
    with served(busy) as here:
        desk.configure("[crawl]\ndelay = 0\nretries = 1\n" + outlet(here, 'feeds = ["/feed/"]'))
        desk.acca("crawl", "paper")
        after = [asked.at - refused[0].at for asked in here.asked if asked.at > refused[0].at]
        assert min(after) >= 1.4
        assert desk.value("SELECT count(*) FROM articles") == len(SLUGS)


@pytest.mark.parametrize("where", ["/feed/", "/news/report-number-1"])
def test_who_asks_for_an_hour_is_left_alone_for_an_hour(tmp_path: Path, where: str) -> None:
    def busy(asked: Asked) -> Answer:
        return Answer("later", "text/plain", 429, {"Retry-After": "3600"}) if asked.path == where else site(asked)

    desk = Desk(tmp_path)
    with served(busy) as here:
        desk.configure("[crawl]\ndelay = 0\nretries = 1\n" + outlet(here, 'feeds = ["/feed/"]', 'listings = ["/"]'))
        output = desk.acca("crawl", "paper", "--due", code=1)
        assert "wait until" in output
        assert here.paths()[-1] == where
        assert here.paths().count(where) == 1
        here.asked.clear()
        here.answer = site
        desk.acca("crawl", "--due", "paper")
        assert here.asked == []
        desk.execute("UPDATE polls SET due_at = '2020-01-01T00:00:00Z'")
        desk.acca("crawl", "--due", "paper")
        assert desk.value("SELECT count(*) FROM articles") == len(SLUGS)


def test_a_server_that_tires_is_asked_more_slowly(tmp_path: Path) -> None:
    """AutoThrottle waits as long as answers take, and comes back to speed by halves."""

    def tired(asked: Asked) -> Answer:
        if asked.path in [f"/news/{slug}" for slug in SLUGS[:3]]:
            time.sleep(0.8)
        return site(asked)

    desk = Desk(tmp_path)
    with served(tired) as here:
        desk.configure(outlet(here, 'feeds = ["/feed/"]'))
        desk.acca("crawl", "paper")
        articles = [asked.at for asked in here.asked if asked.path.startswith("/news/")]
        assert articles[4] - articles[3] >= 0.3


def test_a_server_that_tires_for_ever_does_not_double_the_delay_for_ever() -> None:
    slot = SimpleNamespace(delay=1.0)
    engine = SimpleNamespace(downloader=SimpleNamespace(slots={"site": slot}))
    middleware = RetryAfterMiddleware(Settings())
    middleware.crawler = SimpleNamespace(engine=engine)  # type: ignore[assignment]
    request = Request("https://paper.example/", meta={"download_slot": "site", "dont_retry": True})
    for header in (None, b"\xb2"):
        headers = {"Retry-After": header} if header else {}
        for _ in range(20):
            middleware.process_response(request, Response(request.url, status=429, headers=headers))
    assert slot.delay == MAX_WAIT
