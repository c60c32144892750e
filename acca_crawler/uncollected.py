"""Spare the garbage collector work: pause it for parts that hold no cycles, and have it pass over what stays loaded.

It runs each time some hundreds of parts have been made, and looks at everything that the process holds: reading the
word lists took twice as long with it in a process that had already loaded other libraries, and of the time of the
process that stores a crawl's articles it took a fifteenth.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the garbage collector; used as a decorator too. One that was off stays off."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


RARELY = 5000
"""Parts made and not freed before the collector looks for cycles among them, in place of Python's 700: a page's."""


@contextmanager
def collecting_less() -> Iterator[None]:
    """Have collections pass over what is loaded already, and come once for a page rather than five times."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(RARELY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
