"""Output into a pipe that nobody reads, a pipe that is read slowly, and a full disk."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from tests.support.desk import ROOT, TIMEOUT

COMMAND = [sys.executable, "-m", "acca_crawler", "outlets"]
SMALL = 4096


def start(directory: Path, stdout: int) -> subprocess.Popen[str]:
    """Start a command that prints more than a small pipe holds."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        COMMAND, cwd=directory, env=environment, stdout=stdout, stderr=subprocess.PIPE, text=True
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
        printed = pipe.read()
    assert process.wait(timeout=TIMEOUT) == 0
    expected = subprocess.run(
        COMMAND, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert printed == expected.stdout
    assert len(printed) > SMALL


def pipe_is_full(descriptor: int) -> bool:
    """Whether a pipe holds as much as it can."""
    import array
    import termios

    held = array.array("i", [0])
    fcntl.ioctl(descriptor, termios.FIONREAD, held)
    return held[0] >= SMALL


def test_a_full_disk_is_an_error_of_one_line(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        process = start(tmp_path, full.fileno())
        _, errors = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 1
    assert errors.splitlines() == ["acca: No space left on device"]
