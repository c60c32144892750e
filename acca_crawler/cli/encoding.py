"""Makes the command work in any locale: names of people and files are in scripts that not every encoding has."""

from __future__ import annotations

import codecs
import os
import sys


def use_utf8() -> None:
    """Start again in Python's UTF-8 mode if the locale knows ASCII only (`LC_ALL=C`), as cron and containers set it.

    In a locale with another encoding, characters that it lacks are printed as escapes.
    """
    if codecs.lookup(sys.getfilesystemencoding()).name == "ascii" and not sys.flags.utf8_mode:
        sys.stdout.flush()
        # The arguments as they were typed: each is encoded again with the error handler that decoded it.
        arguments = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, arguments, {**os.environ, "PYTHONUTF8": "1"})
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and getattr(stream, "errors", "") == "strict":
            reconfigure(errors="backslashreplace")
