"""Output into a pipe that nobody reads, a pipe that is read slowly, and a full disk."""

from __future__ import annotations

import fcntl
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.desk import ROOT, TIMEOUT, Desk

PROGRAM = [sys.executable, "-m", "acca_crawler"]
COMMAND = [*PROGRAM, "outlets"]
SMALL = 4096


def start(directory: Path, stdout: int, arguments: Sequence[str] = ("outlets",)) -> subprocess.Popen[str]:
    """Start a command, by default one that prints more than a small pipe holds."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [*PROGRAM, *arguments], cwd=directory, env=environment, stdout=stdout, stderr=subprocess.PIPE, text=True
    )  # fmt: skip


def small_pipe() -> tuple[int, int]:
    """A pipe that holds one page of memory."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, SMALL)
    return reading, writing


def test_a_pipe_that_is_closed_ends_the_command_quietly(tmp_path: Path) -> None:
    reading, writing = small_pipe()
    os.close(reading)
    process = start(tmp_path, writing)
    os.close(writing)
    _, errors = process.communicate(timeout=TIMEOUT)
    assert process.returncode != 0
    assert errors == ""


def test_a_pipe_that_is_read_late_gets_everything(tmp_path: Path) -> None:
    reading, writing = small_pipe()
    process = start(tmp_path, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        while not pipe_is_full(reading):
            assert process.poll() is None, "the output fits into the pipe"
            time.sleep(0.01)
        printed = pipe.read()
    assert process.wait(timeout=TIMEOUT) == 0
    assert printed == Desk(tmp_path).acca("outlets")
    assert len(printed) > SMALL


def pipe_is_full(descriptor: int) -> bool:
    """Whether a pipe holds as much as it can."""
    import array
    import termios

    held = array.array("i", [0])
    fcntl.ioctl(descriptor, termios.FIONREAD, held)
    return held[0] >= SMALL


@pytest.mark.parametrize("arguments", [["outlets"], ["--help"], ["--version"]])
def test_a_full_disk_is_an_error_of_one_line(tmp_path: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        process = start(tmp_path, full.fileno(), arguments)
        _, errors = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 1
    assert errors.splitlines() == ["acca: No space left on device"]


@pytest.mark.parametrize("closed", [(1,), (0, 1), (0, 1, 2)])
def test_a_command_works_with_standard_streams_closed(tmp_path: Path, closed: tuple[int, ...]) -> None:
    desk = Desk(tmp_path)
    desk.configure("")
    (tmp_path / "report.txt").write_text("20.08.2022\nNews\nA report\nPolice beat a man in Osh, relatives said.\n")
    shell = f"exec {shlex.join([*PROGRAM, 'import', 'report.txt'])} {' '.join(f'{number}>&-' for number in closed)}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "0", "LC_ALL": "C"}
    ended = subprocess.run(
        ["sh", "-c", shell], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert desk.value("SELECT count(*) FROM articles") == 1
    assert "everything matches" in desk.acca("verify"), "nothing was printed into a file of the archive"
