"""Recomputes everything that can be recomputed, and reports each mismatch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from storage.evidence import index as capture_index
from storage.evidence import manifest
from storage.evidence.manifest import Manifest, PrunedDigest
from storage.evidence.verify_files import check_file, check_pruned_files, check_unindexed, check_without_file_row
from storage.evidence.verify_findings import Finding
from storage.evidence.verify_journal import check_journal
from storage.evidence.verify_records import check_records, check_schema, check_times
from storage.evidence.verify_tasks import Progress, run_tasks, tasks_of
from storage.schema.kinds import ArchiveDb


def verify(
    db: ArchiveDb,
    warc_directory: Path,
    people: Path | None = None,
    *,
    since_run: int = 0,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Iterator[Finding]:
    """Check database, files, rows and chain against each other; no findings means nothing was changed.

    `people` is the file of the review database, whose journal is checked too; by default it is not looked at. With
    `since_run`, only what that run and later ones stored is checked, and that their manifests follow on the one before:
    this costs the time of what is new, but leaves out SQLite's own check and that of articles, flags and alerts. `jobs`
    is the number of processes for what no longer changes.

    Reads one database snapshot throughout, even while a crawl is writing: give it a connection of its own. An open or
    killed run, a file removed by retention and a torn tail set aside are notes (`Finding.is_error` is false). Memory
    use does not grow with the archive. `docs/evidence.md` explains what this proves.
    """
    db.execute("BEGIN")
    try:
        if not since_run:
            yield from _guarded(_check_database(db))
        yield from _guarded(check_schema(db))
        yield from _guarded(_check_runs(db))
        yield from _guarded(_check_chain(db, since_run))
        if not since_run:
            for check in (check_records, check_times, check_without_file_row):
                yield from _guarded(check(db))
        if people is not None:
            yield from _guarded(check_journal(db, people, since_run))
        yield from _guarded(check_pruned_files(db, since_run))
        yield from _guarded(check_unindexed(db, warc_directory))
        yield from _guarded(_run_tasks(db, warc_directory, since_run, jobs, progress))
        yield from _guarded(_check_unclosed(db, warc_directory))
    finally:
        db.rollback()


def check_head(db: ArchiveDb, sha256: str) -> Iterator[Finding]:
    """Check that the chain contains a manifest with a hash that is known from outside."""
    if db.execute("SELECT 1 FROM manifests WHERE sha256 = ?", [sha256]).fetchone() is None:
        message = f"no manifest has the hash {sha256}: the archive was rolled back, cut off, rebuilt, or is another one"
        yield Finding("unknown-head", message, table="manifests")


def _guarded(findings: Iterator[Finding]) -> Iterator[Finding]:
    try:
        yield from findings
    except sqlite3.DatabaseError as error:
        yield Finding("damaged-database", f"the database can't be read: {error}")


def _run_tasks(
    db: ArchiveDb, warc_directory: Path, since_run: int, jobs: int, progress: Progress | None
) -> Iterator[Finding]:
    yield from run_tasks(db, warc_directory, tasks_of(db, since_run), jobs, progress)


def _check_unclosed(db: ArchiveDb, warc_directory: Path) -> Iterator[Finding]:
    for row in capture_index.unclosed_files(db):
        yield from check_file(db, warc_directory, row.path)


def _check_database(db: ArchiveDb) -> Iterator[Finding]:
    for (message,) in db.execute("PRAGMA integrity_check"):
        if message != "ok":
            yield Finding("damaged-database", message)
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield Finding("missing-row", f"refers to a row of {parent} that is not there", table=table, row=row)


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


def _check_chain(db: ArchiveDb, since_run: int) -> Iterator[Finding]:
    previous: Manifest | None = None
    closed_at = ""
    pruned = iter(capture_index.pruned(db))
    gone = PrunedDigest()
    for one in manifest.manifests(db):
        if one.run_id < since_run:
            previous = one
            continue
        place: dict[str, Any] = {"table": "manifests", "row": one.run_id}
        expected = previous.sha256 if previous else None
        if one.previous_sha256 != expected:
            before = f"run {previous.run_id}" if previous else "any run"
            yield Finding("broken-chain", f"does not follow on the manifest of {before}", **place)
        previous = one
        closed_at = one.closed_at
        if manifest.sha256_of(one.body) != one.sha256:
            yield Finding("edited-row", "the body does not have the hash it had", **place)
        try:
            yield from _check_body(db, one, json.loads(one.body), pruned, gone)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield Finding("edited-row", f"the body is not a manifest: {error!r}", **place)
    for row in pruned:
        if row.pruned_at < closed_at:
            message = "is dated before the newest manifest, which does not contain it"
            yield Finding("added-row", message, file=row.path, table="pruned", row=row.id)


def _check_body(
    db: ArchiveDb, one: Manifest, body: dict[str, Any], pruned: Iterator[capture_index.PrunedRow], gone: PrunedDigest
) -> Iterator[Finding]:
    if (body["run"]["id"], body["closed_at"], body["previous"]) != (one.run_id, one.closed_at, one.previous_sha256):
        message = "run_id, closed_at or previous_sha256 are not those in the body"
        yield Finding("edited-row", message, table="manifests", row=one.run_id)
    if body["run"] != manifest.run_entry(db, one.run_id):
        yield Finding("edited-row", "is not the run that the manifest names", table="runs", row=one.run_id)
    for table in ("captures", "revisions"):
        if not all({"count", "first", "last", "sha256"} == block.keys() for block in body[table]["blocks"]):
            raise ValueError(f"{table}: not blocks of a manifest")
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
