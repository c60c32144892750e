"""Loads a library without another one that it would use: a third of a short command's time went into those."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*packages: str) -> Iterator[None]:
    """Let imports of these packages fail for a while, as if they were not installed."""
    loaded = {package: sys.modules.pop(package, None) for package in packages}
    sys.modules.update(dict.fromkeys(packages))  # type: ignore[arg-type]  # with None, Python looks no further
    try:
        yield
    finally:
        for package, module in loaded.items():
            del sys.modules[package]
            if module:
                sys.modules[package] = module
