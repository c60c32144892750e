"""`acca run` as cron starts it: what is due, one line, and an exit code."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from acca_crawler.cli import main
from acca_crawler.newsroom import Newsroom
from acca_crawler.search.merging import MAX_PIECES
from storage.articles import search as index
from storage.schema.database import open_archive, transaction
from tests.support.desk import TIMEOUT, Desk, all_but
from tests.support.servers import Hook, hook


@pytest.fixture
def receiver() -> Iterator[Hook]:
    """A webhook's receiver, which is the dead man's switch too."""
    with hook() as started:
        yield started


def operate(directory: Path, newsroom: Newsroom, more: str = "", crawl: str = "") -> Desk:
    """A desk on which only the newsroom's acca is enabled."""
    (directory / "acca.toml").write_text(
        f"[crawl]\ndelay = 0\nretries = 0\n{crawl}\n{more}\n"
        f'[outlets.acca]\nhome = "{newsroom.sites["acca"].url}/en/"\n{all_but("acca")}'
    )
    return Desk(directory)


@pytest.mark.usefixtures("brief")
def test_the_first_run_crawls_sends_and_pings_and_the_next_finds_nothing_due(
    tmp_path: Path, newsroom: Newsroom, receiver: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCA_TEST_SECRET", "hook-secret")
    desk = operate(
        tmp_path, newsroom,
        f'[operations]\nping_url = "{receiver.url}/ping"\n[alerts]\nhold = []\nmax_age_days = 4000\n'
        f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{receiver.url}"\nsecret_env = "ACCA_TEST_SECRET"\n'
        '[[rule]]\nname = "all"\nchannels = ["hook"]\n',
    )  # fmt: skip
    first = desk.acca("run")
    articles = desk.value("SELECT count(*) FROM articles")
    assert f"run 1: 1 of 1 outlets (1 ok): new {articles}, changed 0, gone 0; alerts " in first
    assert len(first.splitlines()) == 1
    assert desk.value("SELECT count(*) FROM deliveries WHERE status = 'sent'") > 0
    assert [posted.path for posted in receiver.posted].count("/hook/ping") == 1
    newsroom.requests.clear()
    assert "none of 1 outlets due; alerts 0, sent 0" in desk.acca("run")
    assert newsroom.requests == []
    assert desk.value("SELECT count(*) FROM runs") == 1, "a run in which nothing is due leaves no trace"
    assert [posted.path for posted in receiver.posted].count("/hook/ping") == 2


def test_a_run_puts_the_search_index_together_when_it_is_in_many_pieces(tmp_path: Path, newsroom: Newsroom) -> None:
    desk = operate(tmp_path, newsroom)
    desk.acca("run")
    query = ("search", "--json", "полиция OR police OR суд OR court")
    before = desk.acca(*query)
    break_index(desk)
    pieces = json.loads(desk.acca("status", "--json"))["archive"]["index_pieces"]
    assert pieces >= MAX_PIECES and f"search index in {pieces} pieces" in desk.acca("status")
    assert "none of 1 outlets due; alerts 0, sent 0; search index put together; " in desk.acca("run")
    assert json.loads(desk.acca("status", "--json"))["archive"]["index_pieces"] == 1
    assert desk.acca(*query) == before
    assert "search index" not in desk.acca("run")


def break_index(desk: Desk) -> None:
    """Leave the search index in many pieces."""
    with closing(open_archive(desk.directory / "archive" / "acca.db")) as db:
        db.execute("INSERT INTO search (search, rank) VALUES ('automerge', 0)")
        while index.pieces(db) < MAX_PIECES:
            with transaction(db):
                db.execute("INSERT INTO search (body_stems) VALUES ('19991word')")


@pytest.mark.usefixtures("brief")
def test_a_signal_after_the_crawl_ends_the_run_with_its_summary_too(
    tmp_path: Path, newsroom: Newsroom, receiver: Hook
) -> None:
    desk = operate(tmp_path, newsroom, f'[operations]\nping_url = "{receiver.url}/ping"\n')
    desk.acca("run")
    receiver.posted.clear()
    ours = "acca_crawler.operations.unattended"
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for module, name, done in (
            (ours, "send_all", ""),
            ("storage.articles.search", "merge_further", "search index put together in part; "),
            (ours, "ping", "search index put together; "),
        ):
            break_index(desk)
            shown = desk.acca("run", code=130, under=("signal_in", module, name, str(int(number))))
            assert re.fullmatch(
                rf"none of 1 outlets due; alerts 0, sent 0; {done}\d+ s; stopped by a signal; the next run continues\n",
                shown,
            ), shown
    assert receiver.posted == []


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_before_the_first_request_or_after_the_last_ends_the_run_with_its_summary_too(
    tmp_path: Path, newsroom: Newsroom, receiver: Hook, number: signal.Signals
) -> None:
    desk = operate(tmp_path, newsroom, f'[operations]\nping_url = "{receiver.url}/ping"\n')
    end = r"; alerts 0, sent 0; \d+ s; stopped by a signal; the next run continues\n"
    under = ("signal_in", "acca_crawler.crawl.start", "scrapy_settings", str(int(number)))
    shown = desk.acca("run", code=130, under=under)
    assert re.fullmatch(rf"run 1: 1 of 1 outlets \(1 killed\): new 0, changed 0, gone 0{end}", shown)
    assert newsroom.requests == []

    under = ("signal_in", "acca_crawler.crawl.progress", "Ended.of", str(int(number)))
    shown = desk.acca("run", code=130, under=under)
    assert re.fullmatch(rf"run 2: 1 of 1 outlets \(1 ok\): new [1-9]\d*, changed 0, gone 0{end}", shown)
    assert receiver.posted == []


def test_a_run_beside_another_only_sends_and_does_not_ping(tmp_path: Path, newsroom: Newsroom, receiver: Hook) -> None:
    desk = operate(tmp_path, newsroom, f'[operations]\nping_url = "{receiver.url}/ping"\n')
    newsroom.sites["acca"].faults.timeout.add("*")
    running = desk.start("run")
    try:
        wait_for_a_run(desk)
        assert "another process is writing to the archive, nothing crawled" in desk.acca("run", code=3)
    finally:
        running.send_signal(signal.SIGTERM)
        printed, errors = running.communicate(timeout=TIMEOUT)
    assert running.returncode == 130, printed + errors
    assert "stopped by a signal" in printed
    assert receiver.posted == []


def test_a_stopped_census_says_so(tmp_path: Path, newsroom: Newsroom) -> None:
    desk = operate(tmp_path, newsroom)
    newsroom.sites["acca"].faults.timeout.add("*")
    running = desk.start("completeness", "acca")
    wait_for_a_run(desk)
    running.send_signal(signal.SIGINT)
    printed, errors = running.communicate(timeout=TIMEOUT)
    assert (running.returncode, printed) == (130, ""), errors
    assert errors.splitlines()[-1] == "acca: stopped before everything was listed; run the same command again"


def wait_for_a_run(desk: Desk) -> None:
    """Wait until a crawl has opened its run."""
    for _ in range(TIMEOUT * 10):
        if (desk.directory / "archive" / "acca.db").exists() and "killed" not in _statuses(desk) and _statuses(desk):
            return
        time.sleep(0.1)
    raise AssertionError("no run began")


def _statuses(desk: Desk) -> str:
    try:
        return " ".join(row["status"] for row in desk.rows("SELECT status FROM run_outlets"))
    except Exception:  # noqa: BLE001 - the schema is not there yet
        return ""


def test_a_site_that_is_down_fails_the_run_and_pings_nobody(tmp_path: Path, newsroom: Newsroom, receiver: Hook) -> None:
    desk = operate(tmp_path, newsroom, f'[operations]\nping_url = "{receiver.url}/ping"\n')
    newsroom.sites["acca"].faults.status["*"] = 500
    shown = desk.all_of("run", code=1)
    assert "(1 failed)" in shown
    assert len(shown.splitlines()) == 1, "what Scrapy says about each request is in the run's log"
    assert "500 Internal Server Error" in desk.acca("log")
    assert receiver.posted == []


def test_a_host_that_refuses_connections_gives_one_line_too(tmp_path: Path, newsroom: Newsroom) -> None:
    desk = operate(tmp_path, newsroom)
    text = (tmp_path / "acca.toml").read_text()
    (tmp_path / "acca.toml").write_text(text.replace(newsroom.sites["acca"].url, "http://127.0.0.1:9"))
    shown = desk.all_of("run", code=1)
    assert "(1 failed)" in shown
    assert len(shown.splitlines()) == 1
    assert "robots.txt" in desk.acca("log")


def test_outlets_beyond_the_time_budget_are_left_for_the_next_run(tmp_path: Path, newsroom: Newsroom) -> None:
    desk = operate(tmp_path, newsroom, crawl="outlets_at_once = 1\n")
    (desk.directory / "acca.toml").write_text(
        (desk.directory / "acca.toml").read_text()
        + f'[[outlet]]\nname = "zz_second"\nbase = "wordpress"\nhome = "{newsroom.sites["semdorog"].url}/"\n'
        'countries = ["KG"]\nlanguages = ["ru"]\n'
    )
    shown = desk.all_of("run", "--minutes", "0.0001")
    assert "left for the next run" in shown
    assert "0 of 2 outlets" in shown


@pytest.mark.usefixtures("brief")
def test_a_ping_that_fails_is_named_without_its_address(tmp_path: Path, newsroom: Newsroom) -> None:
    desk = operate(tmp_path, newsroom, '[operations]\nping_url = "http://127.0.0.1:9/secret-token-1234"\n')
    shown = desk.all_of("run", code=1)
    assert "operations.ping_url: ConnectionError" in shown
    assert "secret-token" not in shown


def test_an_interrupted_command_ends_with_a_line_that_says_how_to_go_on(
    crawled: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("storage.evidence.verify.verify", interrupt)
    done = CliRunner().invoke(main, ["--config", str(crawled.directory / "acca.toml"), "verify"])
    assert done.exit_code == 130
    assert done.output == "acca: stopped; nothing was changed; the next run starts from the beginning\n"


@pytest.mark.parametrize(
    "name", ["crawl", "run", "writer", "worker", "import", "reprocess", "verify", "export", "pack", "backup", "vacuum"]
)
def test_a_command_interrupted_while_it_loads_says_how_to_go_on_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("importlib.import_module", interrupt)
    done = CliRunner().invoke(main, [name])
    assert done.exit_code == 130
    assert re.fullmatch("acca: stopped; .*(again|goes on|fetches the rest|next run|another worker).*\n", done.output)


def test_a_terminal_sees_rate_and_time_left(tmp_path: Path, newsroom: Newsroom) -> None:
    desk = operate(tmp_path, newsroom)
    assert "pages/s" in desk.on_terminal("crawl", "acca", code=0)
    assert "articles, " in desk.on_terminal("reprocess", "--yes", "--jobs", "1", code=0)
    assert " MB" in desk.on_terminal("verify", code=0)
    assert desk.acca("log").startswith("run 2: reprocess")
    assert "acca: ok" in desk.acca("log", "1")
