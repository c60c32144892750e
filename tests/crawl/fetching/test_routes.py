"""The routes to a blocked outlet, one a test, over real HTTP on loopback; proxies have a file of their own."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from acca_crawler.newsroom import Newsroom
from tests.support.desk import Desk
from tests.support.local import NOTHING, Answer, Asked, outlet, served

CAPTURES = "SELECT route, kind, status FROM captures ORDER BY id"


def closed(asked: Asked) -> Answer:
    """The door at which everybody is turned away."""
    return NOTHING if asked.path == "/robots.txt" else Answer("<title>Access denied</title>", status=403)


def test_without_another_rung_the_outlet_is_blocked(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with served(closed) as origin:
        desk.configure(outlet(origin, 'feeds = ["/feed/"]'))
        desk.acca("crawl", "paper", code=1)
    assert ("origin", "feed", 403) in desk.tuples(CAPTURES)
    assert desk.value("SELECT count(*) FROM articles") == 0


def test_a_declared_mirror_answers_where_the_origin_blocks(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with Newsroom(1, sites=["chashma", "chashma-mirror"]) as newsroom:
        home, mirror = (newsroom.sites[name].url for name in ("chashma", "chashma-mirror"))
        host = urlsplit(mirror).netloc
        desk.configure(
            f'[[outlet]]\nname = "walled"\nbase = "generic"\nhome = "{home}/"\ncountries = ["TJ"]\n'
            f'languages = ["tg"]\nfeeds = ["/rss"]\nmirrors = ["{host}"]\n'
        )
        shown = desk.all_of("crawl", "walled")
        assert desk.value("SELECT count(*) FROM articles") == len(newsroom.posts("chashma-mirror"))
    assert "WARNING" not in shown, "the next route's request carries nothing of the last one's"
    assert (f"mirror:{host}", "article", 200) in desk.tuples(CAPTURES)
