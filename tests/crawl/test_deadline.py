"""A run's minutes: an outlet that waits for another one of its site does not begin after them."""

from __future__ import annotations

import time
from pathlib import Path

from tests.support.desk import Desk, all_but
from tests.support.local import NOTHING, Answer, Asked, article, outlet, rss, served

MINUTES = 0.05


def test_what_waits_for_its_site_past_the_deadline_is_left_for_the_next_run(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    def answer(asked: Asked) -> Answer:
        if asked.path == "/first/":
            time.sleep(60 * MINUTES)
        if asked.path in ("/first/", "/second/"):
            return rss([f"http://{asked.headers['Host']}/news{asked.path}1"])
        return Answer(article(asked.path)) if asked.path.startswith("/news/") else NOTHING

    with served(answer) as site:
        desk.configure(
            outlet(site, 'feeds = ["/first/"]', 'article_path = "^/news/"', name="a_first")
            + outlet(site, 'feeds = ["/second/"]', 'article_path = "^/news/"', name="b_second")
            + all_but("")
        )
        shown = desk.all_of("run", "--minutes", str(MINUTES))
        assert "/second/" not in site.paths()
    assert "1 of 2 outlets (1 ok, 1 left for the next run)" in shown
    assert desk.tuples("SELECT outlet FROM polls") == [("a_first",)]
