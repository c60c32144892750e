"""Chunks come back in their order from every engine, and an engine that is missing says what to do."""

from __future__ import annotations

import os
import signal
from pathlib import Path

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
