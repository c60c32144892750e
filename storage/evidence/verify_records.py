"""Checks what manifests do not cover against what they do: schema, articles, flags, alerts, pruned files, times.

None of these rows has a hash of its own. But a flag quotes a revision, an article begins with one, an alert refers to
one, and revisions have hashes: to change such a row, one has to change several rows consistently.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache

from storage.evidence.verify_findings import Finding
from storage.schema.kinds import ArchiveDb
from storage.schema.migrations import migrations
from storage.schema.sqlite_utils_alone import Database
from storage.schema.views import recreate_views

_SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND substr(name, 1, 7) != 'sqlite_'"

Schema = dict[tuple[str, str], str]

_ARTICLES = (
    (
        "SELECT articles.id FROM articles JOIN revisions ON revisions.article_id = articles.id AND number = 1 "
        "WHERE first_seen_at != stored_at OR first_run_id != run_id",
        "was not first seen when its first revision was stored",
    ),
    (
        "SELECT id FROM articles WHERE revision_id IS NOT "
        "(SELECT id FROM revisions WHERE article_id = articles.id AND change != 'earlier' "
        "ORDER BY number DESC LIMIT 1)",
        "its current revision is not its last",
    ),
    (
        "SELECT DISTINCT articles.id FROM articles JOIN revisions ON article_id = articles.id "
        "JOIN captures ON captures.id = capture_id "
        "WHERE captures.outlet != articles.outlet AND captures.route NOT LIKE 'import of %'",
        "belongs to another outlet than the capture that it was read from",
    ),
    (
        "SELECT id FROM articles WHERE removed_at IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM visits WHERE article_id = articles.id AND outcome = 'gone' AND visited_at <= removed_at)",
        "is called removed, but no visit found it gone",
    ),
)
_FLAGS = (
    (
        "revisions",
        "SELECT id FROM revisions WHERE NOT EXISTS (SELECT 1 FROM flags WHERE revision_id = revisions.id AND current)",
        "has no current flag",
    ),
    (
        "flags",
        "SELECT id FROM flags WHERE level != 'ignore' AND NOT EXISTS "
        "(SELECT 1 FROM flag_spans WHERE flag_id = flags.id AND side = 'for')",
        "is an alert or a digest entry without a deciding word",
    ),
)
_QUOTES = """
    SELECT DISTINCT flag_id FROM {table} JOIN flags ON flags.id = flag_id
    JOIN revisions ON revisions.id = flags.revision_id
    WHERE quote != substr(CASE field WHEN 'title' THEN title ELSE text END, start + 1, "end" - start)
"""
_ALERTS = (
    (
        "SELECT alerts.id FROM alerts JOIN revisions ON revisions.id = alerts.revision_id "
        "JOIN flags ON flags.id = flag_id "
        "WHERE revisions.article_id != alerts.article_id OR flags.revision_id != alerts.revision_id",
        "is about a revision or a flag of another article",
    ),
    (
        "SELECT id FROM alerts WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE alert_id = alerts.id)",
        "has no entry in the outbox",
    ),
)
_UNALERTED = """
    SELECT flags.id FROM flags JOIN revisions ON revisions.id = flags.revision_id
    LEFT JOIN story_members ON story_members.article_id = revisions.article_id
    WHERE flags.level = 'alert' AND flags.current
    AND revisions.article_id NOT IN (SELECT article_id FROM alerts)
    AND (story_id IS NULL OR story_id NOT IN (
        SELECT other.story_id FROM alerts JOIN story_members AS other ON other.article_id = alerts.article_id
    ))
"""
_GAPS = """
    SELECT id + 1, following - 1 FROM (
        SELECT id, lead(id) OVER (ORDER BY id) AS following FROM (SELECT 0 AS id UNION ALL SELECT id FROM {table})
    )
    WHERE following > id + 1
"""
_PRUNED = """
    SELECT DISTINCT pruned.id, warc_file FROM pruned JOIN captures ON warc_file = pruned.path
    JOIN revisions ON revisions.capture_id = captures.id JOIN flags ON flags.revision_id = revisions.id
    WHERE level != 'ignore' AND flags.run_id <= coalesce((SELECT max(id) FROM runs WHERE started_at <= pruned_at), 0)
"""
_BACKWARDS = """
    SELECT id, started_at, before FROM (SELECT id, started_at, lag(started_at) OVER (ORDER BY id) AS before FROM runs)
    WHERE started_at < before
"""


def check_schema(db: ArchiveDb) -> Iterator[Finding]:
    """Check that tables, views and triggers are this release's: a false view falsifies the archive without editing a
    row.
    """
    yield from differing_schema(schema_of(db), _our_schema())


def differing_schema(found: Schema, ours: Schema, file: str | None = None) -> Iterator[Finding]:
    """Compare what a database has with what this release makes; additions are harmless, unless they are triggers."""
    for kind, name in sorted(ours.keys() | found.keys()):
        if (kind, name) not in found:
            yield Finding("changed-schema", f"the {kind} is missing", file=file, table=name)
        elif (kind, name) not in ours:
            if kind == "trigger":
                yield Finding("changed-schema", "a trigger that this release does not have", file=file, table=name)
        elif found[kind, name] != ours[kind, name]:
            yield Finding("changed-schema", f"the {kind} is not this release's", file=file, table=name)


def schema_of(db: Database) -> Schema:
    """Return the SQL of a database's tables, indexes, views and triggers by kind and name, without line breaks."""
    return {(kind, name): " ".join(sql.split()) for kind, name, sql in db.execute(_SCHEMA)}


@cache
def _our_schema() -> Schema:
    with closing(sqlite3.connect(":memory:")) as fresh:
        db = ArchiveDb(fresh)
        migrations.apply(db)
        recreate_views(db)
        return schema_of(db)


def check_records(db: ArchiveDb) -> Iterator[Finding]:
    """Check articles, flags, alerts and pruned files against the revisions and captures they refer to."""
    for sql, message in _ARTICLES:
        yield from _rows(db, "articles", sql, message)
    for table, sql, message in _FLAGS:
        yield from _rows(db, table, sql, message)
    for table in ("flag_spans", "flag_facts"):
        yield from _rows(db, table, _QUOTES.format(table=table), "quotes what the revision does not say")
    for sql, message in _ALERTS:
        yield from _rows(db, "alerts", sql, message)
    yield from _rows(db, "flags", _UNALERTED, "is an alert, but none was raised about its story")
    for table in ("flags", "alerts", "outbox", "timestamps"):
        for first, last in db.execute(_GAPS.format(table=table)):
            yield Finding("missing-row", "nothing is ever removed from this table", table=table, row=f"{first}-{last}")
    for row, file in db.execute(_PRUNED):
        message = "is called pruned, but flagged reports were read from it, and `acca prune` keeps such files"
        yield Finding("edited-row", message, file=file, table="pruned", row=row)


def check_times(db: ArchiveDb) -> Iterator[Finding]:
    """Report runs that started before the previous one: the system clock was wrong at some time."""
    for run, started_at, before in db.execute(_BACKWARDS):
        message = f"began at {started_at}, before the run before it ({before}): the clock was wrong once"
        yield Finding("clock-ran-back", message, table="runs", row=run)


def _rows(db: ArchiveDb, table: str, sql: str, message: str) -> Iterator[Finding]:
    for (row,) in db.execute(sql):
        yield Finding("edited-row", message, table=table, row=row)
