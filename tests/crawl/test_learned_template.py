"""A crawl learns the template of an outlet without selectors from the pages that it has just read."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from acca_crawler.exceptions import AccaError, PageTooHeavy, ReadersLost
from acca_crawler.extract.template import SeenPage, see
from acca_crawler.ingest.templates import learn_if_due
from storage.evidence.captures import CaptureStore
from storage.ledger import templates
from storage.schema.database import open_archive
from tests.crawl.test_other_pages import Site, crawl
from tests.e2e.test_template import HOME, save
from tests.extract.test_template import page
from tests.support.desk import Desk
from tests.support.local import Answer, outlet, served

PAGES = 12
GAZETTE = f'[[outlet]]\nname = "gazette"\nbase = "generic"\nhome = "{HOME}"\ncountries = ["KG"]\nlanguages = ["en"]\n'


def test_the_template_is_learned_at_the_end_of_an_outlets_crawl(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    site = Site(*(f"/news/report-{number}" for number in range(PAGES)))
    site.pages = {link: Answer(page(number)) for number, link in enumerate(site.links)}
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
    assert desk.value("SELECT count(*) FROM articles") == PAGES
    assert desk.value("SELECT value FROM run_counts WHERE name = 'template_learned'") == 1
    assert desk.tuples("SELECT pages FROM templates") == [(PAGES,)]
    assert "div.xc > p." in desk.acca("template", "paper")


@pytest.mark.parametrize(("error", "learned_from"), [(PageTooHeavy("a minute"), 19), (ReadersLost("ended"), None)])
def test_a_page_that_no_reader_can_see_costs_no_more_than_itself(
    tmp_path: Path, error: AccaError, learned_from: int | None
) -> None:
    desk = Desk(tmp_path)
    desk.configure(GAZETTE)
    desk.acca("import", "--outlet", "gazette", *(save(tmp_path, number) for number in range(20)))

    async def seen(html: bytes, url: str, encoding: str | None) -> SeenPage | None:
        if url.endswith("-day-7"):
            raise error
        return see(html, url, encoding)

    with closing(open_archive(desk.directory / "archive" / "acca.db")) as db:
        captures = CaptureStore(desk.directory / "archive" / "warc", db)
        run_id = templates.last_run(db, "gazette")
        assert run_id is not None
        learned = asyncio.run(learn_if_due(db, captures, "gazette", run_id, seen))
    assert (learned and learned.pages) == learned_from
