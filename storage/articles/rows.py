"""Plain inserts."""

from __future__ import annotations

import json

from storage.schema.kinds import ArchiveDb


def insert(db: ArchiveDb, table: str, values: dict[str, object]) -> int:
    """Insert one row and return its id."""
    columns = ", ".join(f'"{column}"' for column in values)
    marks = ", ".join("?" * len(values))
    cursor = db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values()))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def as_json(values: object) -> str:
    """Serialise a list for storage in a column."""
    return json.dumps(values, ensure_ascii=False)
