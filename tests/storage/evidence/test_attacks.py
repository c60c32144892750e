"""Somebody who knows how `acca verify` works changes what it might not look at."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.evidence.verify import verify
from storage.review import journal
from storage.review.database import open_people
from storage.schema.database import transaction
from tests.support.evidence import Evidence

BEGUN = "2026-11-22T11:00:00.000Z"


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    """Three closed runs, and a journal that began before the second."""
    made = Evidence(tmp_path)
    made.close(made.stored_run(2))
    people = open_people(tmp_path / "people.db", made.path)
    with transaction(people):
        journal.append(people, "export", "asel", {"view": "reports"}, "0" * 64, BEGUN)
    people.close()
    for _ in range(2):
        made.close(made.stored_run(2))
    return made


def errors(evidence: Evidence) -> list[str]:
    """Verify everything."""
    evidence.db.conn.commit()
    found = verify(evidence.db, evidence.warc, evidence.path.with_name("people.db"))
    return [str(finding) for finding in found if finding.is_error]


def test_nothing_is_wrong_before(evidence: Evidence) -> None:
    assert errors(evidence) == []


@pytest.mark.parametrize("name", ["more.warc", "older/20261122-1-0.warc.gz", "20261122-1-0.warc.gz.bak", ".hidden"])
def test_a_file_beside_ours_under_any_name(evidence: Evidence, name: str) -> None:
    (evidence.warc / name).parent.mkdir(exist_ok=True)
    (evidence.warc / name).write_bytes(b"forged")
    assert errors(evidence) == [f"unknown-file: {name}: is in no row of warc_files"]


def test_a_link_that_leads_out_of_the_directory(evidence: Evidence) -> None:
    (evidence.warc / "more").symlink_to(evidence.path.parent, target_is_directory=True)
    assert errors(evidence) == ["unknown-file: more: is in no row of warc_files"]


@pytest.mark.parametrize(("deleted", "rows"), [(1, "1-1"), (2, "2-2")])
def test_a_time_stamp_taken_out(evidence: Evidence, deleted: int, rows: str) -> None:
    for run, sha256 in evidence.rows("SELECT run_id, sha256 FROM manifests"):
        evidence.insert(
            "timestamps", run_id=run, manifest_sha256=sha256, kind="rfc3161", authority="https://a.example/"
        )
    assert errors(evidence) == []
    evidence.db.execute("DELETE FROM timestamps WHERE id = ?", [deleted])
    assert errors(evidence) == [f"missing-row: timestamps row {rows}: nothing is ever removed from this table"]


def call_pruned(evidence: Evidence, at: str) -> None:
    """Delete a run's file, and add the row that `acca prune` would have left."""
    path, size, sha256 = evidence.rows("SELECT path, bytes, sha256 FROM warc_files WHERE run_id = 1")[0]
    (evidence.warc / str(path)).unlink()
    evidence.insert(
        "pruned", path=path, pruned_at=at, rule="older than 2026-01-01T00:00:00Z", captures=2, bytes=size, sha256=sha256
    )


def test_a_deleted_file_called_pruned(evidence: Evidence) -> None:
    call_pruned(evidence, "2026-11-23T00:00:00.000Z")
    assert errors(evidence) == [
        "added-row: 20261122-1-0.warc.gz, pruned row 1: is called pruned, but the journal has no entry of that"
    ]


def test_a_deleted_file_called_pruned_before_there_was_a_journal(evidence: Evidence) -> None:
    call_pruned(evidence, "2026-11-22T10:59:00.000Z")
    (error,) = errors(evidence)
    assert error.endswith("pruned row 1: is dated before the newest manifest, which does not contain it")


def test_a_table_replaced_by_a_view_of_our_choice(evidence: Evidence) -> None:
    evidence.db.executescript(
        "PRAGMA legacy_alter_table = ON; ALTER TABLE visits RENAME TO visits_before; "
        "CREATE VIEW visits AS SELECT * FROM visits_before WHERE outcome != 'gone';"
    )
    assert "changed-schema: visits: the table is missing" in errors(evidence)


def test_a_rule_taken_out_of_a_table(evidence: Evidence) -> None:
    evidence.db.executescript(
        "PRAGMA writable_schema = ON; "
        "UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL REFERENCES articles(id)', '') WHERE name = 'elsewhere'; "
        "PRAGMA writable_schema = RESET;"
    )
    assert errors(evidence) == ["changed-schema: elsewhere: the table is not this release's"]


def test_a_schema_that_can_not_be_read_is_damage(evidence: Evidence) -> None:
    evidence.db.executescript(
        "PRAGMA writable_schema = ON; "
        "UPDATE sqlite_master SET sql = replace(sql, 'UNIQUE', '') WHERE name = 'pruned'; "
        "PRAGMA writable_schema = RESET;"
    )
    found = errors(evidence)
    assert found and all(error.startswith("damaged-database: the database can't be read") for error in found)


@pytest.mark.parametrize(
    ("sql", "noticed"),
    [
        ("DROP TRIGGER journal_stays", "journal_stays: the trigger is missing"),
        (
            "CREATE TRIGGER quiet BEFORE INSERT ON reviews BEGIN SELECT raise(IGNORE); END",
            "quiet: a trigger that this release does not have",
        ),
    ],
)
def test_a_review_database_that_swallows_decisions(evidence: Evidence, sql: str, noticed: str) -> None:
    with closing(sqlite3.connect(evidence.path.with_name("people.db"))) as people:
        people.execute(sql)
    assert errors(evidence) == [f"changed-schema: people.db, {noticed}"]
