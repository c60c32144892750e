"""Stop signals for commands that do long work: they take effect where nothing is left half done."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_installed = False
_received: str | None = None
_may_raise = False


class Stopped(BaseException):
    """A signal stopped the command: raised by `interruptible`. Like KeyboardInterrupt, it is not an `Exception`."""


@contextmanager
def stop_signals() -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and SIGHUP stop the block at its next `interruptible` part.

    A signal that was ignored from the start (nohup) stays ignored.
    """
    global _installed, _received
    heeded = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, _receive) for number in heeded}
    _installed, _received = True, None
    try:
        yield
    finally:
        _installed = False
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interruptible() -> Iterator[None]:
    """A part that may end anywhere, as what only reads. Raises `Stopped` at its beginning or within it, once a signal
    was received."""
    global _may_raise
    if _installed and _received:
        raise Stopped(_received)
    _may_raise = True
    try:
        yield
    finally:
        _may_raise = False


def stop_requested() -> bool:
    """Return whether a signal came within `stop_signals`: for work in small steps that ends between two of them."""
    return _installed and _received is not None


def _receive(number: int, _: FrameType | None) -> None:
    global _received
    _received = signal.Signals(number).name
    if _may_raise:
        raise Stopped(_received)
