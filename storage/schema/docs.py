"""The archive's schema as a page of the docs, read from a freshly migrated archive."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Iterator

from storage.reports.view_columns import VIEWS
from storage.schema.migrations import migrations
from storage.schema.sqlite_utils_alone import Database


def schema_markdown() -> str:
    """Return the views with their columns' meanings, then the tables as they are now, each where it was created."""
    return "\n".join([*_views(), *_tables()])


def _views() -> Iterator[str]:
    for view in VIEWS:
        yield f"\n### {view.name}\n\n{view.meaning}\n\n| column | type | meaning |\n|---|---|---|"
        yield from (f"| {column.name} | {column.type} | {column.meaning} |" for column in view.columns)


def _tables() -> Iterator[str]:
    yield "\n## Tables\n\nThey may change from release to release; the views above do not."
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    db = Database(connection, execute_plugins=False)
    made: dict[str, list[str]] = {}
    known: set[str] = set()
    for migration in migrations._migrations:
        migration.fn(db)
        made[migration.name] = sorted({row["name"] for row in db.execute(_OWN_TABLES)} - known)
        known.update(made[migration.name])
    kept = {row["name"] for row in db.execute(_OWN_TABLES)}
    for migration in migrations._migrations:
        story = inspect.cleandoc(migration.fn.__doc__ or "")
        yield f"\n### {migration.name}\n\n{story}"
        for table in made[migration.name]:
            if table in kept:
                yield from _table(db, table)
    db.close()


_OWN_TABLES = (
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') "
    "AND name NOT LIKE 'sqlite_%'"
)


def _table(db: Database, table: str) -> Iterator[str]:
    references = {row["from"]: f"{row['table']}.{row['to']}" for row in db.execute(f"PRAGMA foreign_key_list({table})")}
    yield f"\n**{table}**\n\n| column | type | null | refers to |\n|---|---|---|---|"
    for row in db.execute(f"PRAGMA table_info({table})"):
        null = "no" if row["notnull"] or row["pk"] else "yes"
        yield f"| {row['name']} | {row['type'].lower()} | {null} | {references.get(row['name'], '')} |"
