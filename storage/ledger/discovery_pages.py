"""Stored state of the pages that list articles: their last answers, and the progress of a backfill.

`rules` is the hash of what decides which addresses are the outlet's articles (`acca_crawler.declared_rules`): a page
that was read with other rules is read again, since it may list articles that were none then.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from storage.schema.kinds import ArchiveDb


@dataclass(frozen=True, slots=True)
class PageState:
    """The state of a page that lists articles when it was last read in full, at `read_at`.

    `unchanged_at` is when the server last answered that nothing had changed; `lies` is true if it once did so wrongly.
    """

    etag: str | None
    last_modified: str | None
    body_sha256: str
    read_at: str
    unchanged_at: str | None = None
    lies: bool = False


def recall(db: ArchiveDb, outlet: str, url: str, rules: str) -> PageState | None:
    """Return the last state of a page, or None if it has not been read yet; without its content if by other rules."""
    row = db.execute("SELECT * FROM discovery_pages WHERE outlet = ? AND url = ?", [outlet, url]).fetchone()
    if row is None:
        return None
    state = PageState(
        row["etag"], row["last_modified"], row["body_sha256"], row["read_at"], row["unchanged_at"], bool(row["lies"])
    )
    return state if row["rules"] == rules else replace(state, etag=None, last_modified=None, body_sha256="")


def remember(db: ArchiveDb, outlet: str, url: str, state: PageState, rules: str) -> None:
    """Save the state of a page, inside the transaction that stores what it lists."""
    db.execute(
        "INSERT INTO discovery_pages "
        "(outlet, url, etag, last_modified, body_sha256, read_at, unchanged_at, lies, rules) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (outlet, url) DO UPDATE SET etag = excluded.etag, "
        "last_modified = excluded.last_modified, body_sha256 = excluded.body_sha256, read_at = excluded.read_at, "
        "unchanged_at = excluded.unchanged_at, lies = excluded.lies, rules = excluded.rules",
        [
            outlet, url, state.etag, state.last_modified, state.body_sha256, state.read_at, state.unchanged_at,
            int(state.lies), rules,
        ],
    )  # fmt: skip


def was_passed(db: ArchiveDb, outlet: str, way: str, url: str, rules: str) -> bool:
    """Return True if an interrupted backfill has already processed what this page lists."""
    row = db.execute(
        "SELECT 1 FROM backfill_pages WHERE outlet = ? AND way = ? AND url = ? AND rules = ?", [outlet, way, url, rules]
    )
    return row.fetchone() is not None


def pass_by(db: ArchiveDb, outlet: str, way: str, url: str, rules: str, at: str) -> None:
    """Record that a backfill has processed a page, inside the transaction that stores what it lists."""
    db.execute(
        "INSERT INTO backfill_pages (outlet, way, url, rules, passed_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (outlet, way, url) DO UPDATE SET rules = excluded.rules, passed_at = excluded.passed_at "
        "WHERE rules != excluded.rules",
        [outlet, way, url, rules, at],
    )


def passed_since(db: ArchiveDb, outlet: str, at: str) -> bool:
    """Return True if a backfill has processed a page for the first time since `at`."""
    row = db.execute("SELECT 1 FROM backfill_pages WHERE outlet = ? AND passed_at >= ?", [outlet, at])
    return row.fetchone() is not None


def forget_passed(db: ArchiveDb, outlet: str) -> None:
    """Reset the progress of a finished backfill, so that the next one starts from the beginning."""
    db.execute("DELETE FROM backfill_pages WHERE outlet = ?", [outlet])
