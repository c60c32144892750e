"""No outlet holds up the others: it has a share of the run, and a signal ends the run within seconds."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.desk import TIMEOUT, Desk
from tests.support.local import NOTHING, TEXT, Answer, Asked, article, outlet, rss, served


def endless_posts(asked: Asked) -> Answer:
    """A REST interface that has a further page of posts, always."""
    if asked.path.startswith("/news/"):
        return Answer(article(f"Report {asked.path.rpartition('/')[2]}"))
    if not asked.path.startswith("/wp-json/"):
        return NOTHING
    query = parse_qs(urlsplit(asked.target).query)
    page, size = int(query.get("page", ["1"])[0]), int(query.get("per_page", ["10"])[0])
    posts = [
        {
            "id": number,
            "link": f"http://{asked.headers['Host']}/news/{number}",
            "title": {"rendered": f"Report {number}"},
            "content": {"rendered": f"<p>{TEXT} {TEXT}</p>"},
            "date_gmt": "2026-11-20T08:00:00",
            "modified_gmt": "2026-11-20T08:00:00",
        }
        for number in range(page * size, page * size + size)
    ]
    return Answer(json.dumps(posts), "application/json")


def test_an_endless_site_gets_its_share_and_its_articles_are_fetched_all_the_same(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with served(endless_posts) as site:
        desk.configure(
            "[crawl]\ndelay = 0\nretries = 0\noutlet_minutes = 0.1\n"
            + outlet(site, "article_path = '^/news/(?P<id>\\d+)$'", base="wordpress")
        )
        said = desk.acca("crawl", "--backfill", "paper")
        first = len(site.asked)
        assert first <= 14  # 12 requests of the budget, robots.txt, and one already on its way
        assert any(path.startswith("/news/") for path in site.paths())
        assert "used up" in said
        waiting = desk.value("SELECT count(*) FROM addresses WHERE status = 'pending'")
        assert isinstance(waiting, int)
        assert waiting > 0
        assert desk.value("SELECT status FROM run_outlets") == "ok"
        desk.acca("crawl", "--backfill", "paper")
        assert len(site.asked) > first


def test_without_a_limit_all_that_is_listed_is_fetched(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    links = [f"/news/{number}" for number in range(20)]

    def answer(asked: Asked) -> Answer:
        if asked.path == "/feed/":
            return rss(f"http://{asked.headers['Host']}{link}" for link in links)
        return Answer(article(f"Report {asked.path}")) if asked.path in links else NOTHING

    with served(answer) as site:
        desk.configure(
            "[crawl]\ndelay = 0\nretries = 0\noutlet_minutes = 0\n"
            + outlet(site, 'feeds = ["/feed/"]', "article_path = '^/news/(?P<id>\\d+)$'")
        )
        desk.acca("crawl", "paper")
    assert desk.value("SELECT count(*) FROM articles") == len(links)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_crawl_that_waits_for_a_site(tmp_path: Path, number: signal.Signals) -> None:
    desk = Desk(tmp_path)

    def hang(asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return NOTHING
        time.sleep(45)
        return NOTHING

    with served(hang) as site:
        desk.configure(outlet(site, 'feeds = ["/feed/"]'))
        process = desk.start("crawl", "paper")
        deadline = time.monotonic() + TIMEOUT
        while "/feed/" not in site.paths() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(number)
        process.communicate(timeout=TIMEOUT)
        assert process.returncode == 130
    assert desk.tuples("SELECT status, message FROM run_outlets") == [("killed", "stopped by a signal")]
    assert desk.value("SELECT status FROM runs") == "failed"


def test_a_page_that_takes_too_long_is_counted_kept_and_left_for_the_next_run(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    long = f"<p>{TEXT} {'<b>w</b> ' * 8}</p>" * 100_000  # 17 MB, ten times the largest article there is
    pages = {
        "/news/1": f"<html><body>{long}</body></html>",
        "/news/2": article("Report 2"),
        "/news/3": article("Report 3"),
    }

    def answer(asked: Asked) -> Answer:
        if asked.path == "/feed/":
            return rss(f"http://{asked.headers['Host']}{path}" for path in pages)
        return Answer(pages[asked.path]) if asked.path in pages else NOTHING

    with served(answer) as site:
        desk.configure(
            "[crawl]\ndelay = 0\nretries = 0\npage_seconds = 1\n"
            + outlet(site, 'feeds = ["/feed/"]', "article_path = '^/news/(?P<id>\\d+)$'")
        )
        desk.acca("crawl", "paper")
        assert site.paths().count("/news/1") == 1
    statuses = desk.tuples("SELECT substr(url, -1), status FROM addresses ORDER BY url")
    assert statuses == [("1", "failed"), ("2", "stored"), ("3", "stored")]
    assert desk.value("SELECT value FROM run_counts WHERE name = 'too_heavy'") == 1
    assert "pages too heavy to read: 1" in desk.acca("status")
    assert desk.value("SELECT count(*) FROM captures WHERE url LIKE '%/news/1'") == 1


def test_an_outlet_whose_pages_are_all_too_heavy_is_left_for_the_next_run(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    links = [f"/news/{number}" for number in range(8)]
    heavy = f"<html><body>{f'<p>{TEXT}</p>' * 40_000}</body></html>"

    def answer(asked: Asked) -> Answer:
        if asked.path == "/feed/":
            return rss(f"http://{asked.headers['Host']}{link}" for link in links)
        return Answer(heavy) if asked.path in links else NOTHING

    with served(answer) as site:
        desk.configure(
            "[crawl]\ndelay = 0\nretries = 0\npage_seconds = 0.1\n"
            + outlet(site, 'feeds = ["/feed/"]', "article_path = '^/news/(?P<id>\\d+)$'")
        )
        assert "3 pages in a row were too heavy to read" in desk.acca("crawl", "paper", code=1)
        assert len([path for path in site.paths() if path in links]) <= 5
    assert desk.value("SELECT count(*) FROM addresses WHERE status = 'failed'") == 3


def test_pages_of_another_kind_between_heavy_ones_end_the_row(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    links = [f"/news/{number}" for number in range(6)]
    heavy = f"<html><body>{f'<p>{TEXT}</p>' * 40_000}</body></html>"
    form = "<html><title>Sign in</title><p>Please sign in to read on.</p><form><input type=password></form></html>"

    def answer(asked: Asked) -> Answer:
        if asked.path == "/feed/":
            return rss(f"http://{asked.headers['Host']}{link}" for link in links)
        number = links.index(asked.path) if asked.path in links else None
        return NOTHING if number is None else Answer(form if number % 3 == 2 else heavy)

    with served(answer) as site:
        desk.configure(
            "[crawl]\ndelay = 0\nretries = 0\npage_seconds = 0.1\n"
            + outlet(site, 'feeds = ["/feed/"]', "article_path = '^/news/(?P<id>\\d+)$'")
        )
        assert "in a row" not in desk.all_of("crawl", "paper")
    assert desk.value("SELECT count(*) FROM addresses WHERE status = 'failed' AND tries = 1") == len(links)
