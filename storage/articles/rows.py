"""Plain inserts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from storage.schema.kinds import ArchiveDb


def insert(db: ArchiveDb, table: str, values: dict[str, object]) -> int:
    """Insert one row and return its id."""
    columns = ", ".join(f'"{column}"' for column in values)
    marks = ", ".join("?" * len(values))
    cursor = db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values()))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def insert_all(db: ArchiveDb, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that have the same columns, with one statement."""
    if rows:
        columns = ", ".join(f'"{column}"' for column in rows[0])
        marks = ", ".join("?" * len(rows[0]))
        db.conn.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", [list(row.values()) for row in rows])


def as_json(values: object) -> str:
    """Serialise a list for storage in a column."""
    return json.dumps(values, ensure_ascii=False)
