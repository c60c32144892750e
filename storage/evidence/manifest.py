"""Run manifests: hashes of what a run stored, and the hash of the previous manifest. Together they form a chain.

The body is canonical JSON, so that anyone can recompute it (`docs/evidence.md` has the recipe):

    captures, revisions  number of rows, and a SHA-256 for each block of up to 1,000 rows' hashes in id order
    files                path, size, SHA-256 and times of each WARC file of the run
    pruned               number of files removed by retention by then, and a SHA-256 over those rows
    journal              number of entries of the journal in people.db by then, and the hash of the newest
    run                  what was started, and when
    previous             the SHA-256 of the previous manifest's body

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from storage.evidence import index as capture_index
from storage.evidence.index import CaptureRow, FileRow, PrunedRow
from storage.exceptions import ManifestError
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

FORMAT = 3
"""Format 1 had no `journal`. Up to format 2 a line of a block of captures was the row itself, now it is the row's hash:
an evidence pack can then show a block without the addresses of captures that do not concern it."""

HASHED_SINCE = 3

BLOCK_ROWS = 1000

_RUN_COLUMNS = ("id", "kind", "started_at", "arguments", "version")


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The number of entries of the journal, and the hash of the newest; None without one."""

    count: int
    sha256: str | None


NO_JOURNAL = JournalHead(0, None)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One row of `manifests`."""

    run_id: int
    closed_at: str
    previous_sha256: str | None
    body: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ManifestBlock:
    """Up to `BLOCK_ROWS` consecutive rows of a run: the first and last id, the ids, and the hash over the rows."""

    first: int
    last: int
    ids: tuple[int, ...]
    sha256: str

    def as_json(self) -> dict[str, object]:
        """Return the block in the manifest's format."""
        return {"count": len(self.ids), "first": self.first, "last": self.last, "sha256": self.sha256}


def canonical(value: object) -> str:
    """Serialise as canonical JSON: sorted keys, no white space, letters not escaped."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(text: str) -> str:
    """Return the SHA-256 (hex) of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def capture_values(row: CaptureRow) -> list[object]:
    """Return the values of a capture that a manifest hashes: every column, in a fixed order."""
    return [
        row.id, row.run_id, row.outlet, row.url, row.kind, row.route, row.fetched_at, row.status, row.ip_address,
        row.payload_sha256, row.payload_bytes, row.warc_file, row.warc_offset, row.warc_length, row.revisit_of,
        row.record_bytes, row.record_sha256,
    ]  # fmt: skip


def capture_line(row: CaptureRow, format_: int) -> str:
    """Return the line of a capture in a block of a manifest of this format: the row, since format 3 its SHA-256."""
    line = canonical(capture_values(row))
    return sha256_of(line) if format_ >= HASHED_SINCE else line


def pruned_line(row: PrunedRow) -> str:
    """Return the text of a pruned file that a manifest hashes."""
    return canonical([row.id, row.path, row.pruned_at, row.rule, row.captures, row.bytes, row.sha256])


def capture_lines(db: ArchiveDb, run_id: int, format_: int = FORMAT) -> Iterator[tuple[int, str]]:
    """Yield the id and line of each capture of a run, by id."""
    return ((row.id, capture_line(row, format_)) for row in capture_index.captures_of(db, run_id))


def revision_lines(db: ArchiveDb, run_id: int, format_: int = FORMAT) -> Iterator[tuple[int, str]]:
    """Yield the id and line of each revision of a run, by id, in any format; the row's own hash covers its columns."""
    rows = db.execute("SELECT id, row_sha256 FROM revisions WHERE run_id = ? ORDER BY id", (run_id,))
    return ((number, canonical([number, row_sha256])) for number, row_sha256 in rows)


def blocks(lines: Iterable[tuple[int, str]]) -> Iterator[ManifestBlock]:
    """Split ids and lines into hashed blocks, in constant memory."""
    rest = iter(lines)
    while taken := list(islice(rest, BLOCK_ROWS)):
        yield block(taken)


def block(lines: list[tuple[int, str]]) -> ManifestBlock:
    """Make one block of at least one row: the SHA-256 over its lines, each followed by a line feed."""
    ids = tuple(number for number, _ in lines)
    return ManifestBlock(ids[0], ids[-1], ids, sha256_of("".join(f"{line}\n" for _, line in lines)))


def file_entry(row: FileRow) -> dict[str, object]:
    """Return a WARC file in the manifest's format: every column except the run's number."""
    return {name: value for name, value in asdict(row).items() if name != "run_id"}


def run_entry(db: ArchiveDb, run_id: int) -> dict[str, object] | None:
    """Return a run in the manifest's format, or None for an unknown one."""
    row = db.execute(f"SELECT {', '.join(_RUN_COLUMNS)} FROM runs WHERE id = ?", (run_id,)).fetchone()
    return dict(zip(_RUN_COLUMNS, row, strict=True)) if row else None


def manifests(db: ArchiveDb) -> Iterator[Manifest]:
    """Yield the chain from its beginning."""
    rows = db.execute("SELECT run_id, closed_at, previous_sha256, body, sha256 FROM manifests ORDER BY run_id")
    return (Manifest(*row) for row in rows)


def head(db: ArchiveDb) -> Manifest | None:
    """Return the newest manifest. Publishing its hash makes the chain before it provable."""
    row = db.execute(
        "SELECT run_id, closed_at, previous_sha256, body, sha256 FROM manifests ORDER BY run_id DESC LIMIT 1"
    ).fetchone()
    return Manifest(*row) if row else None


def close_run(db: ArchiveDb, run_id: int, at: str, journal: JournalHead = NO_JOURNAL) -> Manifest:
    """Write the manifest of a run, after those of earlier runs that ended without one (killed runs).

    Call it when the capture store is closed and the last revision is stored, before the run is marked as finished. A
    run that already has a manifest keeps it. `at` is the current time (UTC), `journal` the journal's head by then.
    Raises `ManifestError`.
    """
    with transaction(db):
        newest = head(db)
        if newest and newest.run_id >= run_id:
            return _existing(db, run_id, newest)
        for earlier in _left_behind(db, newest.run_id if newest else 0, run_id):
            newest = _write(db, earlier, newest, at, journal)
        return _write(db, run_id, newest, at, journal)


def _existing(db: ArchiveDb, run_id: int, newest: Manifest) -> Manifest:
    row = db.execute(
        "SELECT run_id, closed_at, previous_sha256, body, sha256 FROM manifests WHERE run_id = ?", (run_id,)
    ).fetchone()
    if row is None:
        raise ManifestError(f"run {run_id} can no longer be closed: run {newest.run_id} after it is closed")
    return Manifest(*row)


def _left_behind(db: ArchiveDb, after: int, before: int) -> list[int]:
    rows = db.execute(
        """
        SELECT id FROM runs WHERE id > ? AND id < ? AND status != 'running'
          AND id NOT IN (SELECT run_id FROM warc_files WHERE sha256 IS NULL)
        ORDER BY id
        """,
        (after, before),
    )
    return [number for (number,) in rows]


def _write(db: ArchiveDb, run_id: int, previous: Manifest | None, at: str, journal: JournalHead) -> Manifest:
    body = canonical(_body(db, run_id, previous, at) | {"journal": asdict(journal)})
    manifest = Manifest(run_id, at, previous.sha256 if previous else None, body, sha256_of(body))
    db.execute(
        "INSERT INTO manifests (run_id, closed_at, previous_sha256, body, sha256) VALUES (?, ?, ?, ?, ?)",
        (manifest.run_id, manifest.closed_at, manifest.previous_sha256, manifest.body, manifest.sha256),
    )
    return manifest


def _body(db: ArchiveDb, run_id: int, previous: Manifest | None, at: str) -> dict[str, object]:
    run = run_entry(db, run_id)
    if run is None:
        raise ManifestError(f"there is no run {run_id}")
    files = capture_index.files_of(db, run_id)
    if still_open := [row.path for row in files if row.sha256 is None]:
        raise ManifestError(f"run {run_id} still has an open file: {', '.join(still_open)}")
    gone = PrunedDigest()
    for row in capture_index.pruned(db):
        gone.add(row)
    return {
        "format": FORMAT,
        "run": run,
        "closed_at": at,
        "previous": previous.sha256 if previous else None,
        "captures": _table(capture_lines(db, run_id, FORMAT)),
        "revisions": _table(revision_lines(db, run_id)),
        "files": [file_entry(row) for row in files],
        "pruned": gone.as_json(),
    }


def _table(lines: Iterable[tuple[int, str]]) -> dict[str, object]:
    made = [one.as_json() for one in blocks(lines)]
    return {"blocks": made, "count": sum(int(str(one["count"])) for one in made)}


class PrunedDigest:
    """A running hash over the rows of `pruned`, in order."""

    def __init__(self) -> None:
        self.count = 0
        self._sha256: Any = hashlib.sha256()

    def add(self, row: PrunedRow) -> None:
        """Add the next row."""
        self.count += 1
        self._sha256.update(f"{pruned_line(row)}\n".encode())

    def as_json(self) -> dict[str, object]:
        """Return the count and hash so far, in the manifest's format."""
        return {"count": self.count, "sha256": self._sha256.hexdigest()}
