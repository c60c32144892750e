"""An article that can't be stored: counted, reported in a line without its text, tried again; others are stored."""

from __future__ import annotations

from pathlib import Path

from tests.crawl.test_other_pages import Site, crawl
from tests.support.desk import Desk
from tests.support.local import Answer, outlet, served

LINKS = ("/news/report-1", "/news/report-2", "/news/report-3")
REFUSE = """
    CREATE TRIGGER refuse BEFORE INSERT ON revisions WHEN new.title = 'Report /news/report-2'
    BEGIN SELECT RAISE(ABORT, 'no room for this one'); END
"""


def test_a_failure_while_storing_one_article(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site(LINKS[0])
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        desk.execute(REFUSE)
        site.links = LINKS
        site.pages |= Site(*LINKS).pages
        printed = crawl(desk, 1)
        assert max(map(len, printed.splitlines())) <= 400
        assert "invented village" not in printed
        assert desk.tuples("SELECT url LIKE '%report-2', status, tries FROM addresses ORDER BY id") == [
            (0, "stored", 0), (1, "failed", 1), (0, "stored", 0),
        ]  # fmt: skip
        assert desk.value("SELECT status FROM run_outlets ORDER BY run_id DESC LIMIT 1") == "failed"
        desk.execute("DROP TRIGGER refuse")
        crawl(desk)
    assert desk.value("SELECT count(*) FROM articles") == len(LINKS)


def test_a_page_that_is_dropped_is_told_in_a_short_line_without_its_markup(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site(LINKS[0])
    login = "<html><title>Sign in</title><p>Please sign in to read on.</p><form><input type=password></form>"
    site.pages[LINKS[0]] = Answer(login + "<!-- secret -->" * 10_000)
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        printed = crawl(desk)
    assert "secret" not in printed
    assert max(map(len, printed.splitlines())) <= 400
    assert "not the article but" in str(desk.value("SELECT reason FROM addresses"))
