"""A disk that fills up or can't be written to, and a reader that does not let go: clear errors, nothing torn."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from acca_crawler.newsroom import Newsroom
from tests.support.desk import ROOT, TIMEOUT, Desk

ON_A_SMALL_DISK = """
import os, subprocess, sys
archive, size, *command = sys.argv[1:]
subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", archive], check=True)
done = subprocess.run(command, check=False, capture_output=True, text=True)
print(done.returncode, done.stdout, done.stderr, sep="\\n---\\n")
subprocess.run(["cp", "-a", archive + "/.", archive + "-seen"], check=True)
"""
"""Runs a command whose archive lies on a disk of its own, in a mount namespace that ends with it."""


@pytest.mark.mount
def test_a_full_disk_is_said_so_and_tears_nothing(desk: Desk, newsroom: Newsroom) -> None:
    archive = desk.directory / "archive"
    archive.mkdir()
    (desk.directory / "archive-seen").mkdir()
    acca = [sys.executable, "-m", "acca_crawler", "crawl", "acca"]
    done = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", ON_A_SMALL_DISK, archive, "1100k", *acca],
        cwd=desk.directory, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        timeout=TIMEOUT,
    )  # fmt: skip
    code, _, output = done.stdout.split("\n---\n")
    assert code == "1", done.stdout + done.stderr
    assert "No space left" in output or "is full" in output
    shutil.rmtree(archive)
    (desk.directory / "archive-seen").rename(archive)
    goes_on(desk, newsroom)


def test_a_disk_that_fills_up_ends_the_crawl_at_once(desk: Desk, newsroom: Newsroom) -> None:
    desk.acca("crawl", "acca", "--limit", "1")
    newsroom.requests.clear()
    allowed = max(path.stat().st_size for path in (desk.directory / "archive").iterdir())

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (allowed, allowed))

    done = subprocess.run(
        [sys.executable, "-m", "acca_crawler", "crawl", "acca"],
        cwd=desk.directory,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT,
        preexec_fn=limit,
    )
    assert done.returncode == 1, done.stdout + done.stderr
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


@pytest.mark.mount
def test_a_directory_that_cannot_be_written_to_is_said_so(desk: Desk) -> None:
    desk.acca("crawl", "acca", "--limit", "2")
    archive = desk.directory / "archive"
    script = f'mount --bind {archive} {archive} && mount -o remount,ro,bind {archive} && exec "$@"'
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", sys.executable, "-m", "acca_crawler", "crawl", "acca"],
        cwd=desk.directory, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        timeout=TIMEOUT,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr
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


READ_ONLY = """
import subprocess, sys
directory, *acca = sys.argv[1:]
subprocess.run(["mount", "--bind", directory, directory], check=True)
subprocess.run(["mount", "-o", "remount,ro,bind", directory], check=True)
for command in ("status", "search Nobody", "doctor --offline", "verify"):
    done = subprocess.run([*acca, *command.split()], check=False, capture_output=True, text=True, cwd=directory)
    print(done.returncode, done.stdout, done.stderr, sep="\\n---\\n", end="\\n===\\n")
"""


def read_only(directory: Path) -> list[list[str]]:
    """Mount the directory read-only; returns exit code, output and errors of each of the commands."""
    done = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", READ_ONLY, directory, sys.executable, "-m", "acca_crawler"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True, timeout=TIMEOUT,
    )  # fmt: skip
    return [one.split("\n---\n") for one in done.stdout.split("\n===\n")[:-1]]


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
    status, search, doctor, verify = read_only(directory)
    assert (status[0], search[0], doctor[0], verify[0]) == ("0", "0", "1", "0"), (status, search, verify)
    assert "everything matches" in verify[1]
    assert "acca: ok in run 1" in status[1]
    assert [line.partition(":")[0] for line in status[2].splitlines()] == ["acca"], "one line says what is left out"
    assert "mounted read-only" in doctor[1]
    assert "chown" not in doctor[1]
    leave_in_log(directory / "archive" / "acca.db")
    for code, out, errors in (one for at, one in enumerate(read_only(directory)) if at != 2):  # 2 is the doctor
        assert (code, out) == ("1", "") and len(errors.splitlines()) == 1
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
    for code, out, errors in (one for at, one in enumerate(read_only(tmp_path)) if at != 2):  # 2 is the doctor
        assert (code, out) == ("1", "") and len(errors.splitlines()) == 1
        assert "an earlier release made this archive" in errors
        assert "copy the archive's directory to where you can write" in errors
