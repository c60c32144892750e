"""Decisions and custody entries form a chain that the manifests anchor; whatever is changed in it is noticed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage.evidence.manifest import NO_JOURNAL, close_run, head, sha256_of
from storage.evidence.verify import verify
from storage.review import journal
from storage.review.database import open_people
from storage.schema.database import transaction
from tests.support.evidence import Evidence

AT = "2026-11-22T11:00:00Z"


class Custody:
    """An archive with one report and its review database."""

    def __init__(self, directory: Path) -> None:
        self.evidence = Evidence(directory)
        self.path = directory / "people.db"
        self.evidence.close(self.evidence.stored_run(1))
        self.people = open_people(self.path, self.evidence.path)

    def decide(self, note: str) -> None:
        """Store a decision and its journal entry, as `reviews.decide` does."""
        with transaction(self.people):
            cursor = self.people.execute(
                "INSERT INTO reviews (article_id, alert_id, revision_id, verdict, note, reviewer, created_at) "
                "VALUES (1, 1, 1, 'note', ?, 'asel', ?)",
                [note, AT],
            )
            journal.append_review(self.people, cursor.lastrowid or 0)

    def export(self) -> None:
        """Note an export."""
        with transaction(self.people):
            journal.append(self.people, "export", "asel", {"view": "reports"}, "0" * 64, AT)

    def close_a_run(self) -> int:
        """End another run, whose manifest anchors the journal."""
        run = self.evidence.stored_run(1)
        close_run(self.evidence.db, run, "2026-11-22T12:00:00.000Z", journal.head_of(self.path))
        self.evidence.db.execute("UPDATE runs SET status = 'ok' WHERE id = ?", [run])
        return run

    def edit(self, change: Callable[[sqlite3.Connection], object]) -> None:
        """Change people.db as somebody would who removes the triggers for that time."""
        with closing(sqlite3.connect(self.path)) as connection, connection:
            triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            change(connection)
            for _, made in triggers:
                connection.execute(made)

    def errors(self) -> list[str]:
        """Verify everything."""
        found = verify(self.evidence.db, self.evidence.warc, self.path)
        return [str(finding) for finding in found if finding.is_error]


@pytest.fixture
def custody(tmp_path: Path) -> Custody:
    """Two decisions and an export, anchored by a manifest, and a decision since."""
    made = Custody(tmp_path)
    made.decide("one")
    made.decide("two")
    made.export()
    made.close_a_run()
    made.decide("three")
    return made


def test_an_untouched_journal_is_anchored_in_the_chain(custody: Custody) -> None:
    assert custody.errors() == []
    newest = head(custody.evidence.db)
    assert newest is not None
    entries = list(journal.entries(custody.people))
    assert json.loads(newest.body)["journal"] == {"count": 3, "sha256": entries[2].entry_sha256}
    assert [entry.action for entry in entries] == ["review", "review", "export", "review"]
    assert entries[2].sha256 == "0" * 64


@pytest.mark.parametrize(
    ("sql", "noticed"),
    [
        ("UPDATE reviews SET note = 'other' WHERE id = 1", "reviews row 1: is not the decision that the journal"),
        ("UPDATE reviews SET reviewer = 'bek' WHERE id = 3", "reviews row 3: is not the decision that the journal"),
        ("DELETE FROM reviews WHERE id = 2", "reviews row 2: is in the journal, but not among the decisions"),
        (
            "INSERT INTO reviews (article_id, alert_id, revision_id, verdict, note, reviewer, created_at) "
            "VALUES (1, 1, 1, 'note', 'forged', 'asel', '2026-11-22T11:00:00Z')",
            "reviews row 4: is not in the journal",
        ),
        ("UPDATE journal SET who = 'bek' WHERE id = 3", "journal row 3: the entry does not have the hash it had"),
        ("DELETE FROM journal WHERE id = 3", "journal row 4: entries 3 to 3 are gone"),
        ("DELETE FROM journal WHERE id >= 3", "journal row 3: had 3 entries when run 2 was closed"),
    ],
)
def test_a_changed_decision_or_entry_is_noticed(custody: Custody, sql: str, noticed: str) -> None:
    custody.edit(lambda connection: connection.execute(sql))
    assert any(noticed in error for error in custody.errors()), custody.errors()


def test_a_journal_that_was_chained_again_no_longer_fits_the_manifests(custody: Custody) -> None:
    def forge(connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        previous = None
        for row in connection.execute("SELECT * FROM journal ORDER BY id").fetchall():
            who = "bek" if row["id"] == 3 else row["who"]
            content = journal.content_of(
                row["id"], row["at"], who, row["action"], row["subject"], row["sha256"], row["nonce"]
            )
            content_sha256 = sha256_of(content)
            previous = journal.chained(previous, content_sha256)
            connection.execute(
                "UPDATE journal SET who = ?, content_sha256 = ?, entry_sha256 = ? WHERE id = ?",
                [who, content_sha256, previous, row["id"]],
            )

    custody.edit(forge)
    (error,) = custody.errors()
    assert "journal row 3: is not the entry that the manifest of run 2 contains" in error


@pytest.mark.parametrize("remove", [Path.unlink, lambda path: sqlite3.connect(path).execute("DROP TABLE journal")])
def test_a_journal_that_is_gone_is_noticed(custody: Custody, remove: Callable[[Path], object]) -> None:
    custody.people.close()
    remove(custody.path)
    (error,) = custody.errors()
    assert "people.db" in error and ("is missing" in error or "has no journal" in error)


def test_decisions_of_an_earlier_release_are_entered_when_it_is_opened(tmp_path: Path) -> None:
    custody = Custody(tmp_path)
    custody.people.execute(
        "INSERT INTO reviews (article_id, alert_id, revision_id, verdict, note, reviewer, created_at) "
        "VALUES (1, 1, 1, 'note', 'early', 'asel', ?)",
        [AT],
    )
    custody.people.execute("DROP TABLE journal")
    custody.people.execute("DELETE FROM _sqlite_migrations WHERE name = 'p007_journal'")
    custody.people.close()
    assert journal.head_of(custody.path) == NO_JOURNAL
    custody.close_a_run()
    assert custody.errors() == []
    (entry,) = journal.entries(open_people(custody.path, custody.evidence.path))
    assert json.loads(entry.subject) == {"article": 1, "late": True, "review": 1}
    custody.close_a_run()
    assert custody.errors() == []


def test_the_database_refuses_to_change_entries(custody: Custody) -> None:
    for sql in ("UPDATE journal SET who = 'bek'", "DELETE FROM journal"):
        with pytest.raises(sqlite3.IntegrityError, match="the journal only grows"):
            custody.people.execute(sql)
