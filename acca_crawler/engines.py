"""Where work on many chunks runs: in this process, in processes of this machine, or on a Dask cluster.

The work is a function of a setup, which each process gets once, and a chunk. It must not write: results come back in
the order of the chunks, and the caller stores them.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Literal, TypeVar

from acca_crawler.exceptions import EngineError
from acca_crawler.interrupts import Stopped, interruptible

S = TypeVar("S")
C = TypeVar("C")
R = TypeVar("R")

EngineName = Literal["processes", "dask"]

AHEAD = 4
"""Chunks queued per process: enough to keep it busy with constant memory."""


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
    """Yield the results of all chunks in their order. A chunk whose process ended is given to another one by Dask.

    Raises `EngineError` if the cluster can't be reached, and what the work raises.
    """
    if engine.name == "processes" and engine.jobs == 1:
        for chunk in chunks:
            with interruptible():
                result = work(setup, chunk)
            yield result
        return
    with _submitter(engine, work, setup) as (submit, ahead):
        waiting: deque[Future[R]] = deque()
        try:
            for chunk in chunks:
                waiting.append(submit(chunk))
                if len(waiting) >= ahead:
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())
        except Stopped:
            for process in multiprocessing.active_children():
                process.terminate()
            raise
        finally:
            for future in waiting:
                future.cancel()


def _result(future: Future[R]) -> R:
    with interruptible():
        return future.result()


@contextmanager
def _submitter(engine: Engine, work: Callable[[S, C], R], setup: S) -> Iterator[tuple[Callable[[C], Future[R]], int]]:
    """Give a function that submits a chunk, and how many chunks to queue."""
    if engine.name == "dask":
        with _dask(engine) as client:
            shared = client.scatter(_Setup(work, setup), broadcast=True)
            executor: Any = client.get_executor()
            workers = max(1, sum(client.nthreads().values()))
            yield partial(executor.submit, _on_dask, shared), workers * AHEAD
        return
    # Not forked: an archive's connection must not be shared with a child.
    start = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(engine.jobs, start, initializer=_begin, initargs=(_Setup(work, setup),)) as pool:
        yield (lambda chunk: pool.submit(_in_process, chunk)), engine.jobs * AHEAD


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
    with ExitStack() as stack:
        try:
            address: Any = engine.scheduler or stack.enter_context(
                dask.LocalCluster(n_workers=engine.jobs, threads_per_worker=1, dashboard_address=None, host="127.0.0.1")
            )
            client = stack.enter_context(dask.Client(address, timeout="10s"))
        except (OSError, ValueError) as error:
            raise EngineError(f"the Dask cluster {engine.scheduler} can't be reached: {error}") from error
        if not client.nthreads():
            raise EngineError(f"the Dask cluster {engine.scheduler} has no workers")
        yield client


_setup: _Setup[Any, Any, Any]


def _begin(setup: _Setup[Any, Any, Any]) -> None:
    global _setup
    for number in (signal.SIGINT, signal.SIGHUP):  # a terminal sends them to the whole group; the parent decides
        signal.signal(number, signal.SIG_IGN)
    _setup = setup


def _in_process(chunk: Any) -> Any:
    return _setup.run(chunk)


def _on_dask(setup: _Setup[Any, Any, Any], chunk: Any) -> Any:
    return setup.run(chunk)
