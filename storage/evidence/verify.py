"""Recomputes everything that can be recomputed, and reports each mismatch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

from storage.evidence import index as capture_index
from storage.evidence import manifest
from storage.evidence.findings import Finding, FindingKind
from storage.evidence.manifest import Manifest, PrunedDigest
from storage.evidence.rowhash import REVISION_COLUMNS, revision_sha256
from storage.evidence.verify_files import check_files
from storage.evidence.verify_journal import check_journal
from storage.evidence.verify_records import check_records, check_schema, check_times
from storage.schema.kinds import ArchiveDb

Table = Literal["captures", "revisions"]

_LINES: dict[Table, Callable[[ArchiveDb, int], Iterator[tuple[int, str]]]] = {
    "captures": manifest.capture_lines,
    "revisions": manifest.revision_lines,
}


def verify(db: ArchiveDb, warc_directory: Path, people: Path | None = None) -> Iterator[Finding]:
    """Check database, files, rows and chain against each other; no findings means nothing was changed.

    `people` is the file of the review database, whose journal is checked too; by default it is not looked at.

    Reads one database snapshot throughout, even while a crawl is writing: give it a connection of its own. An open or
    killed run, a file removed by retention and a torn tail set aside are notes (`Finding.is_error` is false). Memory
    use does not grow with the archive. `docs/evidence.md` explains what this proves.
    """
    db.execute("BEGIN")
    try:
        for check in _CHECKS:
            yield from _guarded(check(db))
        if people is not None:
            yield from _guarded(check_journal(db, people))
        yield from _guarded(check_files(db, warc_directory))
    finally:
        db.rollback()


def _guarded(findings: Iterator[Finding]) -> Iterator[Finding]:
    try:
        yield from findings
    except sqlite3.DatabaseError as error:
        yield Finding("damaged-database", f"the database can't be read: {error}")


def _check_database(db: ArchiveDb) -> Iterator[Finding]:
    for (message,) in db.execute("PRAGMA integrity_check"):
        if message != "ok":
            yield Finding("damaged-database", message)
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield Finding("missing-row", f"refers to a row of {parent} that is not there", table=table, row=row)


def _check_revisions(db: ArchiveDb) -> Iterator[Finding]:
    columns = ("id", "row_sha256", *REVISION_COLUMNS)
    for values in db.execute(f"SELECT {', '.join(columns)} FROM revisions ORDER BY id"):
        row: dict[str, Any] = dict(zip(columns, values, strict=True))
        if revision_sha256(row) != row["row_sha256"]:
            yield Finding("edited-row", "the row does not have the hash it had", table="revisions", row=row["id"])


def _check_runs(db: ArchiveDb) -> Iterator[Finding]:
    newest = manifest.head(db)
    rows = db.execute("SELECT id, status FROM runs WHERE id NOT IN (SELECT run_id FROM manifests) ORDER BY id")
    for run_id, status in rows:
        place: dict[str, Any] = {"table": "runs", "row": run_id}
        can_be_closed = newest is None or run_id > newest.run_id
        if can_be_closed and status == "running":
            yield Finding("open-run", "is open: its manifest is written when it ends", **place)
        elif can_be_closed and status in ("killed", "failed"):
            yield Finding("unclosed-run", f"{status} without a manifest: the next run's end writes it", **place)
        else:
            yield Finding("no-manifest", f"has no manifest (status: {status})", **place)


def _check_chain(db: ArchiveDb) -> Iterator[Finding]:
    previous: Manifest | None = None
    pruned = iter(capture_index.pruned(db))
    gone = PrunedDigest()
    for one in manifest.manifests(db):
        place: dict[str, Any] = {"table": "manifests", "row": one.run_id}
        expected = previous.sha256 if previous else None
        if one.previous_sha256 != expected:
            before = f"run {previous.run_id}" if previous else "any run"
            yield Finding("broken-chain", f"does not follow on the manifest of {before}", **place)
        previous = one
        if manifest.sha256_of(one.body) != one.sha256:
            yield Finding("edited-row", "the body does not have the hash it had", **place)
        try:
            yield from _check_body(db, one, json.loads(one.body), pruned, gone)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield Finding("edited-row", f"the body is no manifest: {error!r}", **place)


def _check_body(
    db: ArchiveDb, one: Manifest, body: dict[str, Any], pruned: Iterator[capture_index.PrunedRow], gone: PrunedDigest
) -> Iterator[Finding]:
    if (body["run"]["id"], body["closed_at"], body["previous"]) != (one.run_id, one.closed_at, one.previous_sha256):
        message = "run_id, closed_at or previous_sha256 are not those in the body"
        yield Finding("edited-row", message, table="manifests", row=one.run_id)
    if body["run"] != manifest.run_entry(db, one.run_id):
        yield Finding("edited-row", "is not the run that the manifest names", table="runs", row=one.run_id)
    for table in _LINES:
        yield from _check_table(db, one.run_id, table, body[table]["blocks"])
    yield from _check_file_rows(db, one.run_id, body["files"])
    while gone.count < body["pruned"]["count"] and (row := next(pruned, None)):
        gone.add(row)
    if gone.as_json() != body["pruned"]:
        message = f"the rows are not those of when run {one.run_id} was closed"
        yield Finding("edited-row", message, table="pruned")


def _check_file_rows(db: ArchiveDb, run_id: int, entries: list[dict[str, Any]]) -> Iterator[Finding]:
    held = {row.path: manifest.file_entry(row) for row in capture_index.files_of(db, run_id)}
    vouched = {entry["path"]: entry for entry in entries}
    for path in sorted(held.keys() | vouched.keys()):
        place: dict[str, Any] = {"file": path, "table": "warc_files", "row": path}
        if path not in held:
            yield Finding("missing-row", f"is in the manifest of run {run_id}, but not in the index", **place)
        elif path not in vouched:
            yield Finding("added-row", f"is not in the manifest of run {run_id}", **place)
        elif held[path] != vouched[path]:
            yield Finding("edited-row", f"size or hash are not those in the manifest of run {run_id}", **place)


def _check_table(db: ArchiveDb, run_id: int, table: Table, expected: list[dict[str, Any]]) -> Iterator[Finding]:
    """Compare a run's rows with the blocks of its manifest, in one pass over both."""
    lines = _Lookahead(_LINES[table](db, run_id))
    for block in expected:
        yield from _added(table, run_id, lines.until(block["first"] - 1))
        yield from _check_block(table, run_id, block, lines.until(block["last"]))
    yield from _added(table, run_id, lines.until(None))


def _added(table: Table, run_id: int, lines: list[tuple[int, str]]) -> Iterator[Finding]:
    for number, _ in lines:
        yield Finding("added-row", f"is not in the manifest of run {run_id}", table=table, row=number)


def _check_block(table: Table, run_id: int, block: dict[str, Any], lines: list[tuple[int, str]]) -> Iterator[Finding]:
    ids = {number for number, _ in lines}
    span = range(block["first"], block["last"] + 1)
    if len(ids) == block["count"]:
        if manifest.block(lines).sha256 != block["sha256"]:
            which = f"one of the rows {span[0]} to {span[-1]}" if len(ids) > 1 else "the row"
            message = f"{which} is not as it was when run {run_id} was closed"
            yield Finding("edited-row", message, table=table, row=f"{span[0]}-{span[-1]}")
    elif len(ids) < block["count"] == len(span):
        for number in sorted(set(span) - ids):
            yield Finding("missing-row", f"is in the manifest of run {run_id}", table=table, row=number)
    else:
        message = f"run {run_id} stored {block['count']} rows from {span[0]} to {span[-1]}, {len(ids)} are there"
        kind: FindingKind = "missing-row" if len(ids) < block["count"] else "added-row"
        yield Finding(kind, message, table=table, row=f"{span[0]}-{span[-1]}")


class _Lookahead:
    """Lines by id, consumed in batches."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self._next = next(lines, None)

    def until(self, last: int | None) -> list[tuple[int, str]]:
        """Return the lines up to and including the id `last`; all remaining ones for None."""
        taken = []
        while self._next is not None and (last is None or self._next[0] <= last):
            taken.append(self._next)
            self._next = next(self._lines, None)
        return taken


_CHECKS = (
    _check_database, check_schema, _check_revisions, _check_runs, _check_chain, check_records, check_times,
)  # fmt: skip
