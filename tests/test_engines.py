"""Chunks come back in their order from every engine, and an engine that is missing says what to do."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import distributed
import pytest

from acca_crawler.engines import Engine, run_chunks
from acca_crawler.exceptions import EngineError


def add(setup: int, chunk: list[int]) -> list[int]:
    """Add the setup to each number."""
    return [setup + number for number in chunk]


def die_once(marker: Path, chunk: int) -> int:
    """End the process that reads chunk 3 the first time, as the kernel does when memory is short."""
    if chunk == 3 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return chunk


CHUNKS = [[number, number + 1] for number in range(0, 40, 2)]


@pytest.mark.parametrize("engine", [Engine(jobs=1), Engine("dask", jobs=2)], ids=str)
def test_results_come_in_the_order_of_the_chunks(engine: Engine) -> None:
    assert list(run_chunks(engine, add, 100, iter(CHUNKS))) == [add(100, chunk) for chunk in CHUNKS]


def test_a_killed_dask_worker_loses_no_chunk(tmp_path: Path) -> None:
    results = run_chunks(Engine("dask", jobs=2), die_once, tmp_path / "killed", range(8))
    assert list(results) == list(range(8))
    assert (tmp_path / "killed").exists()


def test_a_cluster_that_is_not_there_is_named() -> None:
    with pytest.raises(EngineError, match=r"tcp://127\.0\.0\.1:9 can't be reached"):
        list(run_chunks(Engine("dask", scheduler="tcp://127.0.0.1:9"), add, 1, [[1]]))


def test_a_killed_worker_without_another_loses_no_chunk(tmp_path: Path) -> None:
    results = run_chunks(Engine("dask", jobs=1), die_once, tmp_path / "killed", range(8))
    assert list(results) == list(range(8))


def always_die(setup: int, chunk: int) -> int:
    """End the process that reads chunk 3, every time."""
    if chunk == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return setup + chunk


def test_a_chunk_that_ends_every_worker_is_an_error_of_the_engine() -> None:
    results = run_chunks(Engine("dask", jobs=1), always_die, 0, range(8))
    with pytest.raises(EngineError, match="worker"):
        list(results)


@pytest.fixture
def cluster() -> Iterator[Any]:
    """A cluster that was started elsewhere."""
    dask: Any = distributed
    with dask.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    ) as started:
        yield started


def test_a_cluster_that_ends_on_the_way_is_an_error_of_the_engine(
    cluster: Any, caplog: pytest.LogCaptureFixture
) -> None:
    results = run_chunks(Engine("dask", scheduler=cluster.scheduler_address), add, 0, ([number] for number in count()))
    assert next(results) == [0]
    cluster.close()
    with pytest.raises(EngineError, match="connection to the Dask cluster"):
        list(results)
    assert [record for record in caplog.records if record.name == "distributed.client"] == []


def test_a_cluster_that_keeps_no_worker_is_an_error_of_the_engine(
    cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acca_crawler.engines.PATIENCE", 0.2)
    results = run_chunks(Engine("dask", scheduler=cluster.scheduler_address), add, 0, ([number] for number in count()))
    assert next(results) == [0]
    cluster.scale(0)
    with pytest.raises(EngineError, match="no workers left"):
        list(results)
