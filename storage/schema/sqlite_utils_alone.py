"""sqlite-utils without NumPy and pandas, whose numbers we never store."""

from __future__ import annotations

from storage.hiding import without

with without("numpy", "pandas"):
    from sqlite_utils import Database, Migrations

__all__ = ["Database", "Migrations"]
