"""A walk back to the oldest article that is killed twice goes on where it was, by what its server was asked for."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.desk import TIMEOUT, Desk
from tests.support.local import NOTHING, Answer, Asked, LocalSite, article, outlet, rss, served

ARTICLES = 60
PER_PAGE = 5
PAGES = ARTICLES // PER_PAGE
REST_PER_PAGE = 100
SLOW = 0.03


def paths(page: int, size: int = PER_PAGE, articles: int = ARTICLES) -> list[str]:
    """The articles of a page, the newest first."""
    return [f"/news/{number}-the-road" for number in range(articles, 0, -1)][(page - 1) * size : page * size]


def by_rest(asked: Asked) -> Answer:
    """WordPress' interface, a hundred posts a page."""
    query = parse_qs(urlsplit(asked.target).query)
    if asked.path != "/wp-json/wp/v2/posts":
        return by_article(asked)
    page, size = int(query.get("page", ["1"])[0]), int(query["per_page"][0])
    found = paths(page, size, ARTICLES * 20 // 2)
    if not found and page > 1:
        return Answer('{"code": "rest_post_invalid_page_number"}', "application/json", 400)
    posts = [
        {"id": 1, "link": f"http://{asked.headers['Host']}{path}", "title": {"rendered": path},
         "date_gmt": "2026-03-14T09:30:00", "modified_gmt": "2026-03-14T09:30:00", "content": {"rendered": ""}}
        for path in found
    ]  # fmt: skip
    return Answer(json.dumps(posts), "application/json")


def by_feed(asked: Asked) -> Answer:
    """A feed with older pages."""
    if asked.path != "/feed/":
        return by_article(asked)
    found = paths(int(parse_qs(urlsplit(asked.target).query).get("paged", ["1"])[0]))
    return rss(f"http://{asked.headers['Host']}{path}" for path in found) if found else NOTHING


def by_sitemap(asked: Asked) -> Answer:
    """A sitemap of sitemaps."""
    host, space = f"http://{asked.headers['Host']}", 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    if asked.path == "/wp-sitemap.xml":
        parts = "".join(
            f"<sitemap><loc>{host}/posts-{page}.xml</loc><lastmod>2026-03-{28 - page:02}T00:00:00Z</lastmod></sitemap>"
            for page in range(1, PAGES + 1)
        )
        return Answer(f"<sitemapindex {space}>{parts}</sitemapindex>", "text/xml")
    if asked.path.startswith("/posts-"):
        found = paths(int(asked.path.removeprefix("/posts-").removesuffix(".xml")))
        return Answer(
            f"<urlset {space}>{''.join(f'<url><loc>{host}{path}</loc></url>' for path in found)}</urlset>", "text/xml"
        )
    return by_article(asked)


def by_listing(asked: Asked) -> Answer:
    """Pages of titles."""
    page = asked.path.removeprefix("/page/").strip("/") or "1"
    if asked.path != "/" and not page.isdigit():
        return by_article(asked)
    links = "".join(f'<article><h2><a href="{path}">{path}</a></h2></article>' for path in paths(int(page)))
    return Answer(f"<html><body>{links}</body></html>") if links else NOTHING


def by_article(asked: Asked) -> Answer:
    """The articles, and nothing else."""
    return Answer(article(f"The road {asked.path}")) if asked.path.startswith("/news/") else NOTHING


WAYS: dict[str, tuple[Callable[[Asked], Answer], str]] = {
    "rest": (by_rest, "page="),
    "feed": (by_feed, "paged="),
    "sitemap": (by_sitemap, "/posts-"),
    "listing": (by_listing, "/page/"),
}


def pages_asked(site: LocalSite, mark: str) -> Counter[str]:
    """How often each further page of the way was asked for."""
    return Counter(one.target for one in site.asked if mark in one.target.replace("per_page=", ""))


def articles_asked(site: LocalSite) -> Counter[str]:
    """How often each article was."""
    return Counter(one.path for one in site.asked if one.path.startswith("/news/"))


def killed_when(desk: Desk, reached: Callable[[], bool]) -> None:
    """Start the walk and kill it outright as soon as something is reached."""
    process = desk.start("crawl", "paper", "--backfill")
    deadline = time.monotonic() + TIMEOUT
    while not reached() and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=TIMEOUT)
    assert reached()


@pytest.mark.parametrize("way", WAYS)
def test_a_walk_back_that_is_killed_twice_starts_nothing_over(tmp_path: Path, way: str) -> None:
    answer, mark = WAYS[way]
    articles, pages = (ARTICLES * 10, 5) if way == "rest" else (ARTICLES, PAGES - (way != "sitemap"))

    def slowly(asked: Asked) -> Answer:
        time.sleep(SLOW)
        return answer(asked)

    desk = Desk(tmp_path)
    with served(slowly) as site:
        desk.configure(outlet(site, 'article_path = "^/news/(?P<id>\\\\d+)-"', base="wordpress"))
        killed_when(desk, lambda: len(pages_asked(site, mark)) >= 3)
        assert not articles_asked(site)
        killed_when(desk, lambda: len(articles_asked(site)) >= 10)
        before = pages_asked(site, mark)
        assert sum(before.values()) <= pages + 2  # the page at the kill, and the one past the end
        site.answer = answer
        desk.acca("crawl", "paper", "--backfill", *(("--limit", "40") if way == "rest" else ()))
        after = pages_asked(site, mark)
        assert sum((after - before).values()) <= 1  # that past the end
        assert max(articles_asked(site).values()) <= 2
        assert sum(articles_asked(site).values()) <= len(articles_asked(site)) + 2
        assert desk.value("SELECT count(*) FROM addresses") == articles
        if way != "rest":
            assert desk.value("SELECT count(*) FROM articles") == articles
            assert desk.value("SELECT count(*) FROM backfill_pages") == 0
        assert desk.value("SELECT count(*) FROM addresses WHERE reason = 'no longer listed'") == 0


DOWN = Answer("down", "text/plain", 500)


def without(answer: Callable[[Asked], Answer], *broken: str) -> Callable[[Asked], Answer]:
    """The same site, some of whose pages fail."""
    return lambda asked: DOWN if asked.path in broken else answer(asked)


@pytest.mark.parametrize("way", ["listing", "sitemap"])
def test_a_walk_back_that_failed_goes_on_where_it_was(tmp_path: Path, way: str) -> None:
    answer, mark = WAYS[way]
    broken = "/page/7/" if way == "listing" else "/posts-7.xml"
    desk = Desk(tmp_path)
    with served(without(answer, broken)) as site:
        desk.configure(outlet(site, 'article_path = "^/news/(?P<id>\\\\d+)-"', base="wordpress"))
        desk.acca("crawl", "paper", "--backfill", code=1)
        before = pages_asked(site, mark)
        assert before[broken] == 1
        site.answer = answer
        desk.acca("crawl", "paper", "--backfill")
        after = pages_asked(site, mark)
        assert [page for page in before if after[page] > before[page]] == [broken]
        assert desk.value("SELECT count(*) FROM articles") == ARTICLES
        assert desk.value("SELECT count(*) FROM backfill_pages") == 0


def test_a_walk_back_some_of_whose_lists_fail_goes_on_where_it_was_until_it_gets_no_further(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    lists = ('listings = ["/", "/kk/"]', 'pages = "/page/{page}/"', 'links = "article a"')
    asked = []
    with served(without(by_listing, "/kk/")) as site:
        desk.configure(outlet(site, *lists, 'article_path = "^/news/(?P<id>\\\\d+)-"'))
        for _ in range(3):
            assert "listing answered in part" in desk.acca("crawl", "paper", "--backfill")
            asked.append(sum(pages_asked(site, "/page/").values()))
            del site.asked[:]
    assert asked == [PAGES, 1, PAGES]  # the further pages, and that past the end
