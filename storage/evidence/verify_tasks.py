"""Divides what `verify` has to read into tasks, and runs them on all cores, each process with its own connection.

Tasks only concern what no longer changes: revisions, closed runs and closed files. What a running crawl may still write
is checked by the caller in its own snapshot.
"""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from storage.evidence import index as capture_index
from storage.evidence import manifest
from storage.evidence.rowhash import REVISION_COLUMNS, revision_sha256
from storage.evidence.verify_files import check_file
from storage.evidence.verify_findings import Finding, FindingKind
from storage.schema.database import open_read_only
from storage.schema.kinds import ArchiveDb

Progress = Callable[[int, int], None]
"""Called with the work done and the work in all, in bytes (a row counts as `_ROW_BYTES`)."""

Table = Literal["captures", "revisions"]

ROWS_PER_TASK = 20_000
WORTH_A_PROCESS = 400_000_000
"""Bytes of work from which on starting processes pays."""

_ROW_BYTES = 3_000
_BLOCK_KEYS = {"count", "first", "last", "sha256"}

_LINES: dict[Table, Callable[[ArchiveDb, int, int], Iterator[tuple[int, str]]]] = {
    "captures": manifest.capture_lines,
    "revisions": manifest.revision_lines,
}


@dataclass(frozen=True, slots=True)
class VerifyTask:
    """A range of revisions by id, of one run's rows, or a WARC file; `size` is its share of the work in bytes."""

    kind: Literal["revisions", "run", "file"]
    size: int
    first: int = 0
    last: int = 0
    path: str = ""
    since_run: int = 0


def tasks_of(db: ArchiveDb, since_run: int) -> list[VerifyTask]:
    """Return the tasks for everything stored by the runs from `since_run` on, as of the caller's snapshot."""
    tasks = []
    first, last = db.execute(
        "SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM revisions WHERE run_id >= ?", [since_run]
    ).fetchone()
    for start in range(first, last + 1, ROWS_PER_TASK):
        end = min(start + ROWS_PER_TASK - 1, last)
        tasks.append(VerifyTask("revisions", (end - start + 1) * _ROW_BYTES, start, end, since_run=since_run))
    for one in manifest.manifests(db):
        if one.run_id >= since_run:
            tasks.append(VerifyTask("run", 50 * len(one.body), one.run_id))
    gone = {row.path for row in capture_index.pruned(db)}
    for file in capture_index.files(db):
        if file.run_id >= since_run and file.path not in gone and file.sha256 is not None:
            tasks.append(VerifyTask("file", file.bytes or 0, path=file.path))
    return tasks


def run_tasks(
    db: ArchiveDb, warc_directory: Path, tasks: Sequence[VerifyTask], jobs: int, progress: Progress | None
) -> Iterator[Finding]:
    """Yield the findings of the tasks, in their order. With few bytes or one job everything is done in this process."""
    total, done = sum(task.size for task in tasks), 0
    say = progress or (lambda done, total: None)
    if jobs < 2 or total < WORTH_A_PROCESS:
        for task in tasks:
            yield from _findings(db, warc_directory, task)
            done += task.size
            say(done, total)
        return
    file = next(row[2] for row in db.execute("PRAGMA database_list").fetchall() if row[1] == "main")
    # Spawned, not forked: SQLite connections must not be carried into a child process.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, _start_worker, (Path(file), warc_directory)) as pool:
        for task, found in zip(tasks, pool.map(_work, tasks), strict=True):
            yield from found
            done += task.size
            say(done, total)


_worker: tuple[ArchiveDb, Path]
"""A worker process's own connection, and the directory of the WARC files."""


def _start_worker(file: Path, warc_directory: Path) -> None:
    global _worker
    _worker = open_read_only(file), warc_directory


def _work(task: VerifyTask) -> list[Finding]:
    return list(_findings(*_worker, task))


def _findings(db: ArchiveDb, warc_directory: Path, task: VerifyTask) -> Iterator[Finding]:
    try:
        if task.kind == "revisions":
            yield from _check_revisions(db, task)
        elif task.kind == "run":
            yield from _check_run(db, task.first)
        else:
            yield from check_file(db, warc_directory, task.path)
    except sqlite3.DatabaseError as error:
        yield Finding("damaged-database", f"the database can't be read: {error}")


def _check_revisions(db: ArchiveDb, task: VerifyTask) -> Iterator[Finding]:
    columns = ("id", "row_sha256", *REVISION_COLUMNS)
    sql = f"SELECT {', '.join(columns)} FROM revisions WHERE id BETWEEN ? AND ? AND run_id >= ? ORDER BY id"
    for values in db.execute(sql, [task.first, task.last, task.since_run]):
        row: dict[str, Any] = dict(zip(columns, values, strict=True))
        if revision_sha256(row) != row["row_sha256"]:
            yield Finding("edited-row", "the row does not have the hash it had", table="revisions", row=row["id"])


def _check_run(db: ArchiveDb, run_id: int) -> Iterator[Finding]:
    """Compare a closed run's rows with the blocks of its manifest."""
    (body,) = db.execute("SELECT body FROM manifests WHERE run_id = ?", [run_id]).fetchone()
    try:
        parsed = json.loads(body)
        blocks = {table: list(parsed[table]["blocks"]) for table in _LINES}
        format_ = int(parsed["format"])
        whole = all(block.keys() >= _BLOCK_KEYS for found in blocks.values() for block in found)
    except (ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        return  # the check of the chain reports that the body is not a manifest
    for table, expected in blocks.items():
        yield from _check_table(table, run_id, _Lookahead(_LINES[table](db, run_id, format_)), expected)


def _check_table(table: Table, run_id: int, lines: _Lookahead, expected: list[dict[str, Any]]) -> Iterator[Finding]:
    """Compare a run's rows with the blocks of its manifest, in one pass over both."""
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
