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
    the database as one that never changes; if something waits in the log, it raises `sqlite3.OperationalError`.
    """
    address = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=TIMEOUT)
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error as error:
        connection.close()
        if not (isinstance(error, sqlite3.OperationalError) and _is_on_read_only_disk(path)):
            raise
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            advice = f"copy {path.name} and {log.name} to where you can write, and read them there"
            raise sqlite3.OperationalError(
                f"its last changes are in {log.name}, on a read-only disk: {advice}"
            ) from error
        return sqlite3.connect(f"{address}&immutable=1", uri=True, timeout=TIMEOUT)
    return connection


def _is_on_read_only_disk(path: Path) -> bool:
    return bool(os.statvfs(path.parent).f_flag & os.ST_RDONLY)
