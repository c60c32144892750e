"""A disk that fills up or can't be written to, and a reader that does not let go: clear errors, nothing torn."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from acca_crawler.newsroom import Newsroom
from tests.support import warm
from tests.support.desk import TIMEOUT, Desk


@pytest.mark.mount
def test_a_full_disk_is_said_so_and_tears_nothing(desk: Desk, newsroom: Newsroom) -> None:
    archive = desk.directory / "archive"
    archive.mkdir()
    (desk.directory / "archive-seen").mkdir()
    output = desk.acca("crawl", "acca", code=1, under=["small_disk", str(archive), "1100k"])
    assert "No space left" in output or "is full" in output
    shutil.rmtree(archive)
    (desk.directory / "archive-seen").rename(archive)
    goes_on(desk, newsroom)


def test_a_disk_that_fills_up_ends_the_crawl_at_once(desk: Desk, newsroom: Newsroom) -> None:
    desk.acca("crawl", "acca", "--limit", "1")
    newsroom.requests.clear()
    allowed = max(path.stat().st_size for path in (desk.directory / "archive").iterdir())

    desk.acca("crawl", "acca", code=1, under=["small_files", str(allowed)])
    asked = [record for record in newsroom.sites["acca"].requests if record.kind == "article"]
    assert 0 < len(asked) < len(newsroom.posts("acca")) - 1
    goes_on(desk, newsroom)


def goes_on(desk: Desk, newsroom: Newsroom) -> None:
    """With room on the disk again, what was stored is whole and the rest is fetched."""
    out = desk.acca("crawl", "acca")
    assert "ok" in out
    titles = sorted(row["title"] for row in desk.rows("SELECT title FROM revisions"))
    assert titles == sorted(post.title for post in newsroom.posts("acca"))
    assert "everything matches" in desk.acca("verify")


@pytest.mark.parametrize(
    "arguments",
    [("export", "articles", "--output", "out/new"), ("pack", "1", "2", "--output", "out/new"), ("backup", "out")],
)
def test_a_disk_that_takes_no_copy_leaves_the_earlier_one(crawled: Desk, arguments: tuple[str, ...]) -> None:
    if arguments[0] == "export":
        arguments = (*arguments, "--format", "csv")
    (crawled.directory / "out").mkdir()
    crawled.acca(*arguments)
    files = [file for file in (crawled.directory / "out").rglob("*") if file.is_file() and file.suffix != ".lock"]
    before = {file: file.read_bytes() for file in files}
    said = crawled.acca(*arguments, code=1, under=["small_files", "4096"])
    assert said.startswith("acca: ") and "Traceback" not in said
    assert {file: file.read_bytes() for file in before} == before
    assert [file.name for file in (crawled.directory / "out").glob(".*.part")] == []


@pytest.mark.mount
def test_a_directory_that_cannot_be_written_to_is_said_so(desk: Desk) -> None:
    desk.acca("crawl", "acca", "--limit", "2")
    archive = desk.directory / "archive"
    output = desk.acca("crawl", "acca", code=1, under=["read_only", str(archive)])
    assert "Read-only file system" in output
    assert "Traceback" not in output
    assert "everything matches" in desk.acca("verify")


@pytest.mark.usefixtures("brief")
def test_a_long_reader_does_not_stop_the_crawl(desk: Desk, newsroom: Newsroom) -> None:
    desk.acca("crawl", "acca", "--limit", "3")
    reader = sqlite3.connect(f"{(desk.directory / 'archive' / 'acca.db').as_uri()}?mode=ro", uri=True)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM articles").fetchone() == (3,)
    desk.acca("crawl", "acca")
    assert desk.value("SELECT count(*) FROM articles") == len(newsroom.posts("acca"))
    assert reader.execute("SELECT count(*) FROM articles").fetchone() == (3,)
    reader.close()


def test_the_archive_directory_is_a_file(desk: Desk) -> None:
    Path(desk.directory / "archive").write_text("")
    out = desk.acca("crawl", "acca", code=1)
    assert "Traceback" not in out
    assert "archive" in out


def read_only(directory: Path, *command: str) -> tuple[int, str, str]:
    """Run a command in a directory that is mounted read-only; returns exit code, output and errors."""
    return warm.run(command, directory, timeout=TIMEOUT, merged=False, under=["read_only", str(directory)])


LOOKING = (("status",), ("search", "Nobody"), ("verify",))
"""Commands that only look at the archive."""


@pytest.mark.mount
def test_an_archive_on_a_read_only_disk_can_be_looked_at(tmp_path: Path, newsroom: Newsroom) -> None:
    directory = tmp_path / "read only"
    directory.mkdir()
    desk = Desk(directory)
    desk.configure(f'[outlets.acca]\nhome = "{newsroom.sites["acca"].url}/en/"\n')
    desk.acca("crawl", "acca", "--limit", "2")
    desk.acca("alerts")  # makes people.db
    for beside in (directory / "archive").glob("*.db-*"):  # as in a copy on a disc
        beside.unlink()
    status, search, verify = (read_only(directory, *command) for command in LOOKING)
    assert (status[0], search[0], verify[0]) == (0, 0, 0), (status, search, verify)
    assert "everything matches" in verify[1]
    assert "acca: ok in run 1" in status[1]
    assert [line.partition(":")[0] for line in status[2].splitlines()] == ["acca"], "one line says what is left out"
    code, findings, _ = read_only(directory, "doctor", "--offline")
    assert code == 1
    assert "mounted read-only" in findings
    assert "chown" not in findings
    leave_in_log(directory / "archive" / "acca.db")
    for command in LOOKING:
        code, out, errors = read_only(directory, *command)
        assert (code, out) == (1, "") and len(errors.splitlines()) == 1
        assert "copy acca.db and acca.db-wal to where you can write" in errors


def leave_in_log(file: Path) -> None:
    """Change a database as a process does that is killed before its log is in the database."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("CREATE TABLE left (x)")
        connection.commit()
        log = file.with_name(f"{file.name}-wal")
        kept = file.read_bytes(), log.read_bytes()
    for beside in file.parent.glob(f"{file.name}*"):
        beside.unlink()
    file.write_bytes(kept[0])
    log.write_bytes(kept[1])


@pytest.mark.mount
def test_an_earlier_release_s_archive_on_a_read_only_disk_says_what_to_do(tmp_path: Path, newsroom: Newsroom) -> None:
    desk = Desk(tmp_path)
    desk.configure(f'[outlets.acca]\nhome = "{newsroom.sites["acca"].url}/en/"\n')
    desk.acca("crawl", "acca", "--limit", "2")
    desk.execute("DELETE FROM _sqlite_migrations WHERE id = (SELECT max(id) FROM _sqlite_migrations)")
    for command in LOOKING:
        code, out, errors = read_only(tmp_path, *command)
        assert (code, out) == (1, "") and len(errors.splitlines()) == 1
        assert "an earlier release made this archive" in errors
        assert "copy the archive's directory to where you can write" in errors
