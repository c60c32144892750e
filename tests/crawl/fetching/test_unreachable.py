"""An outlet whose host can't be reached at all: its mirror is used, and without one nothing is asked in vain."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.local import NOTHING, Answer, Asked, article, outlet, rss, served

SLUGS = [f"report-number-{number}" for number in range(5)]
ROUTES = "SELECT DISTINCT route FROM captures WHERE kind = 'article' AND status = 200"


def open_to_all(home: str) -> Callable[[Asked], Answer]:
    """Five articles behind a feed, whose links lead to `home`."""

    def answer(asked: Asked) -> Answer:
        if asked.path == "/feed/":
            return rss(f"{home}news/{slug}" for slug in SLUGS)
        slug = asked.path.rpartition("/")[2]
        return Answer(article(slug)) if slug in SLUGS else NOTHING

    return answer


def silent(asked: Asked) -> Answer:
    """What a dropped packet looks like: no answer within the timeout."""
    time.sleep(3)
    return NOTHING


def refusing() -> str:
    """The home of a site on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/"


def declared(home: str, *more: str) -> str:
    """An outlet at `home`, with a short timeout."""
    lines = [
        "[crawl]",
        'contact = "ops@example.org"',
        "delay = 0",
        "retries = 1",
        "timeout = 1",
        "[[outlet]]",
        'name = "paper"',
        'base = "generic"',
    ]
    lines += [f'home = "{home}"', 'countries = ["KG"]', 'languages = ["en"]', 'feeds = ["/feed/"]', *more]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("home", [refusing(), "http://paper.invalid/"], ids=["refused", "no such name"])
def test_the_mirror_of_a_host_that_is_gone_is_used(tmp_path: Path, home: str) -> None:
    desk = Desk(tmp_path)
    with served(open_to_all(home)) as mirror:
        desk.configure(declared(home, f'mirrors = ["{mirror.host}"]'))
        desk.acca("crawl", "paper")
        assert desk.tuples(ROUTES) == [(f"mirror:{mirror.host}",)]
        assert desk.value("SELECT count(*) FROM articles") == len(SLUGS)
        assert [path for path in mirror.paths() if path == "/feed/"] == ["/feed/"]


def test_a_host_that_never_answers_is_passed_over_after_two_requests(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with served(silent) as origin, served(lambda asked: NOTHING) as mirror:
        mirror.answer = open_to_all(origin.home)
        desk.configure(declared(origin.home, f'mirrors = ["{mirror.host}"]'))
        desk.acca("crawl", "paper")
        assert desk.value("SELECT count(*) FROM articles") == len(SLUGS)
        assert origin.paths() == ["/robots.txt"] * 2 + ["/feed/"] * 2, "each twice: retries are 1"


def test_without_a_mirror_the_rest_waits_and_one_line_says_why(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with served(lambda asked: NOTHING) as site:
        site.answer = open_to_all(site.home)
        desk.configure(outlet(site, 'feeds = ["/feed/", "/news.xml"]', 'sitemaps = ["/sitemap.xml"]'))
        desk.acca("crawl", "paper", "--limit", "2")
    shown = desk.acca("crawl", "paper", code=1)
    said = f"paper: {site.host} can't be reached: Connection was refused by other side: 111: Connection refused.; the"
    assert shown.splitlines()[1].endswith(f"{said} rest waits for the next run")
    waiting = "SELECT count(*) FROM addresses WHERE status = 'pending' AND tries = 0"
    assert desk.value(waiting) == len(SLUGS) - 2
    assert f"{site.host} can't be reached" in desk.acca("status")


def test_a_further_host_that_is_gone_does_not_keep_back_the_others_articles(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    gone = refusing()

    def answer(asked: Asked) -> Answer:
        if asked.path == "/feed/":
            home = f"http://{asked.headers['Host']}/"
            return rss([*(f"{gone}news/{slug}" for slug in SLUGS), *(f"{home}news/{slug}" for slug in SLUGS)])
        return open_to_all("")(asked)

    with served(answer) as site:
        desk.configure(outlet(site, 'feeds = ["/feed/"]', f'hosts = ["{gone[7:-1]}"]'))
        desk.acca("crawl", "paper")
    assert desk.value("SELECT count(*) FROM articles") == len(SLUGS)
    tried = "SELECT status, tries, count(*) FROM addresses WHERE article_id IS NULL GROUP BY status, tries"
    assert desk.tuples(tried) == [("failed", 1, len(SLUGS))]
