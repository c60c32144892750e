"""Runs `acca` and `scrapy` in processes of their own without importing everything first.

A parent process imports the project and loads its tables once, and forks for every command; otherwise most of a short
command's time is spent on that. The command has its own working directory, environment, streams and exit code, gets
signals like any other process, and may be killed; `circumstances` may change its clock, its disk or its limits first.
Use `subprocess` for what depends on how the interpreter starts (locale, `PYTHON*` variables).
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from scrapy.settings import default_settings

from acca_crawler.detect.detector import OURS
from acca_crawler.ingest.preloading import load_tables
from acca_crawler.newsroom.samples import load
from tests.support import circumstances, fresh
from tests.support.newsstand import Newsstand, Sample
from tests.support.story_reports import COPY, ENGLISH, REPORT, RETELLING

PACKAGES = ("acca_crawler", "storage", "spiders")
LEFT_OUT = (".__main__", ".project_settings", ".fit", ".fit_filing")
"""Modules that start a command or read its configuration when they are imported, or that no command imports."""

SITES = ("acca", "semdorog", "tolkun", "kopuro", "karlygash", "chashma")
"""The sites of the newsroom whose articles the parent reads beforehand."""

ROOT = Path(__file__).parents[2]


class Process:
    """A started command, with the methods of `subprocess.Popen` that tests need.

    `streams` are open files for its standard input, output and errors, which the caller may close once it has started;
    `environment` has further variables; `module` is what is run, as by `python -m`; `under` names a function of
    `circumstances` that is called before, and its arguments.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        directory: Path,
        streams: Sequence[int],
        environment: Mapping[str, str] | None = None,
        module: str = "acca_crawler",
        under: Sequence[str] = (),
    ) -> None:
        order = {
            "module": module,
            "under": list(under),
            "arguments": list(arguments),
            "directory": str(directory),
            "environment": {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        }
        self.arguments = list(arguments)
        self.returncode: int | None = None
        self._parent = socket.socket(socket.AF_UNIX)
        self._parent.connect(_door())
        socket.send_fds(self._parent, [json.dumps(order).encode()], list(streams))
        self._parent.shutdown(socket.SHUT_WR)
        self._answers = self._parent.makefile("r")
        self.pid = int(self._answers.readline())

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code, a signal's negative number if that ended the command.

        Raises `subprocess.TimeoutExpired` if it has not ended after `timeout` seconds.
        """
        if self.returncode is None:
            if timeout is not None and not select.select([self._parent], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.arguments, timeout)
            self.returncode = int(self._answers.readline())
            self._answers.close()
            self._parent.close()
        return self.returncode

    def poll(self) -> int | None:
        """Return the exit code, or None if the command is running."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def send_signal(self, number: int) -> None:
        """Send a signal to the command if it is running."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill the command if it is running."""
        self.send_signal(signal.SIGKILL)


class Started(Process):
    """A started command whose output goes to temporary files, one for both streams if `merged`."""

    def __init__(
        self,
        arguments: Sequence[str],
        directory: Path,
        environment: Mapping[str, str] | None = None,
        *,
        merged: bool = False,
        module: str = "acca_crawler",
        under: Sequence[str] = (),
    ) -> None:
        self._printed: list[str] = []
        self._files = [tempfile.TemporaryFile() for _ in range(1 if merged else 2)]  # noqa: SIM115 - see communicate
        with Path(os.devnull).open("rb") as nothing:
            streams = [nothing.fileno(), self._files[0].fileno(), self._files[-1].fileno()]
            super().__init__(arguments, directory, streams, environment, module, under)

    @property
    def printed(self) -> str:
        """What has been printed so far, on standard output first."""
        if self._printed:
            return "".join(self._printed)
        return "".join(os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode() for file in self._files)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for the end and return what was printed on both streams (on one, if `merged`), decoded as UTF-8.

        Raises `subprocess.TimeoutExpired` after `timeout` seconds, and kills the command.
        """
        try:
            self.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        while self._files:
            with self._files.pop(0) as file:
                file.seek(0)
                self._printed.append(file.read().decode())
        return self._printed[0], "".join(self._printed[1:])


def run(
    arguments: Sequence[str], directory: Path, *, timeout: float, merged: bool, under: Sequence[str] = ()
) -> tuple[int, str, str]:
    """Run a command and return its exit code and what it printed. Raises as `Started.communicate` does."""
    process = Started(arguments, directory, merged=merged, under=under)
    out, err = process.communicate(timeout)
    return process.wait(), out, err


@cache
def _door() -> str:
    """Return the socket path of the parent that the workers of a test run share; the first that needs it starts it.

    It ends when the last of them has closed the named pipe that is its standard input.
    """
    home = Path(tempfile.gettempdir(), f"acca-warm-{os.environ.get('PYTEST_XDIST_TESTRUNUID') or uuid.uuid4().hex}")
    home.mkdir(mode=0o700, exist_ok=True)
    door, pipe = home / "door", home / "pipe"
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not door.exists():
            pipe.unlink(missing_ok=True)
            os.mkfifo(pipe)
            reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
            os.open(pipe, os.O_WRONLY)
            _start(door, reading)
            os.close(reading)
        else:
            os.open(pipe, os.O_WRONLY)
    return str(door)


def _start(door: Path, pipe: int) -> None:
    command = [sys.executable, "-c", "from tests.support import warm; warm.serve()", str(door)]
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # a process with threads can't be forked safely
    parent = subprocess.Popen(command, cwd=ROOT, env=alone, stdin=pipe, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    assert parent.stdout.readline() == "ready\n"
    parent.stdout.close()
    parent.returncode = 0  # others may need it after us: we neither wait for it nor complain that it runs


def serve() -> None:
    """Import and load everything, then fork for every order, until standard input closes."""
    gc.disable()  # hardly anything of what is loaded is garbage
    for name in _modules():
        with contextlib.suppress(ImportError):  # a command that needs it reports the error itself
            importlib.import_module(name)
    load_tables(OURS)
    fresh.install()
    fresh.prepare()
    _store_reports()
    with contextlib.suppress(ImportError):
        templates = importlib.import_module("tests.support.templates")
        templates.keep_compiled(Path(sys.argv[1]).with_name("templates"))
    gc.freeze()
    gc.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the workers, and we clean up after the last
    ended, ending = socket.socketpair()  # gets a byte whenever a command ends
    ending.setblocking(False)
    signal.set_wakeup_fd(ending.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    door = socket.socket(socket.AF_UNIX)
    door.bind(sys.argv[1])
    door.listen(16)
    print("ready", flush=True)
    waiting: dict[int, socket.socket] = {}
    while sys.stdin not in (ready := select.select([door, ended, sys.stdin], [], [])[0]):
        if door in ready:
            visitor, _ = door.accept()
            waiting[_start_command(visitor, (door, ended, ending, *waiting.values()))] = visitor
        if ended in ready:
            ended.recv(1024)
            _report_ends(waiting)
    shutil.rmtree(Path(sys.argv[1]).parent)


def _start_command(visitor: socket.socket, ours: Sequence[socket.socket]) -> int:
    """Fork for one order, without our other sockets; send the process id to the visitor and return it."""
    text, files, _, _ = socket.recv_fds(visitor, 1 << 20, 3)
    command = os.fork()
    if command == 0:
        for one in (visitor, *ours):
            one.close()
        _become(json.loads(text), files)
    for file in files:
        os.close(file)
    _say(visitor, command)
    return command


def _report_ends(waiting: dict[int, socket.socket]) -> None:
    """Send the exit code of each command that has ended to its visitor."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            with waiting.pop(ended[0]) as visitor:
                _say(visitor, os.waitstatus_to_exitcode(ended[1]))


def _say(visitor: socket.socket, number: int) -> None:
    with contextlib.suppress(BrokenPipeError):  # a worker that was killed waits for nothing
        visitor.sendall(b"%d\n" % number)


def _store_reports() -> None:
    """Load what storing reports needs: places, rare words, and the patterns that the newsroom's articles match."""
    articles = [Sample("first", post.title, post.text, post.language) for site in SITES for post in load(site)]
    with tempfile.TemporaryDirectory(prefix="acca-warm-") as directory:
        stand = Newsstand(Path(directory) / "acca.db")
        for report in (REPORT, COPY, RETELLING, ENGLISH, *articles):
            stand.store(report)
        stand.db.close()


def _modules() -> Iterator[str]:
    """Yield the project's modules and those of Scrapy's components, which a crawl imports by their names."""
    for package in PACKAGES:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.endswith(LEFT_OUT):
                yield module.name
    for setting, value in vars(default_settings).items():
        if setting.endswith("_BASE"):
            yield from (path.rpartition(".")[0] for path in (*value, *value.values()) if "." in str(path))
    yield from ("scrapy.pqueues", "scrapy.squeues", "scrapy.statscollectors")


def _become(order: dict[str, Any], files: list[int]) -> NoReturn:
    """Become `python -m MODULE`, as if just started at a terminal: `nohup` and `&` make the tests ignore signals.

    At the end the memory is left to the system: a short command takes less time than to free what it never used.
    """
    for target, source in enumerate(files):
        os.dup2(source, target)
        os.close(source)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    os.chdir(order["directory"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv[:] = [order["module"], *order["arguments"]]
    status: str | int | None = 0
    try:
        if order["under"]:
            name, *values = order["under"]
            getattr(circumstances, name)(*values)
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        status = ended.code
    if not isinstance(status, int):
        sys.exit(status)  # a message, or None
    threading._shutdown()  # type: ignore[attr-defined]  # as the interpreter does, before its own exit functions
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
