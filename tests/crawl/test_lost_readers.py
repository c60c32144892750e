"""If no page can be read at all, the run says why, and leaves the rest to the next one."""

from __future__ import annotations

from pathlib import Path

from tests.support.desk import Desk
from tests.support.local import NOTHING, Answer, Asked, article, outlet, rss, served


def test_what_can_not_be_loaded_is_named_and_no_page_counts_as_too_heavy(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    links = [f"/news/{number}" for number in range(10)]

    def answer(asked: Asked) -> Answer:
        if asked.path == "/feed/":
            return rss(f"http://{asked.headers['Host']}{link}" for link in links)
        return Answer(article(f"Report {asked.path[-1]}")) if asked.path in links else NOTHING

    with served(answer) as site:
        desk.configure(outlet(site, 'feeds = ["/feed/"]', "article_path = '^/news/(?P<id>\\d+)$'"))
        said = desk.acca("crawl", "paper", code=1, under=("missing_tables",))
        assert "pages can't be read: what all pages need can't be loaded: FileNotFoundError: " in said
        assert "weights.npz" in said
        counts = {row["name"]: row["value"] for row in desk.rows("SELECT name, value FROM run_counts")}
        assert counts["not_read"] >= 1
        assert not counts.keys() & {"too_heavy", "failed"}
        assert sum(path in links for path in site.paths()) < len(links)
        desk.acca("crawl", "paper")
    assert desk.value("SELECT count(*) FROM articles") == len(links)
