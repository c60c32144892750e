"""Applies migrations where several processes open a database of an earlier release at the same time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.schema.sqlite_utils_alone import Database, Migrations


def apply_pending(db: Database, migrations: Migrations, path: Path) -> None:
    """Apply the migrations that the database at `path` lacks: one process does, and others wait for it.

    Raises `OSError`, and `sqlite3.Error` if one can't be applied.
    """
    if not migrations.pending(db):
        return
    lock = path.with_name(f"{path.name}.upgrade")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        migrations.apply(db)
        lock.unlink(missing_ok=True)  # a process that waits for it will find nothing to apply
    finally:
        os.close(descriptor)
