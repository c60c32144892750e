"""An outlet with several feeds of which one can't be read: said in its status, and nobody's articles are suspected."""

from __future__ import annotations

from pathlib import Path

from tests.support.desk import Desk
from tests.support.local import NOTHING, Answer, Asked, article, outlet, rss, served


def test_a_dead_feed_beside_a_living_one_is_named_and_its_articles_are_left_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    feeds = {"/ru/feed/": ["/news/report-1", "/news/report-2"], "/kk/feed/": ["/news/report-3"]}

    def answer(asked: Asked) -> Answer:
        if asked.path in feeds:
            return rss(f"http://{asked.headers['Host']}{link}" for link in feeds[asked.path])
        return Answer(article(asked.path)) if asked.path.startswith("/news/") else NOTHING

    with served(answer) as site:
        desk.configure(outlet(site, 'feeds = ["/ru/feed/", "/kk/feed/"]', 'article_path = "^/news/"'))
        assert "in part" not in desk.acca("crawl", "paper")
        del feeds["/kk/feed/"]
        del site.asked[:]
        shown = desk.acca("crawl", "paper")
        assert [path for path in site.paths() if path.startswith("/news/")] == []
    assert f"paper: feed answered in part, not read: {site.home}kk/feed/: HTTP 404" in shown
    assert "kk/feed/: HTTP 404" in desk.acca("status")
    assert desk.tuples("SELECT run_id, value FROM run_counts WHERE name = 'lists_unread'") == [(2, 1)]
    assert desk.tuples("SELECT status FROM run_outlets") == [("ok",), ("ok",)]
