"""Repeats `acca run` in a process of its own each time, for containers without cron."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import FrameType

STOPPED = 130
"""Exit code after a signal."""


def repeat(arguments: Sequence[str], seconds: float) -> int:
    """Run `acca` with these arguments every `seconds` until SIGINT or SIGTERM; returns the exit code 130.

    A running process gets the signal and ends first. A run that fails does not end the repetition.
    """
    stopping = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def stop(number: int, _: FrameType | None) -> None:
        stopping.set()
        for process in running:
            if process.poll() is None:
                process.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    while not stopping.is_set():
        running[:] = [subprocess.Popen([sys.executable, "-m", "acca_crawler", *arguments])]
        running[0].wait()
        stopping.wait(seconds)
    return STOPPED
