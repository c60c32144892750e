"""What a stranger needs to check single rows against the chain: the manifests, and the blocks that contain the rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from storage.evidence import index as capture_index
from storage.evidence import manifest
from storage.evidence.manifest import Manifest
from storage.evidence.rowhash import REVISION_COLUMNS, hashed_columns
from storage.exceptions import NoProof, RunOpen
from storage.schema.kinds import ArchiveDb

ProvedTable = Literal["captures", "revisions"]


@dataclass(frozen=True, slots=True)
class ProvingBlock:
    """The lines of one block of a run's manifest, as the manifest's format has them."""

    run_id: int
    table: ProvedTable
    first: int
    last: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One row of `revisions` with the hash that a manifest covers; `columns` are those that the hash is made of."""

    id: int
    run_id: int
    row_sha256: str
    columns: dict[str, Any]


def revision_rows(db: ArchiveDb, article_id: int) -> list[RevisionRow]:
    """Return an article's revisions, first revision first."""
    rows = db.execute(
        f"SELECT id, row_sha256, {', '.join(REVISION_COLUMNS)} FROM revisions WHERE article_id = ? ORDER BY number",
        [article_id],
    ).fetchall()
    found = []
    for number, row_sha256, *values in rows:
        columns = hashed_columns(dict(zip(REVISION_COLUMNS, values, strict=True)))
        found.append(RevisionRow(number, columns["run_id"], row_sha256, columns))
    return found


def chain_since(db: ArchiveDb, run_id: int) -> Iterator[Manifest]:
    """Yield the manifests from a run's to the newest."""
    return (one for one in manifest.manifests(db) if one.run_id >= run_id)


def proving_blocks(db: ArchiveDb, table: ProvedTable, rows: Iterable[tuple[int, int]]) -> Iterator[ProvingBlock]:
    """Yield the blocks that contain the given rows, each a run's number and an id. Raises `NoProof`."""
    by_run: dict[int, set[int]] = {}
    for run_id, number in rows:
        by_run.setdefault(run_id, set()).add(number)
    for run_id, numbers in sorted(by_run.items()):
        left = set(numbers)
        body = _body_of(db, run_id)
        for block in body[table]["blocks"]:
            inside = {number for number in left if block["first"] <= number <= block["last"]}
            if inside:
                left -= inside
                yield _block(db, run_id, table, block, body["format"])
        if left:
            raise NoProof(f"{table} row {min(left)} is not in the manifest of run {run_id}: run `acca verify`")


def _body_of(db: ArchiveDb, run_id: int) -> dict[str, Any]:
    found = db.execute("SELECT body FROM manifests WHERE run_id = ?", [run_id]).fetchone()
    if found is None:
        raise RunOpen(f"run {run_id} has no manifest yet: it is written when the run ends; try again then")
    body: dict[str, Any] = json.loads(found[0])
    return body


def _block(db: ArchiveDb, run_id: int, table: ProvedTable, block: dict[str, Any], format_: int) -> ProvingBlock:
    first, last = block["first"], block["last"]
    if table == "captures":
        rows = capture_index.captures_between(db, run_id, first, last)
        lines = tuple(manifest.capture_line(row, format_) for row in rows)
    else:
        sql = "SELECT id, row_sha256 FROM revisions WHERE run_id = ? AND id BETWEEN ? AND ? ORDER BY id"
        lines = tuple(manifest.canonical([*row]) for row in db.execute(sql, [run_id, first, last]).fetchall())
    return ProvingBlock(run_id, table, first, last, lines)
