"""Helpers shared by subcommands: configuration, archive access, and one-line errors with the right exit code."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from acca_crawler.cli import LOG_FORMAT
from acca_crawler.config import loading
from acca_crawler.config.loading import Config
from acca_crawler.counting import counted
from acca_crawler.exceptions import AccaError, ConfigError
from acca_crawler.operations import logs

if TYPE_CHECKING:
    from storage.evidence.backup import Copied
    from storage.review.journal import Action
    from storage.schema.kinds import ArchiveDb

FAILED, USAGE, LOCKED, STOPPED = 1, 2, 3, 130
"""Exit codes: something failed; wrong usage or configuration; another process writes to the archive; a signal."""


def give_up(message: str, code: int) -> NoReturn:
    """Print one line to standard error and exit."""
    click.echo(f"acca: {message}", err=True)
    sys.exit(code)


def load_config(context: click.Context) -> Config:
    """Return the operator's configuration. Exits with code 2 if it is invalid."""
    path: Path | None = context.obj
    try:
        config = loading.load(path)
    except ConfigError as error:
        give_up(str(error), USAGE)
    logs.set_up(config, context.meta.get(LOG_FORMAT, "text"))
    return config


def on_day(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Validate a date option such as 2026-01-31; may be empty. Raises `click.BadParameter` (exit code 2) otherwise."""
    from datetime import date

    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a date; write it as 2026-01-31") from None


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn our own errors, OS errors and SQLite errors into one line and an exit code."""
    from storage.exceptions import ArchiveLocked, StorageError

    try:
        yield
    except ArchiveLocked as error:
        give_up(str(error), LOCKED)
    except ConfigError as error:
        give_up(str(error), USAGE)
    except (AccaError, StorageError) as error:
        give_up(str(error), FAILED)
    except BrokenPipeError:
        raise  # the reader of our output closed the pipe; click exits silently
    except OSError as error:
        give_up(f"{error.filename or ''}: {error.strerror or error}".lstrip(": "), FAILED)
    except sqlite3.OperationalError as error:
        give_up(f"the archive: {error}", FAILED)


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """End the command cleanly on Ctrl-C, SIGTERM and SIGHUP, with one line and exit code 130."""
    from acca_crawler.interrupts import Stopped, stop_signals

    try:
        with stop_signals():
            yield
    except Stopped as stopped:
        give_up(f"stopped by {stopped}; everything before is stored, the same command goes on", STOPPED)


@contextmanager
def reading(context: click.Context) -> Iterator[ArchiveDb]:
    """Open the archive read-only."""
    from storage.schema.database import open_read_only

    config = load_config(context)
    with clear_errors():
        db = open_read_only(config.archive_file)
        try:
            yield db
        finally:
            db.close()


@contextmanager
def writing(config: Config) -> Iterator[ArchiveDb]:
    """Open an existing archive as its only writer. Raises `ArchiveLocked`, `ArchiveError`."""
    from storage.schema.database import open_archive, open_read_only
    from storage.schema.lock import writer_lock

    open_read_only(config.archive_file).close()
    with writer_lock(config.lock_file):
        db = open_archive(config.archive_file)
        try:
            yield db
        finally:
            db.close()


def say_on_terminal(line: str) -> None:
    """Print progress, on a terminal only, to keep it out of cron mails."""
    if sys.stderr.isatty():
        click.echo(line, err=True)


def copy_summary(target: Path, copied: Copied) -> str:
    """Return a one-line summary of a backup or a restore."""
    return f"{target}: the databases and {copied.bytes:,} bytes of {counted(copied.files, 'WARC file')} copied"


def day(text: str | None, option: str) -> str | None:
    """Return the timestamp of midnight UTC of an option's date. Exits with code 2 if it is not a date."""
    from acca_crawler.clock import parse_stamp, stamp

    try:
        return stamp(parse_stamp(text)) if text is not None else None
    except ValueError:
        give_up(f"{option} {text!r} is not a date; write it as 2026-01-31", USAGE)


def account_name() -> str:
    """Return the name of the caller's account; its number where a container knows none."""
    import getpass
    import os

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def note_custody(config: Config, action: Action, subject: Mapping[str, object], sha256: str | None = None) -> None:
    """Add what was done to the journal, by this operating system account; a warning if the journal can't be written."""
    from acca_crawler.clock import utc_stamp
    from storage.exceptions import StorageError
    from storage.review import journal
    from storage.review.database import open_people
    from storage.schema.database import transaction

    try:
        db = open_people(config.people_file, config.archive_file)
        try:
            with transaction(db):
                journal.append(db, action, account_name(), subject, sha256, utc_stamp())
        finally:
            db.close()
    except (StorageError, sqlite3.Error, OSError) as error:
        click.echo(f"acca: the {action} is not in the journal: {error}", err=True)


def file_sha256(path: Path) -> str | None:
    """Return the SHA-256 (hex) of a file; None if it can't be read."""
    import hashlib

    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
