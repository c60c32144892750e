"""Page reading on a Dask cluster: its workers read, and what they can't read is read here, within the limits of a page.

Workers must not write, and need no archive. They are refused if they read pages with other code or other words.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

from acca_crawler.crawl.reading.guard import PATIENCE, Functions, Limits, TaskResult, portable_error
from acca_crawler.crawl.reading.pool import Pool
from acca_crawler.exceptions import AccaError, EngineError, ReadersLost
from acca_crawler.ingest.reading_version import reader_of

_log = logging.getLogger(__name__)

CONNECT_SECONDS = 10
"""How long the scheduler may take to answer."""

WORKERLESS_SECONDS = 60.0
"""How long a cluster without workers is waited for: those that a nanny starts again are there in a few seconds."""

LOOK_SECONDS = 5.0
"""Seconds between two looks at the cluster while a page is waited for."""

_LOST = "the connection to the Dask cluster was lost: start the command again"


@dataclass(frozen=True, slots=True)
class _Work:
    """What a worker needs besides a page: the functions, and which reader it must be."""

    functions: tuple[Callable[..., Any], ...]
    reader: str
    lexicons: tuple[Path, ...]


class Cluster:
    """A cluster's workers, `jobs` pages at a time; `here` is this machine's process."""

    def __init__(
        self, client: Any, functions: Functions, here: Pool, limits: Limits, lexicons: tuple[Path, ...]
    ) -> None:
        self._client, self._patience = client, limits.seconds * PATIENCE
        self.jobs = max(1, sum(client.nthreads().values()))
        self.here, self._workers_seen = here, monotonic()
        work = _Work(tuple(functions), reader_of(lexicons), lexicons)
        self._require_same_reader(work)
        # A task rather than data: the scheduler has it made again if the workers that hold it end.
        self._work = client.submit(_same, work, pure=False)

    def _require_same_reader(self, work: _Work) -> None:
        """Raise `EngineError` if a worker can't read as this process does; those that come later are asked, too."""
        found: Mapping[str, object] = self._client.run(_reader_there, work.lexicons, on_error="return")
        for worker, reader in found.items():
            if isinstance(reader, Exception):
                raise EngineError(f"the Dask worker {worker} can't read pages: {type(reader).__name__}: {reader}")
            if reader != work.reader:
                raise EngineError(_other_reader(f"the Dask worker {worker}", str(reader), work.reader))

    def submit(self, number: int, *arguments: Any) -> ClusterResult:
        """Call the function with this index on a worker."""
        self._require_connection()
        # In turn: else the page waited for may come after one that hangs, as order within `fifo_timeout` is by chance.
        future = self._client.submit(_read, self._work, number, arguments, pure=False, fifo_timeout=0)
        return ClusterResult(self, future, number, arguments)

    def wait(self, future: Any) -> TaskResult | None:
        """Wait for a worker's result; None if no worker can give it.

        Raises `ReadersLost`, also if a worker that came later reads otherwise.
        """
        from distributed import CancelledError, KilledWorker

        began = self._workers_seen = monotonic()
        worker = None
        try:
            while True:
                try:
                    found: TaskResult = future.result(timeout=LOOK_SECONDS)
                    return None if found.died else found
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
        """Restart the worker that has hung in a page."""
        future.cancel()
        _log.warning("a page takes longer than %d seconds on a Dask worker, which is restarted", self._patience)
        self._client.restart_workers([worker], raise_for_error=False)


@dataclass(frozen=True, slots=True)
class ClusterResult:
    """A page that a worker reads."""

    cluster: Cluster
    future: Any
    number: int
    arguments: tuple[Any, ...]

    def result(self) -> Any:
        """Wait for the result; read the page here if its workers ended or hung.

        Raises what the function raises, `PageTooHeavy`, or `ReadersLost` if the cluster can't be used any more.
        """
        found = self.cluster.wait(self.future)
        if found is None:
            return self.cluster.here.submit(self.number, *self.arguments).result()
        return found.get()


@contextmanager
def open_cluster(
    functions: Functions, here: Pool, limits: Limits, lexicons: tuple[Path, ...], *, jobs: int, scheduler: str
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
        yield Cluster(client, functions, here, limits, lexicons)


def _other_reader(worker: str, there: str, here: str) -> str:
    return f"{worker} has another release, other words or other lexicons: {there}; here: {here}"


# On a worker


def _same(work: _Work) -> _Work:
    return work


@cache
def _reader_there(lexicons: tuple[Path, ...]) -> str:
    """Return which reader a worker is. Raises `AccaError` or `OSError` if it lacks the lexicons."""
    return reader_of(lexicons)


def _read(work: _Work, number: int, arguments: tuple[Any, ...]) -> TaskResult:
    """Call a function. Raises `ReadersLost` on a worker that reads otherwise than the process that stores."""
    try:
        there = _reader_there(work.lexicons)
    except (AccaError, OSError) as error:
        raise ReadersLost(f"a Dask worker can't read the lexicons: {error}") from error
    if there != work.reader:
        raise ReadersLost(_other_reader("a Dask worker", there, work.reader))
    try:
        return TaskResult(work.functions[number](*arguments))
    except MemoryError:
        return TaskResult(died=True)
    except Exception as error:  # noqa: BLE001 - the process that stores decides what an error means
        return TaskResult(error=portable_error(error))
