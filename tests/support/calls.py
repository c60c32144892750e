"""Counts which of our functions a piece of work goes through, and how often it turns back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[2]
OURS = tuple(f"{ROOT / package}/" for package in ("acca_crawler", "storage", "spiders"))


@dataclass
class Calls:
    """The functions of ours that ran, as (module, name); comprehensions belong to their function.

    `back` are calls into a module that waits for the caller: the path left it and returns to it from elsewhere.
    `edges` are the calls themselves, each pair of functions once, in order.
    """

    functions: set[tuple[str, str]] = field(default_factory=set)
    back: set[tuple[str, str]] = field(default_factory=set)
    edges: dict[tuple[tuple[str, str], tuple[str, str]], None] = field(default_factory=dict)

    @property
    def modules(self) -> set[str]:
        """Return the modules of the functions."""
        return {module for module, _ in self.functions}

    def steps_of(self, name: str) -> list[str]:
        """Return the functions that a function called itself, in order, without those of its own module."""
        found = (called for caller, called in self.edges if caller[1] == name and caller[0] != called[0])
        return [called for _, called in found]

    def __str__(self) -> str:
        return f"{len(self.functions)} functions in {len(self.modules)} modules, {len(self.back)} calls back"

    def see(self, frame: FrameType) -> None:
        """Count the function that a new frame belongs to."""
        own = _function(frame)
        if own is None:
            return
        callers: list[tuple[str, str]] = []
        above = frame.f_back
        while above is not None:
            if (caller := _function(above)) is not None:
                callers.append(caller)
            above = above.f_back
        self.functions.add(own)
        if callers:
            self.edges[callers[0], own] = None
        if callers and callers[0][0] != own[0] and own[0] in {module for module, _ in callers}:
            self.back.add(own)


@contextmanager
def counted() -> Iterator[Calls]:
    """Count the calls of this thread in the block. Do the same work once before: the first call loads tables."""
    calls = Calls()

    def profile(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            calls.see(frame)

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def _function(frame: FrameType) -> tuple[str, str] | None:
    code = frame.f_code
    if not code.co_filename.startswith(OURS) or code.co_name.startswith("<"):
        return None
    return str(Path(code.co_filename).relative_to(ROOT)), code.co_qualname
