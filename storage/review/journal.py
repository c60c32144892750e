"""The journal: a hash chain over what people did with the evidence, which the manifests of the runs anchor.

Each reviewer's decision, each correction of a story or case, each change of a user by a lead or a command, and each
export, pack, backup, restore, prune and import is an entry: who, when, what, and the hash of what came out. An entry's
hash covers its content and the hash of the entry before it. The content has a random nonce, so that the hash alone does
not let anyone guess it: a pack can then prove one decision without telling others.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from storage.evidence.manifest import NO_JOURNAL, JournalHead, canonical, sha256_of
from storage.schema.read_only import connect_read_only
from storage.schema.sqlite_utils_alone import Database

Action = Literal["review", "export", "pack", "backup", "restore", "prune", "import", "correction", "case", "user"]
ACTIONS: tuple[Action, ...] = get_args(Action)

REVIEW_COLUMNS = (
    "id", "article_id", "alert_id", "revision_id", "verdict", "reason", "duplicate_of", "assignee", "note", "undoes",
    "reviewer", "created_at", "reported", "batch_id",
)  # fmt: skip
"""The columns of a decision that its entry's hash covers."""

SCHEMA = """
    CREATE TABLE journal (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        sha256 TEXT,
        nonce TEXT NOT NULL,
        content_sha256 TEXT NOT NULL,
        entry_sha256 TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER journal_stays BEFORE UPDATE ON journal BEGIN SELECT raise(ABORT, 'the journal only grows'); END;
    CREATE TRIGGER journal_lasts BEFORE DELETE ON journal BEGIN SELECT raise(ABORT, 'the journal only grows'); END;
"""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One row of the journal. `subject` is canonical JSON; `sha256` is of what came out or of the decision's row."""

    id: int
    at: str
    who: str
    action: str
    subject: str
    sha256: str | None
    nonce: str
    content_sha256: str
    entry_sha256: str

    @property
    def content(self) -> str:
        """The text that `content_sha256` covers."""
        return content_of(self.id, self.at, self.who, self.action, self.subject, self.sha256, self.nonce)


def content_of(number: int, at: str, who: str, action: str, subject: str, sha256: str | None, nonce: str) -> str:
    """Return the text of an entry that its hash covers."""
    return canonical([number, at, who, action, subject, sha256, nonce])


def chained(previous: str | None, content_sha256: str) -> str:
    """Return an entry's hash: the SHA-256 over the hash of the entry before it (if any) and its content's."""
    return sha256_of(f"{previous or ''}{content_sha256}")


def append(
    db: Database, action: Action, who: str, subject: Mapping[str, object], sha256: str | None, at: str
) -> JournalEntry:
    """Add an entry to the review database, inside the caller's transaction. `at` is a UTC stamp."""
    newest = db.execute("SELECT id, entry_sha256 FROM journal ORDER BY id DESC LIMIT 1").fetchone()
    number, previous = (newest[0] + 1, newest[1]) if newest else (1, None)
    stated, nonce = canonical(subject), secrets.token_hex(16)
    content_sha256 = sha256_of(content_of(number, at, who, action, stated, sha256, nonce))
    entry = JournalEntry(
        number, at, who, action, stated, sha256, nonce, content_sha256, chained(previous, content_sha256)
    )
    db.execute(
        "INSERT INTO journal (id, at, who, action, subject, sha256, nonce, content_sha256, entry_sha256) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            entry.id, entry.at, entry.who, entry.action, entry.subject, entry.sha256, entry.nonce,
            entry.content_sha256, entry.entry_sha256,
        ],
    )  # fmt: skip
    return entry


def append_review(db: Database, review_id: int, *, late: bool = False) -> JournalEntry:
    """Add the entry of a decision that was just stored; `late` if it was stored before there was a journal."""
    row = db.execute(f"SELECT {', '.join(REVIEW_COLUMNS)} FROM reviews WHERE id = ?", [review_id]).fetchone()
    values = dict(zip(REVIEW_COLUMNS, row, strict=True))
    subject: dict[str, object] = {"review": review_id, "article": values["article_id"]}
    subject |= {"late": True} if late else {}
    return append(db, "review", values["reviewer"], subject, review_sha256(values), values["created_at"])


def review_sha256(row: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of a decision's columns."""
    return sha256_of(canonical([row[column] for column in REVIEW_COLUMNS]))


def create(db: Database) -> None:
    """Create the journal, with an entry for each decision that is already there."""
    db.executescript(SCHEMA)
    for (review_id,) in db.execute("SELECT id FROM reviews ORDER BY id").fetchall():
        append_review(db, review_id, late=True)


def entries(db: Database, since: int = 0) -> Iterator[JournalEntry]:
    """Yield the entries from number `since` on, oldest first."""
    rows = db.execute(
        "SELECT id, at, who, action, subject, sha256, nonce, content_sha256, entry_sha256 FROM journal "
        "WHERE id >= ? ORDER BY id",
        [since],
    )
    return (JournalEntry(*row) for row in rows)


def entries_of_reviews(db: Database, review_ids: Collection[int]) -> dict[int, JournalEntry]:
    """Return the entries of these decisions, by the decision's number."""
    found = ((review_of(entry), entry) for entry in entries(db)) if review_ids else ()
    return {number: entry for number, entry in found if number in review_ids and number is not None}


def review_of(entry: JournalEntry) -> int | None:
    """Return the number of the decision that an entry is about, or None."""
    if entry.action != "review":
        return None
    number = json.loads(entry.subject).get("review")
    return number if isinstance(number, int) else None


def has_journal(db: Database) -> bool:
    """Return False for a review database of an earlier release that was not opened since."""
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'journal'").fetchone() is not None


def head_of(path: Path) -> JournalHead:
    """Return the newest entry's number and hash of a review database file; none if there is no such file or journal.

    Raises `sqlite3.Error`.
    """
    if not path.is_file():
        return NO_JOURNAL
    with closing(connect_read_only(path)) as connection:
        db = Database(connection, execute_plugins=False)
        newest = (
            db.execute("SELECT id, entry_sha256 FROM journal ORDER BY id DESC LIMIT 1").fetchone()
            if has_journal(db)
            else None
        )
    return JournalHead(newest[0], newest[1]) if newest else NO_JOURNAL
