"""Reprocessing gives the same on every engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.desk import Desk

pytestmark = pytest.mark.xdist_group("demo")


def test_dask_reads_the_archive_as_this_process_does(demo: Path) -> None:
    desk = Desk(demo)
    here = desk.acca("reprocess", "--dry-run", "--jobs", "1")
    assert desk.acca("reprocess", "--dry-run", "--engine", "dask", "--jobs", "2") == here
    assert " articles: " in here


def test_a_scheduler_without_dask_and_one_that_is_not_there_are_refused(demo: Path) -> None:
    desk = Desk(demo)
    shown = desk.acca("reprocess", "--dry-run", "--scheduler", "tcp://127.0.0.1:9", code=2)
    assert "add --engine dask" in shown
    shown = desk.acca("reprocess", "--dry-run", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9", code=1)
    assert "the Dask cluster tcp://127.0.0.1:9 can't be reached" in shown
