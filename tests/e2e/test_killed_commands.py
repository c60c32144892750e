"""The commands beside the crawl, killed at random moments or run beside each other: what was stored stays whole.

`ACCA_KILLS=100` kills each a hundred times; the ordinary run of the tests a few times.
"""

from __future__ import annotations

import csv
import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.conftest import UNNEEDED
from tests.storage.schema.test_migrations import STEPS, archive_as_of
from tests.support.desk import ROOT, TIMEOUT, Desk, RecordProperty

KILLS = max(1, int(os.environ.get("ACCA_KILLS", "6")) // 3)
COMMANDS = {
    "import": ("import", "dump.txt"),
    "reprocess": ("reprocess", "--jobs", "1"),
    "backup": ("backup", "copy"),
    "vacuum": ("vacuum",),
    "reindex": ("reindex",),
}
OUTPUTS = {
    "export": ("export", "articles", "--output", "articles.csv"),
    "pack": ("pack", "1", "2", "3", "--output", "pack.zip"),
}
PRUNE = ("prune", "--older-than", "1")
PAIRED = {**COMMANDS, **OUTPUTS, "prune": PRUNE, "crawl": ("crawl", "acca")}
LATER = ("wrong_clock", "30")
"""When captures are old enough to be removed."""
ARTICLES = 48
"""Articles after the first crawl."""


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


@pytest.mark.parametrize("name", ["export", "pack"])
def test_a_killed_command_leaves_the_earlier_file_or_the_whole_new_one(
    filled: Desk, name: str, record_property: RecordProperty
) -> None:
    arguments, file = OUTPUTS[name], filled.directory / OUTPUTS[name][-1]
    began = time.monotonic()
    filled.acca(*arguments)
    longest = time.monotonic() - began
    dice, working = random.Random(name), 0
    for number in range(KILLS):
        file.write_bytes(b"earlier")
        process = filled.start(*arguments)
        time.sleep(dice.uniform(0, longest))
        working += process.poll() is None
        process.kill()
        process.communicate(timeout=TIMEOUT)
        assert file.read_bytes() == b"earlier" or is_whole(file), f"kill {number}"
    filled.acca(*arguments)
    assert is_whole(file)
    assert [one.name for one in filled.directory.glob(".*.part")] == []
    assert "everything matches" in filled.acca("verify")
    record_property("kills", KILLS)
    record_property("working", working)


@pytest.mark.parametrize(
    "arguments",
    [*OUTPUTS.values(), ("export", "decisions", "--output", "decisions.csv")],
    ids=[*OUTPUTS, "export of decisions"],
)
def test_no_file_is_there_before_its_entry_in_the_journal(filled: Desk, arguments: tuple[str, ...]) -> None:
    file = filled.directory / arguments[-1]
    for number in range(KILLS):
        file.unlink(missing_ok=True)
        process = filled.start(*arguments)
        while not file.exists() and process.poll() is None:
            pass
        process.kill()
        process.communicate(timeout=TIMEOUT)
        hashes = noted(filled)
        assert len(hashes) == number + 1
        assert hashes[-1] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert "everything matches" in filled.acca("verify")


def noted(desk: Desk) -> list[str]:
    """The hashes in the journal, oldest first."""
    with closing(sqlite3.connect(desk.directory / "archive" / "people.db")) as people:
        return [row[0] for row in people.execute("SELECT sha256 FROM journal ORDER BY id")]


def is_whole(file: Path) -> bool:
    """Whether a ZIP passes its test, or a table has a row for every article."""
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as pack:
            return pack.testzip() is None
    with file.open(encoding="utf-8", newline="") as table:
        return len(list(csv.DictReader(table))) == ARTICLES


def test_a_killed_prune_is_done_by_the_next(filled_often: Desk, record_property: RecordProperty) -> None:
    desk, archive = filled_often, filled_often.directory / "archive"
    before, files = texts(desk), {file.name for file in (archive / "warc").iterdir()}
    shutil.copytree(archive, desk.directory / "unpruned")
    desk.acca(*PRUNE, under=LATER)
    kept = {file.name for file in (archive / "warc").iterdir()}
    assert len(files - kept) == UNNEEDED
    dice, working = random.Random("prune"), 0
    for number in range(KILLS):
        shutil.rmtree(archive)
        shutil.copytree(desk.directory / "unpruned", archive)
        process = desk.start(*PRUNE, under=LATER)
        while process.poll() is None and str(process.pid) not in lock_of(archive):
            time.sleep(0.001)
        time.sleep(dice.uniform(0, 0.1))
        working += process.poll() is None
        process.kill()
        process.communicate(timeout=TIMEOUT)
        assert "everything matches" in desk.acca("verify"), f"kill {number}"
        desk.acca(*PRUNE, under=LATER)
        assert {file.name for file in (archive / "warc").iterdir()} == kept, f"kill {number}"
        assert "everything matches" in desk.acca("verify"), f"kill {number}"
        assert texts(desk) == before
    record_property("kills", KILLS)
    record_property("working", working)


def lock_of(archive: Path) -> str:
    """What the lock of the archive's writer says."""
    file = archive / "acca.lock"
    return file.read_text() if file.exists() else ""


def test_a_killed_restore_is_done_by_the_next(filled: Desk, record_property: RecordProperty) -> None:
    filled.acca("backup", "copy")
    before, restored = texts(filled), Desk(filled.directory / "restored")
    began = time.monotonic()
    filled.acca("restore", "copy", "rehearsal")
    longest = time.monotonic() - began
    dice, working = random.Random("restore"), 0
    for number in range(KILLS):
        process = filled.start("restore", "copy", "restored/archive")
        time.sleep(dice.uniform(0, longest))
        working += process.poll() is None
        process.kill()
        process.communicate(timeout=TIMEOUT)
        if not (restored.directory / "archive" / "acca.db").exists():
            filled.acca("restore", "copy", "restored/archive")
        assert texts(restored) == before, f"kill {number}"
        assert "everything matches" in filled.acca("verify", "restored/archive")
        shutil.rmtree(restored.directory)
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


@pytest.mark.parametrize("step", [2, 9])
def test_two_commands_at_once_bring_an_earlier_release_s_archive_up_to_date(tmp_path: Path, step: int) -> None:
    desk = Desk(tmp_path)
    desk.configure("")
    file = tmp_path / "archive" / "acca.db"
    for _ in range(3):
        shutil.rmtree(file.parent, ignore_errors=True)
        file.parent.mkdir()
        archive_as_of(file, step)
        running = [desk.start("status") for _ in range(3)]
        for process in running:
            printed, errors = process.communicate(timeout=TIMEOUT)
            assert process.returncode == 0, printed + errors
        assert steps_done(file) == len(STEPS)
        assert desk.tuples("SELECT url FROM articles") == [("https://khabar.example/a",)]


def steps_done(file: Path) -> int:
    """The number of the archive's migrations so far."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as archive:
        return int(archive.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("import", "reprocess"), ("import", "backup"), ("reprocess", "backup"), ("reprocess", "prune"),
        ("vacuum", "import"), ("vacuum", "backup"), ("prune", "backup"), ("reindex", "import"),
        ("crawl", "crawl"), ("crawl", "import"), ("crawl", "reprocess"), ("crawl", "prune"), ("crawl", "vacuum"),
        ("crawl", "reindex"), ("crawl", "backup"), ("crawl", "export"), ("backup", "backup"), ("export", "export"),
        ("pack", "pack"), ("pack", "prune"), ("pack", "vacuum"), ("export", "vacuum"),
    ],
)  # fmt: skip
def test_two_commands_at_once_end_well_or_say_that_the_archive_is_in_use(
    filled_often: Desk, first: str, second: str
) -> None:
    filled = filled_often
    running = [filled.start(*PAIRED[name], under=LATER if name == "prune" else ()) for name in (first, second)]
    for process in running:
        printed, errors = process.communicate(timeout=TIMEOUT)
        assert process.returncode == 0 or ("Traceback" not in errors and errors.startswith("acca: ")), printed + errors
    assert "everything matches" in filled.acca("verify")
    for name in (first, second):
        filled.acca(*PAIRED[name], under=LATER if name == "prune" else ())
        assert name not in OUTPUTS or is_whole(filled.directory / OUTPUTS[name][-1])
    assert "everything matches" in filled.acca("verify")


def test_a_path_with_blanks_and_cyrillic_letters_serves_under_the_c_locale(desk: Desk) -> None:
    directory = desk.directory / "архив монитора № 1"
    directory.mkdir()
    (desk.directory / "acca.toml").rename(directory / "acca.toml")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    environment |= {"PYTHONPATH": str(ROOT), "LC_ALL": "C"}  # as cron starts it
    for arguments in (
        ("crawl", "acca", "--limit", "8"), ("search", "арест"), ("export", "articles", "-o", "отчёты 1.csv"),
        ("pack", "1", "-o", "дело № 1.zip"), ("backup", "копия № 1"), ("restore", "копия № 1", "новый архив"),
        ("verify", "новый архив"), ("vacuum",),
    ):  # fmt: skip
        command = [sys.executable, "-m", "acca_crawler", *arguments]
        done = subprocess.run(
            command, cwd=directory, env=environment, capture_output=True, check=False, timeout=TIMEOUT
        )
        assert done.returncode == 0, done.stderr.decode()
        assert b"Traceback" not in done.stderr
