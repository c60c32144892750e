"""Forgeries in rows that no manifest covers, each of which contradicts a row that one does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from storage.evidence.verify import verify
from tests.support.evidence import Evidence

WORD = "мәтін"


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    """Two closed runs of two articles each; the first article of each run is a report that raised an alert."""
    made = Evidence(tmp_path / "archive")
    for _ in range(2):
        run = made.stored_run(2)
        (first,) = made.db.execute("SELECT min(id) FROM revisions WHERE run_id = ?", [run]).fetchone()
        made.db.execute("UPDATE flags SET level = 'alert' WHERE revision_id = ?", [first])
        (flag,) = made.db.execute("SELECT id FROM flags WHERE revision_id = ?", [first]).fetchone()
        made.insert(
            "flag_spans", flag_id=flag, position=0, side="for", field="text", start=0, end=5, quote=WORD,
            rule="kk.torture: қинау", gloss="torture",
        )  # fmt: skip
        made.insert(
            "alerts", kind="new", article_id=made.rows(f"SELECT article_id FROM revisions WHERE id = {first}")[0][0],
            revision_id=first, flag_id=flag, run_id=run, created_at="2026-11-22T10:00:01Z",
        )  # fmt: skip
        made.close(run)
    made.db.conn.commit()
    return made


def findings(evidence: Evidence) -> list[str]:
    evidence.db.conn.commit()
    found = list(verify(evidence.db, evidence.warc))
    assert [one.message for one in found if one.kind == "damaged-database"] == []
    return [f"{one.kind} {one.table}" for one in found]


def test_an_archive_as_it_was_made_has_no_finding(evidence: Evidence) -> None:
    assert findings(evidence) == []


@pytest.mark.parametrize(
    ("forgery", "found"),
    [
        ("UPDATE articles SET outlet = 'other' WHERE id = 1", "edited-row articles"),
        ("UPDATE articles SET first_seen_at = '2020-01-01T00:00:00Z' WHERE id = 1", "edited-row articles"),
        ("UPDATE articles SET revision_id = NULL WHERE id = 1", "edited-row articles"),
        ("UPDATE articles SET removed_at = '2026-11-23T00:00:00Z' WHERE id = 1", "edited-row articles"),
        ("UPDATE flag_spans SET quote = 'other' WHERE flag_id = 1", "edited-row flag_spans"),
        ("UPDATE flag_spans SET start = 1 WHERE flag_id = 1", "edited-row flag_spans"),
        ("UPDATE flags SET level = 'alert' WHERE id = 2", "edited-row flags"),
        ("UPDATE flags SET current = 0 WHERE id = 2", "edited-row revisions"),
        ("UPDATE alerts SET article_id = 2 WHERE id = 1", "edited-row alerts"),
        ("UPDATE alerts SET flag_id = 3 WHERE id = 1", "edited-row alerts"),
        ("UPDATE runs SET started_at = '2036-11-22T09:59:00Z' WHERE id = 1", "clock-ran-back runs"),
    ],
)
def test_a_forged_row_is_named(evidence: Evidence, forgery: str, found: str) -> None:
    evidence.insert(
        "outlets", name="other", title="O", home="https://o.example/", kind="media", countries="[]", languages="[]"
    )
    evidence.db.execute(forgery)
    assert found in findings(evidence)


def test_a_deleted_alert_is_missed(evidence: Evidence) -> None:
    evidence.db.execute("DELETE FROM outbox WHERE alert_id = 1")
    evidence.db.execute("DELETE FROM alerts WHERE id = 1")
    assert {"edited-row flags"} <= set(findings(evidence))
    evidence.db.execute("DELETE FROM flag_spans WHERE flag_id = 3")
    evidence.db.execute("UPDATE flags SET level = 'ignore' WHERE id IN (1, 3)")
    evidence.db.execute("DELETE FROM flags WHERE id = 2")
    assert "missing-row flags" in findings(evidence)


@pytest.mark.parametrize(
    ("forge", "named"),
    [
        (lambda db: db.execute("DROP VIEW v_reports"), "v_reports"),
        (
            lambda db: db.executescript("DROP VIEW v_reports; CREATE VIEW v_reports AS SELECT 1 AS article_id"),
            "v_reports",
        ),
        (
            lambda db: db.execute("CREATE TRIGGER quiet AFTER INSERT ON alerts BEGIN DELETE FROM alerts; END"),
            "quiet",
        ),
    ],
)
def test_a_changed_view_or_a_foreign_trigger_is_named(
    evidence: Evidence, forge: Callable[[object], object], named: str
) -> None:
    forge(evidence.db)
    assert [one.table for one in verify(evidence.db, evidence.warc) if one.kind == "changed-schema"] == [named]


def test_a_deleted_file_is_not_explained_by_a_forged_pruned_row(evidence: Evidence) -> None:
    file = sorted(evidence.warc.iterdir())[0]
    (sha256,) = evidence.rows(f"SELECT sha256 FROM warc_files WHERE path = '{file.name}'")[0]
    evidence.insert(
        "pruned", path=file.name, pruned_at="2026-11-23T00:00:00Z", rule="older than 2026", captures=2,
        bytes=file.stat().st_size, sha256=sha256,
    )  # fmt: skip
    file.unlink()
    assert "edited-row pruned" in findings(evidence)
