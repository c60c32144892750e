"""Where pages are read: in processes of this machine, or on a Dask cluster; each page has its limits on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from acca_crawler.crawl.reading.apart import GuardSetup
from acca_crawler.crawl.reading.cluster import open_cluster
from acca_crawler.crawl.reading.guard import Functions, Limits
from acca_crawler.crawl.reading.pool import Pool, open_pool

EngineName = Literal["processes", "dask"]

AHEAD = 4
"""Tasks begun per process before the first result is taken: enough to keep it busy in bounded memory."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Which engine to use: `jobs` processes of this machine, or a Dask cluster.

    `scheduler` is the address of a running cluster's scheduler (`tcp://host:8786`); empty starts one with `jobs`
    workers here.
    """

    name: EngineName = "processes"
    jobs: int = 1
    scheduler: str = ""

    @property
    def has_several(self) -> bool:
        """Whether others than the process that stores read pages, so that they can prepare articles for it."""
        return self.name == "dask" or self.jobs > 1


class Result(Protocol):
    """What a task returns, later."""

    def result(self) -> Any:
        """Wait for the result. Raises what the function raises, `PageTooHeavy` or `EngineError`."""
        ...


class Readers(Protocol):
    """Processes that read pages, `jobs` at a time. `here` are those of this machine, which has the files."""

    jobs: int

    @property
    def here(self) -> Pool:
        """The processes of this machine among them, or beside them."""
        ...

    def submit(self, number: int, *arguments: Any) -> Result:
        """Have the function with this index called."""
        ...


@contextmanager
def open_readers(
    engine: Engine, functions: Functions, load: Callable[[], None], limits: Limits, lexicons: tuple[Path, ...]
) -> Iterator[Readers]:
    """Start an engine; stop it at the end of the block. Call this before opening files that it must not share.

    `load` is called before the first page is read, once on this machine and in each guard of a cluster; `lexicons` are
    the operator's, which a cluster must have, too. Raises `EngineError` if the cluster can't be used.
    """
    if engine.name == "processes":
        with open_pool(functions, load, limits, engine.jobs) as pool:
            yield pool
        return
    with (
        open_pool(functions, load, limits, 1) as here,
        open_cluster(
            GuardSetup(functions, load, limits), here, lexicons, jobs=engine.jobs, scheduler=engine.scheduler
        ) as cluster,
    ):
        yield cluster
