"""What `warm` may change for one command before it runs: its clock, the size of its files, its disk."""

from __future__ import annotations

import ctypes
import importlib
import os
import resource
import subprocess
from datetime import datetime, timedelta, tzinfo
from operator import attrgetter
from pathlib import Path

from acca_crawler import clock
from acca_crawler.crawl.reading import pool

NEW_MOUNTS, NEW_USERS = 0x00020000, 0x10000000
"""`CLONE_NEWNS` and `CLONE_NEWUSER` of linux/sched.h."""


def wrong_clock(days: str) -> None:
    """Let the clock be wrong by so many days."""

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=float(days))

    setattr(clock, "datetime", Wrong)  # noqa: B010 - for the type checker it is a type


def small_files(size: str) -> None:
    """Let no file become larger than so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))


def missing_tables() -> None:
    """Let the word lists and models that all pages need be missing."""

    def load_tables(_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", "weights.npz")

    setattr(pool, "load_tables", load_tables)  # noqa: B010 - for the type checker it is a function


def signal_in(module: str, name: str, number: str) -> None:
    """Let the process get a signal whenever it calls this function of a module, or of a class (`Class.name`)."""
    *classes, name = name.split(".")
    where = attrgetter(*classes)(importlib.import_module(module)) if classes else importlib.import_module(module)
    function = getattr(where, name)

    def interrupted(*arguments: object) -> object:
        os.kill(os.getpid(), int(number))
        return function(*arguments)

    setattr(where, name, interrupted)


def read_only(directory: str) -> None:
    """Mount a directory read-only."""
    _mount_alone()
    _run("mount", "--bind", directory, directory)
    _run("mount", "-o", "remount,ro,bind", directory)
    os.chdir(Path.cwd())  # what was the working directory lies below the mount


def small_disk(directory: str, size: str) -> None:
    """Mount a disk of this size (`1100k`) there; copy what is on it beside the directory, with `-seen`, at the end."""
    _mount_alone()
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", directory)
    command = os.fork()
    if command:
        status = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
        _run("cp", "-a", f"{directory}/.", f"{directory}-seen")
        os._exit(status)


def _mount_alone() -> None:
    """Get a mount namespace of our own, in which we may mount, as `unshare -rm` does; it ends with us."""
    user, group = os.getuid(), os.getgid()
    if ctypes.CDLL(None, use_errno=True).unshare(NEW_MOUNTS | NEW_USERS):
        raise OSError(ctypes.get_errno(), "no mount namespace of our own")
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        Path("/proc/self", name).write_text(text)
    _run("mount", "--make-rprivate", "/")


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
