"""Connections that change nothing, also to databases on a disk that can't be written to."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

TIMEOUT = 30.0
"""Seconds to wait for a lock."""


def connect_read_only(path: Path) -> sqlite3.Connection:
    """Connect to an existing database for reading, even while another process writes to it. Raises `sqlite3.Error`.

    SQLite makes files beside a database with a write-ahead log even to read it. On a read-only disk it can't, and reads
    the database as one that never changes, if nothing waits in the log.
    """
    address = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=TIMEOUT)
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error as error:
        connection.close()
        if not (isinstance(error, sqlite3.OperationalError) and _never_changes(path)):
            raise
        return sqlite3.connect(f"{address}&immutable=1", uri=True, timeout=TIMEOUT)
    return connection


def _never_changes(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    is_read_only = bool(os.statvfs(path.parent).f_flag & os.ST_RDONLY)
    return is_read_only and not (log.exists() and log.stat().st_size)
