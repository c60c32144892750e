"""Opening the archive: connection settings, migrations, transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.exceptions import ArchiveError
from storage.schema.kinds import ArchiveDb
from storage.schema.migrations import migrations
from storage.schema.read_only import connect_read_only
from storage.schema.upgrading import apply_pending
from storage.schema.views import recreate_views

BUSY_TIMEOUT_MS = 30_000
PRIVATE = 0o600
"""File mode of a new archive: it names victims, and SQLite gives its side files the database's mode."""

CACHE_KIB = 32 * 1024
"""Page cache of a connection: enough for the upper levels of every index of a million articles, and some leaves."""


def refuse_fresh_start(path: Path, warc_directory: Path) -> None:
    """Raise `ArchiveError` if there are captures, but the database that indexes them is missing or empty."""
    if path.is_file() and path.stat().st_size > 0:
        return
    if next(warc_directory.glob("*.warc.gz"), None) is not None:
        raise ArchiveError(
            f"{path}: the database is gone, but {warc_directory} holds its captures: restore a backup "
            "(`acca restore`), or name another archive.directory to start afresh"
        )


def open_archive(path: Path) -> ArchiveDb:
    """Open the archive for writing, creating and migrating it as needed.

    WAL lets analysts read while a crawl writes. `synchronous=NORMAL`: a killed process loses nothing; a power cut can
    undo the last commits as a whole, never in part, and the next crawl fetches their content again.

    Raises `ArchiveError`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=PRIVATE, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000)
        db = _configured(connection)
        db.enable_wal()
        db.execute("PRAGMA synchronous = NORMAL")
        _refuse_newer(db, path)
        apply_pending(db, migrations, path)
        recreate_views(db)
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(f"{path}: the archive can't be opened for writing: {error}") from error
    return db


def open_read_only(path: Path) -> ArchiveDb:
    """Open an existing archive for reading, even while a crawl is writing. Raises `ArchiveError`."""
    if not path.is_file():
        raise ArchiveError(f"{path}: there is no archive yet; `acca crawl` makes it")
    try:
        db = _configured(connect_read_only(path))
        _refuse_newer(db, path)
        pending = [migration.name for migration in migrations.pending(db)]
    except sqlite3.Error as error:
        raise ArchiveError(f"{path}: the archive can't be read: {error}") from error
    if pending:
        db.close()
        _bring_up_to_date(path)
        return open_read_only(path)
    return db


def _bring_up_to_date(path: Path) -> None:
    try:
        open_archive(path).close()
    except ArchiveError as error:
        raise ArchiveError(
            f"{path}: an earlier release made this archive, and this one has to change its tables before it can read "
            "it, but can't write here: copy the archive's directory to where you can write, or read it with that "
            f"release ({error})"
        ) from error


def make_durable(db: ArchiveDb) -> None:
    """Let every further commit of this connection survive a power cut, and with the first all commits before it."""
    db.execute("PRAGMA synchronous = FULL")


@contextmanager
def transaction(db: ArchiveDb) -> Iterator[ArchiveDb]:
    """Run a write transaction that takes the write lock at once, so that it never fails midway because of a stale
    read."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.rollback()
        raise
    db.commit()


def _configured(connection: sqlite3.Connection) -> ArchiveDb:
    connection.row_factory = sqlite3.Row
    db = ArchiveDb(connection)
    db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _refuse_newer(db: ArchiveDb, path: Path) -> None:
    known = {migration.name for migration in migrations.pending(db)} | {m.name for m in migrations.applied(db)}
    ours = {migration.name for migration in migrations._migrations}
    if unknown := known - ours:
        raise ArchiveError(f"{path}: made by a newer release (unknown migrations: {', '.join(sorted(unknown))})")
