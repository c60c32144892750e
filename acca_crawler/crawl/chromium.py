"""The Chromium of this machine, for pictures of pages and for pages that scripts put together."""

from __future__ import annotations

import os
import shutil

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")

NO_NETWORK = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
"""Switches that keep Chromium from asking anybody for anything by itself."""


def chromium() -> str | None:
    """Return the path of the program, None if it is not installed."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def may_use_sandbox() -> bool:
    """Return whether Chromium can start with its sandbox: as root it refuses to."""
    return os.geteuid() != 0
