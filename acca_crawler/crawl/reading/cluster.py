"""Page reading on a Dask cluster: its workers read, and what they can't read is read here, within the limits of a page.

Workers must not write, and need no archive. Each has guards in processes of their own (`apart`): a page that takes too
long ends there and the worker goes on. They are refused if they read pages with other code or other words than this
process; as they are started for each command, they are what is installed on the worker's machine then.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any
from uuid import uuid4

from acca_crawler.crawl.reading.apart import GuardApart, GuardSetup
from acca_crawler.crawl.reading.guard import PATIENCE, TaskResult, pickled
from acca_crawler.crawl.reading.pool import Pool
from acca_crawler.exceptions import EngineError, ReadersLost
from acca_crawler.ingest.reading_version import reader_of

_log = logging.getLogger(__name__)

CONNECT_SECONDS = 10
"""How long the scheduler may take to answer."""

MAX_COMMANDS = 2
"""Commands for which a worker keeps guards; those of a command that was killed are ended when others come."""

STUCK = 2 * PATIENCE
"""Wall-clock time after which a worker without an answer is restarted, as a multiple of a page's CPU limit: its guard
would have answered in half of it."""

WORKERLESS_SECONDS = 60.0
"""How long a cluster without workers is waited for: those that a nanny starts again are there in a few seconds."""

LOOK_SECONDS = 5.0
"""Seconds between two looks at the cluster while a page is waited for."""

_LOST = "the connection to the Dask cluster was lost: start the command again"


@dataclass(frozen=True, slots=True)
class _Work:
    """What a worker needs besides a page: which command it serves, a pickled `GuardSetup`, which reader it must be."""

    command: str
    setup: bytes
    reader: str
    lexicons: tuple[Path, ...]


class Cluster:
    """A cluster's workers, `jobs` pages at a time; `here` is this machine's process."""

    def __init__(self, client: Any, setup: GuardSetup, here: Pool, lexicons: tuple[Path, ...]) -> None:
        self._client, self._patience = client, setup.limits.seconds * STUCK
        self.jobs = max(1, sum(client.nthreads().values()))
        self.here, self._workers_seen = here, monotonic()
        work = _Work(uuid4().hex, pickled(setup), reader_of(lexicons), lexicons)
        self._command = work.command
        self._require_same_reader(work)
        # A task rather than data: the scheduler has it made again if the workers that hold it end.
        self._work = client.submit(_same, work, pure=False)

    def _require_same_reader(self, work: _Work) -> None:
        """Raise `EngineError` if a worker can't read as this process does; those that come later are asked, too."""
        found: Mapping[str, object] = self._client.run(_start_guard, work, on_error="return")
        for worker, error in found.items():
            if isinstance(error, Exception):
                why = str(error) if isinstance(error, ReadersLost) else f"{type(error).__name__}: {error}"
                raise EngineError(f"the Dask worker {worker} can't read pages: {why}")

    def close(self) -> None:
        """End the workers' guards of this command, as far as the workers can be reached."""
        if self._client.status == "running":
            self._client.run(_dismiss_guards, self._command, on_error="ignore")

    def submit(self, number: int, *arguments: Any) -> ClusterResult:
        """Call the function with this index on a worker."""
        self._require_connection()
        # In turn: else the page waited for may come after one that hangs, as order within `fifo_timeout` is by chance.
        future = self._client.submit(_read, self._work, pickled((number, arguments)), pure=False, fifo_timeout=0)
        return ClusterResult(self, future, number, arguments)

    def wait(self, future: Any) -> TaskResult | None:
        """Wait for a worker's result; None if no worker can give it, or only with more time or memory.

        Raises `ReadersLost`, also if a worker that came later reads otherwise.
        """
        from distributed import CancelledError, KilledWorker

        began = self._workers_seen = monotonic()
        worker = None
        try:
            while True:
                try:
                    found: TaskResult = pickle.loads(future.result(timeout=LOOK_SECONDS))
                    return None if found.exceeded else found
                except TimeoutError:
                    self._require_connection()
                    self._require_workers()
                    if (now_at := self._worker_of(future)) != worker:
                        began, worker = monotonic(), now_at  # one that was just started has its full time
                    if worker and monotonic() - began >= self._patience:
                        self._give_up(future, worker)
                        return None
        except KilledWorker:
            return None
        except CancelledError as error:
            raise ReadersLost(_LOST) from error
        except ReadersLost:
            raise
        except Exception as error:
            raise ReadersLost(f"the Dask cluster can't read pages: {type(error).__name__}: {error}") from error

    def _require_connection(self) -> None:
        """Raise `ReadersLost` if the scheduler was away: what it was to do is lost, even if it comes back."""
        if self._client.status != "running" or self._work.cancelled():
            raise ReadersLost(_LOST)

    def _require_workers(self) -> None:
        """Raise `ReadersLost` if there have been no workers for a while."""
        if self._client.nthreads():
            self._workers_seen = monotonic()
        elif monotonic() - self._workers_seen >= WORKERLESS_SECONDS:
            raise ReadersLost("the Dask cluster has no workers left: start some, and the command again")

    def _worker_of(self, future: Any) -> str | None:
        """Return the address of the worker that has a page; None if none has."""
        return next((worker for worker, keys in self._client.processing().items() if future.key in keys), None)

    def _give_up(self, future: Any, worker: str) -> None:
        """Restart a worker that does not answer, though its guard should have ended the page."""
        future.cancel()
        _log.warning("a Dask worker has not answered for %d seconds and is restarted", self._patience)
        self._client.restart_workers([worker], raise_for_error=False)


@dataclass(frozen=True, slots=True)
class ClusterResult:
    """A page that a worker reads."""

    cluster: Cluster
    future: Any
    number: int
    arguments: tuple[Any, ...]

    def result(self) -> Any:
        """Wait for the result; read the page here if it exceeded a limit on its worker, or its workers ended.

        Raises what the function raises, `PageTooHeavy`, or `ReadersLost` if the cluster can't be used any more.
        """
        found = self.cluster.wait(self.future)
        if found is None:
            return self.cluster.here.submit(self.number, *self.arguments).result()
        return found.get()


@contextmanager
def open_cluster(
    setup: GuardSetup, here: Pool, lexicons: tuple[Path, ...], *, jobs: int, scheduler: str
) -> Iterator[Cluster]:
    """Connect to a cluster, or start one with `jobs` workers here; close it at the end of the block.

    Raises `EngineError` if Dask is not installed, or the cluster can't be reached, has no workers or other readers.
    """
    try:
        import distributed
    except ImportError as error:
        raise EngineError("--engine dask needs the extra `dask`: pip install 'acca-crawler[dask]'") from error
    dask: Any = distributed
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it logs as an error is raised here
    with ExitStack() as stack:
        try:
            address: Any = scheduler or stack.enter_context(
                dask.LocalCluster(
                    n_workers=jobs,
                    threads_per_worker=1,
                    dashboard_address="127.0.0.1:0",
                    host="127.0.0.1",
                    silence_logs=logging.ERROR,  # it warns of each worker that ends, also of those it ends itself
                )
            )
            client = stack.enter_context(dask.Client(address, timeout=f"{CONNECT_SECONDS}s"))
        except (OSError, RuntimeError, ValueError) as error:
            if not scheduler:
                raise EngineError(f"Dask's workers can't be started here: {error}") from error
            raise EngineError(f"the Dask cluster {scheduler} can't be reached: {error}") from error
        if not client.nthreads():
            raise EngineError(f"the Dask cluster {scheduler} has no workers")
        cluster = Cluster(client, setup, here, lexicons)
        stack.callback(cluster.close)
        yield cluster


def _other_reader(worker: str, there: str, here: str) -> str:
    return f"{worker} has another release, other words or other lexicons: {there}; here: {here}"


# On a worker


class _Guards:
    """A Dask worker's guards that have no page, by the command they serve."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._idle: dict[str, list[GuardApart]] = {}

    def take(self, work: _Work) -> GuardApart:
        """Return an idle guard, or start one. Raises `ReadersLost` if that reads otherwise."""
        with self._lock:
            idle = self._idle.setdefault(work.command, [])
            if idle:
                return idle.pop()
            forgotten = [self._idle.pop(command) for command in list(self._idle)[:-MAX_COMMANDS]]
        for guard in chain.from_iterable(forgotten):
            guard.close()
        started = GuardApart(work.lexicons)
        if started.reader != work.reader:
            started.close()
            raise ReadersLost(_other_reader("a Dask worker", started.reader, work.reader))
        started.set_up(work.setup)
        return started

    def give_back(self, work: _Work, guard: GuardApart) -> None:
        """Keep a guard for the next page, unless its command has ended."""
        with self._lock:
            if work.command in self._idle:
                self._idle[work.command].append(guard)
                return
        guard.close()

    def dismiss(self, command: str) -> None:
        """End a command's guards."""
        with self._lock:
            idle = self._idle.pop(command, [])
        for guard in idle:
            guard.close()


_GUARDS = _Guards()


def _same(work: _Work) -> _Work:
    return work


async def _start_guard(work: _Work) -> None:
    # In a thread: starting takes seconds, and the worker must answer its scheduler meanwhile.
    _GUARDS.give_back(work, await asyncio.to_thread(_GUARDS.take, work))


async def _dismiss_guards(command: str) -> None:
    await asyncio.to_thread(_GUARDS.dismiss, command)


def _read(work: _Work, task: bytes) -> bytes:
    """Run a pickled task, and return its pickled result. Raises `ReadersLost` if this worker can't read."""
    guard = _GUARDS.take(work)
    try:
        answer = guard.ask(task)
    except (EOFError, OSError):
        guard.close()
        return pickled(TaskResult(exceeded="its process ended", died=True))
    _GUARDS.give_back(work, guard)
    return answer
