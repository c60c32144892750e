"""Loads a library without another one that it would use: a third of a short command's time went into those."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*packages: str) -> Iterator[None]:
    """Let imports of these packages fail for a while, as if they were not installed.

    Those that are loaded already stay: there is nothing to save, and other threads may use them meanwhile.
    """
    hidden = [package for package in packages if package not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # with None, Python looks no further
    try:
        yield
    finally:
        for package in hidden:
            del sys.modules[package]
