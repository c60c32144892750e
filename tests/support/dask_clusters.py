"""Dask clusters that tests connect to, on this machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dask
import distributed

QUIET = {"distributed.worker.profile.enabled": False}
"""Without the thread that looks at the stacks of the others all the time: no test needs it."""


@contextmanager
def running_cluster(workers: int, *, processes: bool = True) -> Iterator[Any]:
    """Start a cluster with so many workers, in processes of their own or in this one; end it with the block."""
    cluster: Any = distributed.LocalCluster  # without types
    with (
        dask.config.set(QUIET),
        cluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=processes,
            protocol="tcp://",
            dashboard_address="127.0.0.1:0",
            host="127.0.0.1",
            silence_logs=logging.ERROR,
        ) as started,
    ):
        yield started
