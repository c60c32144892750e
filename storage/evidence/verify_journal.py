"""Checks the journal of `people.db`: its own chain, the decisions that it covers, and the manifests that anchor it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from storage.evidence import index as capture_index
from storage.evidence import manifest
from storage.evidence.verify_findings import Finding
from storage.evidence.verify_records import Schema, differing_schema, schema_of
from storage.review import journal
from storage.review.database import migrations as people_migrations
from storage.schema.kinds import ArchiveDb
from storage.schema.read_only import connect_read_only
from storage.schema.sqlite_utils_alone import Database

FILE_NAME = "people.db"


def check_journal(db: ArchiveDb, people: Path, since_run: int = 0) -> Iterator[Finding]:
    """Check the review database at `people`, which may be missing if no manifest speaks of a journal.

    With `since_run`, checks only entries later than the journal's head at the manifest before that run.
    """
    anchors = dict(_anchors(db, since_run))
    start = max((count for run, (count, _) in anchors.items() if run < since_run), default=0)
    if not people.is_file():
        if any(count for count, _ in anchors.values()):
            message = "is missing, but manifests contain hashes of its journal"
            yield Finding("missing-file", message, file=FILE_NAME)
        return
    try:
        opened = connect_read_only(people)
    except sqlite3.OperationalError as error:  # a log beside it on a disk that can't be written to, or no permission
        yield Finding("unreadable-file", f"can't be opened here, so it was not checked: {error}", file=FILE_NAME)
        return
    with closing(opened) as connection:
        reviews = Database(connection, execute_plugins=False)
        if not journal.has_journal(reviews):
            if any(count for count, _ in anchors.values()):
                yield Finding("missing-row", "has no journal, but manifests contain hashes of it", file=FILE_NAME)
            return
        connection.execute("BEGIN")
        if not people_migrations.pending(reviews):  # those of an earlier release are put right when it is opened
            yield from differing_schema(schema_of(reviews), _our_schema(), FILE_NAME)
        yield from _check_pruned(db, reviews)
        yield from _check_chain(reviews, start)
        yield from _check_anchors(reviews, anchors)
        yield from _check_decisions(reviews, start)


@cache
def _our_schema() -> Schema:
    with closing(sqlite3.connect(":memory:")) as fresh:
        people_migrations.apply(made := Database(fresh, execute_plugins=False))
        return schema_of(made)


def _check_pruned(db: ArchiveDb, reviews: Database) -> Iterator[Finding]:
    """Check that every pruning was noted: a deleted file can't be called pruned without an entry."""
    begun = reviews.execute("SELECT min(at) FROM journal").fetchone()[0]
    noted = {
        (file["path"], file["sha256"])
        for (subject,) in reviews.execute("SELECT subject FROM journal WHERE action = 'prune'")
        for file in json.loads(subject)["files"]
    }
    for row in capture_index.pruned(db):
        if begun is not None and row.pruned_at >= begun and (row.path, row.sha256) not in noted:
            message = "is called pruned, but the journal has no entry of that"
            yield Finding("added-row", message, file=row.path, table="pruned", row=row.id)


def _anchors(db: ArchiveDb, since_run: int) -> Iterator[tuple[int, tuple[int, str | None]]]:
    """Yield the journal's length and head by run, as the manifests have them, from the one before `since_run` on."""
    rows = db.execute(
        "SELECT run_id, body FROM manifests WHERE run_id >= "
        "coalesce((SELECT max(run_id) FROM manifests WHERE run_id < ?), 0) ORDER BY run_id",
        [since_run],
    )
    for run_id, body in rows:
        try:
            said = json.loads(body).get("journal")
            if said:
                yield run_id, (int(said["count"]), said["sha256"])
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # `verify` reports the manifest itself


def _check_chain(reviews: Database, start: int) -> Iterator[Finding]:
    previous: str | None = None
    expected = start or 1
    for entry in journal.entries(reviews, start):
        place: dict[str, Any] = {"file": FILE_NAME, "table": "journal", "row": entry.id}
        if entry.id != expected:
            yield Finding("missing-row", f"entries {expected} to {entry.id - 1} are gone", **place)
        if manifest.sha256_of(entry.content) != entry.content_sha256:
            yield Finding("edited-row", "the entry does not have the hash it had", **place)
        if (previous is not None or entry.id == 1) and (
            journal.chained(previous, entry.content_sha256) != entry.entry_sha256
        ):
            yield Finding("broken-chain", "does not follow on the entry before it", **place)
        previous, expected = entry.entry_sha256, entry.id + 1


def _check_anchors(reviews: Database, anchors: dict[int, tuple[int, str | None]]) -> Iterator[Finding]:
    for run_id, (count, sha256) in anchors.items():
        row = reviews.execute("SELECT entry_sha256 FROM journal WHERE id = ?", [count]).fetchone()
        if count and row is None:
            message = f"had {count} entries when run {run_id} was closed, this one is gone"
            yield Finding("missing-row", message, file=FILE_NAME, table="journal", row=count)
        elif count and row[0] != sha256:
            message = f"is not the entry that the manifest of run {run_id} contains"
            yield Finding("broken-chain", message, file=FILE_NAME, table="journal", row=count)


def _check_decisions(reviews: Database, start: int) -> Iterator[Finding]:
    vouched = {
        number: entry.sha256
        for entry in journal.entries(reviews, start)
        if (number := journal.review_of(entry)) is not None
    }
    first = min(vouched, default=None) if start else 1
    if first is None:
        return
    columns = ", ".join(journal.REVIEW_COLUMNS)
    for values in reviews.execute(f"SELECT {columns} FROM reviews WHERE id >= ? ORDER BY id", [first]):
        row = dict(zip(journal.REVIEW_COLUMNS, values, strict=True))
        place: dict[str, Any] = {"file": FILE_NAME, "table": "reviews", "row": row["id"]}
        if row["id"] not in vouched:
            yield Finding("added-row", "is not in the journal", **place)
        elif journal.review_sha256(row) != vouched.pop(row["id"]):
            yield Finding("edited-row", "is not the decision that the journal contains", **place)
    for number in sorted(vouched):
        message = "is in the journal, but not among the decisions"
        yield Finding("missing-row", message, file=FILE_NAME, table="reviews", row=number)
