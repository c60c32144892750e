"""Runs `acca` in its own process without importing everything first.

A parent process imports the project and loads its tables once, and forks for every command; otherwise most of a short
command's time is spent on that. The command has its own working directory, environment, streams and exit code. Use
`subprocess` for commands that get killed or depend on how the interpreter starts (locale, `PYTHON*` variables).
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from acca_crawler.detect.detector import OURS
from acca_crawler.ingest.loading import load_tables
from tests.support import fresh

PACKAGES = ("acca_crawler", "storage", "spiders")
ROOT = Path(__file__).parents[2]


def run(arguments: list[str], directory: Path, *, timeout: float, merged: bool) -> tuple[int, str, str]:
    """Return the exit code and what the command printed on both streams (on one, if `merged`), decoded as UTF-8.

    Raises `subprocess.TimeoutExpired` after `timeout` seconds, and kills the command. If a signal ended the command,
    the code is the signal's negative number.
    """
    order = {
        "arguments": arguments,
        "directory": str(directory),
        "environment": {**os.environ, "PYTHONPATH": str(ROOT)},
    }
    with contextlib.ExitStack() as stack:
        streams: list[BinaryIO] = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(1 if merged else 2)]
        files = [streams[0].fileno(), streams[-1].fileno()]
        door = stack.enter_context(socket.socket(socket.AF_UNIX))
        door.connect(_door())
        socket.send_fds(door, [json.dumps(order).encode()], files)
        door.shutdown(socket.SHUT_WR)
        answers = stack.enter_context(door.makefile("r"))
        process = int(answers.readline())
        door.settimeout(timeout)
        try:
            code = int(answers.readline())
        except TimeoutError:
            os.kill(process, signal.SIGKILL)
            raise subprocess.TimeoutExpired(arguments, timeout) from None
        printed = []
        for stream in streams:
            stream.seek(0)
            printed.append(stream.read().decode())
    return code, printed[0], "" if merged else printed[1]


@cache
def _door() -> str:
    """Return the socket path of this test process's parent, which ends when its standard input closes."""
    home = tempfile.TemporaryDirectory(prefix="acca-warm-")
    command = [sys.executable, "-c", "from tests.support import warm; warm.serve()", f"{home.name}/door"]
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # a process with threads can't be forked safely
    parent = subprocess.Popen(command, cwd=ROOT, env=alone, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout and parent.stdin
    assert parent.stdout.readline() == "ready\n"
    atexit.register(home.cleanup)
    atexit.register(parent.wait, 20)
    atexit.register(parent.stdin.close)
    return f"{home.name}/door"


def serve() -> None:
    """Import and load everything, then fork for every order, until standard input closes."""
    for package in PACKAGES:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                with contextlib.suppress(ImportError):  # a command that needs it reports the error itself
                    importlib.import_module(module.name)
    load_tables(OURS)
    fresh.install()
    gc.freeze()
    door = socket.socket(socket.AF_UNIX)
    door.bind(sys.argv[1])
    door.listen(16)
    print("ready", flush=True)
    while sys.stdin not in (ready := select.select([door, sys.stdin], [], [])[0]):
        assert ready == [door]
        visitor, _ = door.accept()
        if os.fork() == 0:
            door.close()
            _oversee(visitor)
        visitor.close()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _oversee(visitor: socket.socket) -> None:
    """Start one command, send its process id at once and its exit code at the end."""
    text, files, _, _ = socket.recv_fds(visitor, 1 << 20, 2)
    command = os.fork()
    if command == 0:
        visitor.close()
        _become(json.loads(text), files)
    visitor.sendall(b"%d\n" % command)
    code = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
    visitor.sendall(b"%d\n" % code)
    os._exit(0)


def _become(order: dict[str, Any], files: list[int]) -> NoReturn:
    """Become `python -m acca_crawler`, as if just started."""
    for target, source in enumerate((os.open(os.devnull, os.O_RDONLY), *files)):
        os.dup2(source, target)
        os.close(source)
    os.chdir(order["directory"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv[:] = ["acca", *order["arguments"]]
    runpy.run_module("acca_crawler", run_name="__main__", alter_sys=True)
    sys.exit()
