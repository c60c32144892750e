"""Pause the garbage collector where thousands of parts are made that hold no cycles: word lists, the blocks of a page.

It runs each time some hundreds of parts have been made, and looks at everything that the process holds: reading the
word lists took twice as long with it in a process that had already loaded other libraries.
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
