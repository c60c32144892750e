"""Processor time by stage in the crawl's process and in those that it forks, while the crawl is running."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any


class Stages:
    """Counts seconds of processors, not of the clock, so that the table holds on a busy machine too.

    A stage within another counts for itself alone. Create it before the processes that it shall count in are forked.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = list(labels)
        self._owner = os.getpid()
        self._spent = multiprocessing.Array("d", 2 * len(self._labels))
        self._within = threading.local()

    def time(self, owner: Any, name: str, label: str, *, whole: bool = False) -> None:
        """Count what a function takes as the stage `label`; `whole` is whether the stages within belong to it."""
        function: Callable[..., Any] = getattr(owner, name)

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if getattr(self._within, "whole", False):
                return function(*args, **kwargs)
            self._within.whole = whole
            outer, self._within.spent = getattr(self._within, "spent", 0.0), 0.0
            began = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                took = time.thread_time() - began
                self._add(label, took - self._within.spent)
                self._within.spent = outer + took
                self._within.whole = False

        setattr(owner, name, wrapper)

    def _add(self, label: str, seconds: float) -> None:
        place = self._labels.index(label) + (0 if os.getpid() == self._owner else len(self._labels))
        with self._spent.get_lock():
            self._spent[place] += seconds

    def clear(self) -> None:
        """Forget what was counted in the crawl's process so far: it belongs to the start."""
        with self._spent.get_lock():
            self._spent[: len(self._labels)] = [0.0] * len(self._labels)

    @property
    def own(self) -> dict[str, float]:
        """Seconds by stage in the process that created this."""
        return self._by_label(0)

    @property
    def forked(self) -> dict[str, float]:
        """Seconds by stage in all processes forked from it."""
        return self._by_label(len(self._labels))

    def _by_label(self, start: int) -> dict[str, float]:
        return {label: self._spent[start + place] for place, label in enumerate(self._labels)}
