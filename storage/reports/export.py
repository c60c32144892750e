"""Rows of an analyst's view, one at a time, for export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields

from storage.articles.search import SearchFilter
from storage.articles.varieties import IN_VARIETIES, varieties
from storage.exceptions import FilterError
from storage.reports.view_columns import View
from storage.schema.kinds import ArchiveDb

Value = str | int | float | tuple[str, ...] | None

_CONDITIONS = {
    "since": ("date", "date >= ?"),
    "until": ("date", "date <= ?"),
    "country": ("country", "country = ?"),
    "outlet": ("outlet", "outlet = ?"),
    "category": ("categories", "EXISTS (SELECT 1 FROM json_each(categories) WHERE json_each.value = ?)"),
    "language": ("language", f"language {IN_VARIETIES}"),
    "level": ("level", "level = ?"),
}


def rows(db: ArchiveDb, view: View, narrowed: SearchFilter) -> Iterator[tuple[Value, ...]]:
    """Yield the rows of a view in the order of its key; lists are tuples. Keeps one row in memory at a time.

    Raises `FilterError` before the first row.
    """
    where, values = _narrowed(view, narrowed)
    columns = ", ".join(column.name for column in view.columns)
    sql = f"SELECT {columns} FROM {view.name} WHERE {where} ORDER BY {view.key}"
    lists = [column.type == "list" for column in view.columns]
    return (_row(tuple(row), lists) for row in db.execute(sql, values))


def count_rows(db: ArchiveDb, view: View, narrowed: SearchFilter) -> int:
    """Return how many rows `rows` yields. Raises `FilterError`."""
    where, values = _narrowed(view, narrowed)
    return int(db.execute(f"SELECT count(*) FROM {view.name} WHERE {where}", values).fetchone()[0])


def _narrowed(view: View, narrowed: SearchFilter) -> tuple[str, list[str]]:
    """Return the condition that a filter puts on a view, and its values. Raises `FilterError`."""
    conditions, values = ["1"], []
    names = {column.name for column in view.columns}
    for field in fields(narrowed):
        if value := getattr(narrowed, field.name):
            column, condition = _CONDITIONS[field.name]
            if column not in names:
                raise FilterError(f"{view.name} can't be narrowed by {field.name}: it has no column {column}")
            conditions.append(condition)
            values.append(varieties(value) if field.name == "language" else value)
    return " AND ".join(conditions), values


def _row(row: tuple[Value, ...], lists: list[bool]) -> tuple[Value, ...]:
    return tuple(
        tuple(json.loads(value)) if is_list and isinstance(value, str) else value
        for value, is_list in zip(row, lists, strict=True)
    )
