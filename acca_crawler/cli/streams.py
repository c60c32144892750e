"""Stands in for standard streams that were closed before the command started, as some supervisors do."""

from __future__ import annotations

import os
import sys


def open_closed_streams() -> None:
    """Open /dev/null where standard input, output or errors are closed.

    Otherwise the next file that is opened, such as a WARC file, would get the number of a standard stream, and what
    is printed would be written into it.
    """
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest free number: this one
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(descriptor, "w" if descriptor else "r", encoding="utf-8", closefd=False))
