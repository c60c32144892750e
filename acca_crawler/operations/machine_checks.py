"""Checks of the machine: versions, permissions, disk, clock."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from acca_crawler import __version__
from acca_crawler.clock import now, stamp
from acca_crawler.config.loading import Config
from acca_crawler.counting import counted
from acca_crawler.operations.doctor_findings import CheckFinding, error, ok, warning
from storage.exceptions import StorageError
from storage.schema.database import open_read_only

DISTRIBUTION = "acca-crawler"
OLDEST_SQLITE = (3, 37, 0)
"""The first SQLite with STRICT tables."""

GIGABYTE = 1_000_000_000
LOCK_LIBRARIES = "Reinstall with `pip install -r requirements.lock`, or upgrade acca-crawler."


def versions() -> Iterator[CheckFinding]:
    """Check Python, SQLite and every installed package against what acca-crawler requires."""
    yield ok("version", f"acca-crawler {__version__}, Python {sys.version.split()[0]}")
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        yield error(
            "version", f"SQLite {sqlite3.sqlite_version}", "Use a Python that is built with SQLite 3.37 or newer."
        )
    else:
        with closing(sqlite3.connect(":memory:")) as db:
            try:
                db.execute("CREATE VIRTUAL TABLE x USING fts5(y)")
                yield ok("version", f"SQLite {sqlite3.sqlite_version} with full-text search")
            except sqlite3.OperationalError:
                yield error("version", "SQLite without FTS5", "Use a Python whose SQLite has full-text search.")
    wrong = list(_wrong_packages())
    yield from wrong
    if not wrong:
        yield ok("version", "every required package is there in a version that fits")


def _wrong_packages() -> Iterator[CheckFinding]:
    for line in requires(DISTRIBUTION) or ():
        requirement = Requirement(line)
        optional = requirement.marker is not None and not requirement.marker.evaluate({"extra": ""})
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            if not optional:
                yield error("version", f"{requirement.name} is not installed", LOCK_LIBRARIES)
            continue
        if not requirement.specifier.contains(found, prereleases=True):
            yield error("version", f"{requirement.name} {found}, but {requirement.specifier} is needed", LOCK_LIBRARIES)


def permissions(config: Config) -> Iterator[CheckFinding]:
    """Check that we may write to the archive, and that nobody else may read it or the files with secrets."""
    directory = config.archive_directory
    if not directory.is_dir():
        yield ok("permissions", f"{directory}: no archive yet; the first crawl makes it")
        parent = next(path for path in directory.parents if path.is_dir())
        if not os.access(parent, os.W_OK):
            yield error(
                "permissions", f"{parent}: not writable", f"Run: chown {os.geteuid()} {shlex.quote(str(parent))}"
            )
        return
    barred = [path for path in (directory, *directory.glob("*.db"), config.warc_directory) if path.exists()]
    barred = [path for path in barred if not os.access(path, os.R_OK | os.W_OK)]
    for path in barred:
        if os.statvfs(path).f_flag & os.ST_RDONLY:
            advice = "The disk is mounted read-only: mount it for writing, or move the archive (archive.directory)."
        else:
            advice = f"Run: chown -R {os.geteuid()} {shlex.quote(str(directory))}"
        yield error("permissions", f"{path}: not readable and writable for this user", advice)
    open_to_others = [path for path in _files(directory) if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_to_others:
        found = f"{counted(len(open_to_others), 'file')} open to other users, such as {open_to_others[0]}"
        yield warning("permissions", found, f"They name victims: chmod -R go= {shlex.quote(str(directory))}")
    elif not barred:
        yield ok("permissions", f"{directory}: writable, and for this user alone")
    yield from _secrets(config)


def _files(directory: Path) -> Iterator[Path]:
    yield from directory.glob("*.db*")
    yield from (directory / "warc").glob("*.warc.gz")


def _secrets(config: Config) -> Iterator[CheckFinding]:
    names = ("password_file", "secret_file", "urls_file")
    files = [getattr(channel, name, None) for channel in config.channel for name in names]
    for file in (*files, config.operations.metrics_token_file, config.translation.key_file, config.opinion.key_file):
        path = config.base_directory / file if file else None
        if path and path.is_file() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield warning(
                "permissions", f"{path}: a secret that other users may read", f"Run: chmod go= {shlex.quote(str(path))}"
            )


def disk(config: Config) -> Iterator[CheckFinding]:
    """Check the free space on the archive's disk."""
    directory = config.archive_directory
    place = directory if directory.is_dir() else next(path for path in directory.parents if path.is_dir())
    free = shutil.disk_usage(place).free / GIGABYTE
    if free < config.operations.min_free_gb:
        advice = "Free some space, or move the archive to a larger disk (archive.directory)."
        yield error("disk", f"{free:.1f} GB free at {place}", advice)
    else:
        yield ok("disk", f"{free:.1f} GB free at {place}")


def archive(config: Config) -> Iterator[CheckFinding]:
    """Check that the archive opens, and that no time in it is in the future."""
    if not config.archive_file.is_file():
        return
    try:
        with closing(open_read_only(config.archive_file)) as db:
            newest, count = db.execute("SELECT max(started_at), count(*) FROM runs").fetchone()
    except (StorageError, sqlite3.Error) as problem:
        yield error("archive", str(problem), "Keep it unchanged and restore a backup beside it (`acca restore`).")
        return
    yield ok("archive", f"{config.archive_file}: opens; {counted(count, 'run')}, the last at {newest or 'no time'}")
    if newest and newest > stamp(now() + timedelta(minutes=1)):
        advice = "Set the clock by NTP: every time in the archive is this computer's."
        yield error("clock", f"the last run is in the future ({newest}): the clock has gone back", advice)
