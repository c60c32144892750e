"""A bound on what one query's rows may hold together: 2,000 rows of large values would take the server's memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

MAX_RESULT = 64 * 1024 * 1024
"""Bytes (of text: characters) of all rows that a query returns; the longest article has a few millions."""


def bounded_rows(limit: int = MAX_RESULT) -> Callable[[sqlite3.Cursor, tuple[object, ...]], sqlite3.Row]:
    """A row factory for one connection; raises `sqlite3.OperationalError` where a query's rows exceed `limit`."""
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
