"""A guard in a fresh process, for a Dask worker: its threads can't be forked, and its code may be older than what is
installed by now.

The process computes which reader it is as soon as it starts, reads pages within their limits, and ends when the Dask
worker closes its pipe or ends. Tasks and answers pass through the Dask worker as bytes.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from acca_crawler.crawl.reading.exchange import PipeAlone
from acca_crawler.crawl.reading.guard import Functions, Limits, run_guard
from acca_crawler.exceptions import ReadersLost
from acca_crawler.ingest.reading_version import reader_of

ENDING_SECONDS = 5.0
"""How long a guard may take to end its worker and itself."""


@dataclass(frozen=True, slots=True)
class GuardSetup:
    """What a guard works with; it calls `load` before the first page."""

    functions: Functions
    load: Callable[[], None]
    limits: Limits


class GuardApart:
    """Handle of such a process. `reader` is which reader it is (`ingest.reading_version.reader_of`)."""

    def __init__(self, lexicons: tuple[Path, ...]) -> None:
        """Start the process. Raises `ReadersLost` if it can't start or lacks the lexicons."""
        self._pipe, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the command that stores; this process ends with its pipe
            )
        self.reader = self._answer(pickle.dumps(lexicons)).decode()

    def set_up(self, setup: bytes) -> None:
        """Send a pickled `GuardSetup`. Raises `ReadersLost` if the process can't use it."""
        self._answer(setup)

    def ask(self, task: bytes) -> bytes:
        """Run a pickled task and return its pickled `TaskResult`. Raises EOFError or OSError if the guard has ended."""
        exchange = PipeAlone()
        self._pipe.send_bytes(exchange.put(task))
        return exchange.take(self._pipe.recv_bytes()[1:])

    def close(self) -> None:
        """End the process, also within a task."""
        self._pipe.close()
        try:
            self._process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answer(self, message: bytes) -> bytes:
        try:
            self._pipe.send_bytes(message)
            answer = self._pipe.recv_bytes()
        except (EOFError, OSError) as error:
            self.close()
            raise ReadersLost("a process that reads pages ended while it started") from error
        if answer[:1] == _REFUSED:
            self.close()
            raise ReadersLost(answer[1:].decode())
        return answer[1:]


_READY, _REFUSED = b"\0", b"\1"
"""First byte of an answer before the first task."""


def _main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    pipe = Connection(int(sys.argv[1]))
    try:
        pipe.send_bytes(_READY + reader_of(pickle.loads(pipe.recv_bytes())).encode())
        setup: GuardSetup = pickle.loads(pipe.recv_bytes())
        setup.load()
    except EOFError:
        return
    except Exception as error:  # noqa: BLE001 - the command that stores says so
        pipe.send_bytes(_REFUSED + f"{type(error).__name__}: {error}".encode())
        return
    pipe.send_bytes(_READY)
    run_guard(pipe, PipeAlone(), setup.functions, setup.limits)


if __name__ == "__main__":
    _main()
