"""The commands beside the crawl, killed at random moments or run beside each other: what was stored stays whole.

`ACCA_KILLS=100` kills each a hundred times; the ordinary run of the tests a few times.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.test_commands import DUMP
from tests.storage.schema.test_migrations import STEPS, archive_as_of
from tests.support.desk import ROOT, TIMEOUT, Desk, RecordProperty

KILLS = max(1, int(os.environ.get("ACCA_KILLS", "6")) // 3)
COMMANDS = {
    "import": ("import", "dump.txt"),
    "reprocess": ("reprocess", "--jobs", "1"),
    "backup": ("backup", "copy"),
    "prune": ("prune", "--older-than", "1"),
    "vacuum": ("vacuum",),
    "reindex": ("reindex",),
}


@pytest.fixture
def filled(crawled: Desk) -> Desk:
    """A desk after its first crawl, with a dump to import and every report to be judged differently."""
    (crawled.directory / "dump.txt").write_text(DUMP, encoding="utf-8")
    crawled.execute("UPDATE flags SET score = -1")
    return crawled


def duration(desk: Desk, arguments: tuple[str, ...], directory: Path) -> float:
    """Seconds that a command takes on a copy of the desk: every moment of it is one at which it may be killed."""
    shutil.copytree(desk.directory, directory)
    began = time.monotonic()
    Desk(directory).acca(*arguments)
    return time.monotonic() - began


def texts(desk: Desk) -> list[tuple[object, ...]]:
    """Every article's address with the text of its current revision."""
    return desk.tuples(
        "SELECT articles.url, text FROM articles JOIN revisions ON revisions.id = revision_id ORDER BY 1"
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_a_killed_command_tears_nothing_and_its_next_run_ends_well(
    filled: Desk, name: str, tmp_path_factory: pytest.TempPathFactory, record_property: RecordProperty
) -> None:
    before = texts(filled)
    longest = duration(filled, COMMANDS[name], tmp_path_factory.mktemp("rehearsal") / "desk")
    dice = random.Random(name)
    working = 0
    for number in range(KILLS):
        process = filled.start(*COMMANDS[name])
        time.sleep(dice.uniform(0, longest))
        working += process.poll() is None
        process.kill()
        process.communicate(timeout=TIMEOUT)
        assert "everything matches" in filled.acca("verify"), f"kill {number}"
        assert set(before) <= set(texts(filled)), f"kill {number}: an article was lost or changed"
    filled.acca(*COMMANDS[name])
    assert "everything matches" in filled.acca("verify")
    assert len(texts(filled)) == len(before) + (name == "import")
    if name == "backup":
        assert "everything matches" in filled.acca("verify", "copy")
    record_property("kills", KILLS)
    record_property("working", working)


def test_a_killed_migration_is_done_by_the_next_command(tmp_path: Path, record_property: RecordProperty) -> None:
    desk, dice, working = Desk(tmp_path), random.Random("migrate"), 0
    desk.configure("")
    file = tmp_path / "archive" / "acca.db"
    newest = len(STEPS)
    for number in range(KILLS):
        shutil.rmtree(file.parent, ignore_errors=True)
        file.parent.mkdir()
        archive_as_of(file, dice.randrange(2, newest))
        process = desk.start("reindex")
        deadline = time.monotonic() + TIMEOUT
        pause = dice.randrange(2, newest)
        while process.poll() is None and steps_done(file) < pause and time.monotonic() < deadline:
            time.sleep(0.001)
        working += process.poll() is None
        process.kill()
        process.communicate(timeout=TIMEOUT)
        desk.acca("reindex")
        assert steps_done(file) == newest, f"kill {number}"
        assert desk.tuples("SELECT url FROM articles") == [("https://khabar.example/a",)]
        desk.acca("verify")
    record_property("kills", KILLS)
    record_property("working", working)


def steps_done(file: Path) -> int:
    """The number of the archive's migrations so far."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as archive:
        return int(archive.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("import", "reprocess"), ("import", "backup"), ("reprocess", "backup"), ("reprocess", "prune"),
        ("vacuum", "import"), ("vacuum", "backup"), ("prune", "backup"), ("reindex", "import"),
    ],
)  # fmt: skip
def test_two_commands_at_once_end_well_or_say_that_the_archive_is_in_use(filled: Desk, first: str, second: str) -> None:
    running = [filled.start(*COMMANDS[name]) for name in (first, second)]
    for process in running:
        printed, errors = process.communicate(timeout=TIMEOUT)
        assert process.returncode == 0 or ("Traceback" not in errors and errors.startswith("acca: ")), printed + errors
    assert "everything matches" in filled.acca("verify")
    for name in (first, second):
        filled.acca(*COMMANDS[name])
    assert "everything matches" in filled.acca("verify")


def test_a_path_with_blanks_and_cyrillic_letters_serves_under_the_c_locale(desk: Desk) -> None:
    directory = desk.directory / "архив монитора № 1"
    directory.mkdir()
    (desk.directory / "acca.toml").rename(directory / "acca.toml")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    environment |= {"PYTHONPATH": str(ROOT), "LC_ALL": "C"}  # as cron starts it
    for arguments in (("crawl", "acca", "--limit", "8"), ("diff", "--since", "0"), ("search", "арест"), ("verify",)):
        command = [sys.executable, "-m", "acca_crawler", *arguments]
        done = subprocess.run(
            command, cwd=directory, env=environment, capture_output=True, check=False, timeout=TIMEOUT
        )
        assert done.returncode == 0, done.stderr.decode()
        assert b"Traceback" not in done.stderr
