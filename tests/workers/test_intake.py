"""Each report is stored exactly once, wherever the writer is killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from acca_crawler.clock import utc_stamp
from acca_crawler.config.loading import Config, parse
from acca_crawler.crawl.recording import FetchOutcome
from acca_crawler.crawl.run import CrawlContext, open_run
from acca_crawler.crawl.start import load_outlets
from acca_crawler.detect import Detector
from acca_crawler.ingest.page import process_page
from acca_crawler.items import Capture, Listed, Page
from acca_crawler.workers import intake as intake_module
from acca_crawler.workers.board import REPORTS, Board
from acca_crawler.workers.intake import Intake
from acca_crawler.workers.redis_messages import WorkerReport
from storage.ledger.addresses import list_address
from storage.ledger.runs import save_outlet
from storage.schema.database import transaction
from tests.support.local import article

pytestmark = pytest.mark.redis

URL = "https://paper.example/news/1"


class Killed(BaseException):
    """Stands for kill -9."""


@pytest.fixture
def board(server: Redis) -> Board:
    """The board of an empty Redis."""
    server.flushall()
    return Board(server)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """An operator with one outlet."""
    outlet = {"name": "paper", "base": "generic", "home": "https://paper.example/", "countries": ["KG"]}
    return parse({"outlet": [{**outlet, "languages": ["en"], "article_path": "^/news/"}]}, tmp_path / "acca.toml")


@pytest.fixture
def context(config: Config) -> Iterator[CrawlContext]:
    """A run with one pending address."""
    with open_run(config, "crawl", {}) as context:
        with transaction(context.db) as db:
            save_outlet(db, "paper", "Paper", "https://paper.example/", "media", ("KG",), ("en",))
            list_address(db, "paper", "feed", URL, Listed(URL, way="feed"), "/news/1", utc_stamp())
        yield context


def intake_of(config: Config, board: Board, context: CrawlContext) -> Intake:
    """What a writer begins with."""
    stream = board.claim("archive", "release")
    return Intake(board, stream, context, {"paper": load_outlets(config)["paper"].outlet})


def report_of(config: Config, number: int = 1) -> WorkerReport:
    """A worker's report on an article."""
    html = article(f"The well of village {number}", f"The council counted {number} wells and spoke of pipes.").encode()
    capture = Capture(URL, "article", f"2026-11-29T01:02:0{number}.000Z", 200, "OK", "GET", (), (), html)
    page = Page(URL, html, URL, capture_id=-1, fetched_at=capture.fetched_at)
    found = process_page(page, "paper", load_outlets(config)["paper"].outlet, Detector())
    return WorkerReport("paper", "w", URL, (capture,), article=found, page=page, counts={"fetched": 1})


def stored(context: CrawlContext) -> dict[str, int]:
    """How many rows each table has, and how often the page was counted."""
    tables = ("articles", "revisions", "captures", "visits")
    found = {name: int(context.db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in tables}
    found["fetched"] = int(
        context.db.execute("SELECT coalesce(sum(value), 0) FROM run_counts WHERE name = 'fetched'").fetchone()[0]
    )
    return found


ONCE = {"articles": 1, "revisions": 1, "captures": 1, "visits": 0, "fetched": 1}


def test_a_report_is_stored_and_leaves_the_stream(
    config: Config, board: Board, context: CrawlContext, server: Redis
) -> None:
    intake = intake_of(config, board, context)
    board.report(report_of(config))
    assert (intake.take(), intake.take()) == (1, 0)
    assert stored(context) == ONCE
    assert server.xlen(REPORTS) == 0
    row = context.db.execute("SELECT capture_id FROM revisions").fetchone()
    assert row[0] == context.db.execute("SELECT id FROM captures").fetchone()[0]


def test_a_writer_killed_after_storing_stores_nothing_again(
    config: Config, board: Board, context: CrawlContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = intake_of(config, board, context)
    board.report(report_of(config))
    with monkeypatch.context() as patch:
        patch.setattr(Board, "acknowledge", lambda *_: killed())
        with pytest.raises(Killed):
            intake.take()
    assert stored(context) == ONCE
    assert intake_of(config, board, context).take() == 1
    assert stored(context) == ONCE


def test_a_writer_killed_between_capture_and_article_keeps_one_of_each(
    config: Config, board: Board, context: CrawlContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = intake_of(config, board, context)
    board.report(report_of(config))
    with monkeypatch.context() as patch:
        patch.setattr(intake_module._EntryRecorder, "article", lambda *_: killed())
        with pytest.raises(Killed):
            intake.take()
    context.counts.unsaved.clear()  # they die with the process
    assert stored(context) == {**dict.fromkeys(ONCE, 0), "captures": 1}
    assert intake_of(config, board, context).take() == 1
    assert stored(context) == ONCE


def test_a_second_report_on_an_address_keeps_its_capture_alone(
    config: Config, board: Board, context: CrawlContext
) -> None:
    intake = intake_of(config, board, context)
    board.report(report_of(config))
    board.report(report_of(config, 2))
    intake.take()
    assert stored(context) == {**ONCE, "captures": 2, "fetched": 2}
    assert context.counts.of("paper")["late_report"] == 1


def test_a_report_that_nobody_can_read_is_counted_and_does_not_stop_the_others(
    config: Config, board: Board, context: CrawlContext, server: Redis
) -> None:
    intake = intake_of(config, board, context)
    server.xadd(REPORTS, {"report": "{"})
    server.xadd(REPORTS, {"something": "else"})
    board.report(WorkerReport("paper", "w", URL, outcome=FetchOutcome("gone", URL, "HTTP 404")))
    assert intake.take() == 3
    assert context.counts.of("workers")["unreadable_report"] == 2
    assert context.db.execute("SELECT status FROM addresses").fetchone()[0] == "missing"


def killed() -> None:
    """End as kill -9 does: no handler of ours catches it."""
    raise Killed
