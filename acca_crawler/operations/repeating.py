"""Repeats `acca run` in a process of its own each time, for containers without cron."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import FrameType

from acca_crawler.interrupts import SIGNALS

STOPPED = 130
"""Exit code after a signal."""


class _Repetition:
    """The run that is going on, and the signal that ends it and the repetition."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._running: subprocess.Popen[bytes] | None = None
        self._received: int | None = None
        self._stopping = threading.Event()

    def receive(self, number: int, _: FrameType | None) -> None:
        """Pass a signal on to the run, and start no other."""
        self._received = number
        self._stopping.set()
        self._pass_on()

    def go_on(self, seconds: float) -> None:
        """Run and pause in turn until a signal is received."""
        while not self._stopping.is_set():
            self._running = subprocess.Popen(self._command)
            self._pass_on()  # a signal that came while the process started
            self._running.wait()
            self._running = None
            self._stopping.wait(seconds)

    def _pass_on(self) -> None:
        if self._received is not None and self._running is not None and self._running.poll() is None:
            self._running.send_signal(self._received)


def repeat(arguments: Sequence[str], seconds: float) -> int:
    """Run `acca` with these arguments every `seconds` until SIGINT, SIGTERM or SIGHUP; returns the exit code 130.

    A running process gets the signal and ends first. A run that fails does not end the repetition. A signal that was
    ignored from the start (nohup) stays ignored.
    """
    repetition = _Repetition([sys.executable, "-m", "acca_crawler", *arguments])
    for number in SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, repetition.receive)
    repetition.go_on(seconds)
    return STOPPED
