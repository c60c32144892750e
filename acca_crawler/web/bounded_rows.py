"""Limit on the total size of a query's rows: 2,000 rows of large values would exhaust the server's memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

MAX_RESULT = 64 * 1024 * 1024
"""Bytes (for text: characters) over all rows of a query; the longest article has a few million."""


def bounded_rows(limit: int = MAX_RESULT) -> Callable[[sqlite3.Cursor, tuple[object, ...]], sqlite3.Row]:
    """Return a row factory for one connection; raises `sqlite3.OperationalError` if a query's rows exceed `limit`."""
    current: sqlite3.Cursor | None = None
    left = limit

    def row(cursor: sqlite3.Cursor, values: tuple[object, ...]) -> sqlite3.Row:
        nonlocal current, left
        if cursor is not current:
            current, left = cursor, limit
        left -= sum(len(value) for value in values if isinstance(value, str | bytes))
        if left < 0:
            current = None
            raise sqlite3.OperationalError(f"the result is larger than {limit // 2**20} MiB: ask for less")
        return sqlite3.Row(cursor, values)

    return row
