"""Where work on many chunks runs: in this process or on a Dask cluster.

The work is a function of a setup, which each process gets once, and a chunk. It must not write: results come back in
the order of the chunks, and the caller stores them. Several processes of this machine read pages in the crawl's pool
(`crawl.reading`), which limits the time and memory of each page.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from acca_crawler.exceptions import EngineError
from acca_crawler.interrupts import interruptible

S = TypeVar("S")
C = TypeVar("C")
R = TypeVar("R")

EngineName = Literal["processes", "dask"]

AHEAD = 4
"""Chunks queued per process: enough to keep it busy with constant memory."""

PATIENCE = 60.0
"""Seconds that a cluster without workers is waited for: those that a nanny starts again are there in a few."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Which engine to use: `jobs` processes of this machine, or a Dask cluster.

    `scheduler` is the address of a running cluster's scheduler (`tcp://host:8786`); empty starts one with `jobs`
    workers here.
    """

    name: EngineName = "processes"
    jobs: int = 1
    scheduler: str = ""


def run_chunks(engine: Engine, work: Callable[[S, C], R], setup: S, chunks: Iterable[C]) -> Iterator[R]:
    """Yield the results of all chunks in their order, from this process or from Dask.

    A chunk whose process ended is given to another one by Dask.
    Raises `EngineError` if the cluster can't be reached, loses all its workers or one chunk ends several of them, and
    what the work raises.
    """
    if engine.name == "processes":
        for chunk in chunks:
            with interruptible():
                result = work(setup, chunk)
            yield result
        return
    with _dask(engine) as client:
        # A task rather than data: the scheduler has it made again if the workers that hold it end.
        shared = client.submit(_Setup, work, setup, pure=False)
        ahead = max(1, sum(client.nthreads().values())) * AHEAD
        waiting: deque[Any] = deque()
        try:
            for chunk in chunks:
                waiting.append(client.submit(_on_dask, shared, chunk, pure=False))
                if len(waiting) >= ahead:
                    yield _result(client, waiting.popleft())
            while waiting:
                yield _result(client, waiting.popleft())
        finally:
            for future in waiting:
                future.cancel()


def _result(client: Any, future: Any) -> Any:
    """Wait for a chunk's result. Raises `EngineError`, and what the work raises."""
    from distributed import CancelledError, KilledWorker

    while True:
        try:
            with interruptible():
                return future.result(timeout=PATIENCE)
        except CancelledError as error:
            raise EngineError("the connection to the Dask cluster was lost: start the command again") from error
        except KilledWorker as error:
            raise EngineError(
                f"{error.allowed_failures + 1} Dask workers ended while they read the same pages: give them more "
                "memory, or read them with --engine processes, which limits each page"
            ) from error
        except TimeoutError:
            if future.done():
                raise
            if not client.nthreads():
                raise EngineError("the Dask cluster has no workers left: start some, and the command again") from None


@dataclass(frozen=True, slots=True)
class _Setup(Generic[S, C, R]):
    """The work and what it needs besides a chunk."""

    work: Callable[[S, C], R]
    setup: S

    def run(self, chunk: C) -> R:
        return self.work(self.setup, chunk)


@contextmanager
def _dask(engine: Engine) -> Iterator[Any]:
    try:
        import distributed
    except ImportError as error:
        raise EngineError("--engine dask needs the extra `dask`: pip install 'acca-crawler[dask]'") from error
    dask: Any = distributed
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it logs as an error is raised here
    with ExitStack() as stack:
        try:
            address: Any = engine.scheduler or stack.enter_context(
                dask.LocalCluster(
                    n_workers=engine.jobs, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
                )
            )
            client = stack.enter_context(dask.Client(address, timeout="10s"))
        except (OSError, ValueError) as error:
            raise EngineError(f"the Dask cluster {engine.scheduler} can't be reached: {error}") from error
        if not client.nthreads():
            raise EngineError(f"the Dask cluster {engine.scheduler} has no workers")
        yield client


def _on_dask(setup: _Setup[Any, Any, Any], chunk: Any) -> Any:
    return setup.run(chunk)
