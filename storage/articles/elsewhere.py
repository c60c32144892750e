"""Copies of reports in other web archives: a queue of what to ask for, and the addresses that came back.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.schema.kinds import ArchiveDb

WAYBACK, ARCHIVE_TODAY = "wayback", "archive.today"
"""Names of the services in the tables and on covers."""

MAX_TRIES = 5
"""Tries after which a request is given up: the page is gone, or the archive refuses the site."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One row: a copy, or the request for one. `captured_at` is the archive's time (UTC stamp), if given."""

    id: int
    article_id: int
    service: str
    url: str
    status: str
    address: str | None
    captured_at: str | None
    tries: int
    error: str | None


@dataclass(frozen=True, slots=True)
class CopyCounts:
    """How many copies there are in each state, and how many searches for earlier ones failed.

    `error` is why the last try failed, None if it did not.
    """

    saved: int
    found: int
    waiting: int
    given_up: int
    unsearched: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Uncopied:
    """Since when a service has made no copy, though it was asked (UTC stamp), and why the last try failed."""

    since: str
    error: str


_COLUMNS = "id, article_id, service, url, status, address, captured_at, tries, error"


def enqueue(db: ArchiveDb, service: str, since: str) -> int:
    """Ask a service for each version, stored since `since` (UTC stamp), of a report that is flagged; returns how many.

    Articles that the site has removed are left out: there is nothing to save.
    """
    cursor = db.execute(
        "INSERT OR IGNORE INTO elsewhere (article_id, revision_id, service, url) "
        "SELECT articles.id, revisions.id, ?, coalesce("
        "(SELECT url FROM captures WHERE captures.id = capture_id AND kind = 'article'), articles.url) "
        "FROM flags JOIN revisions ON revisions.id = flags.revision_id "
        "JOIN articles ON articles.id = revisions.article_id "
        "WHERE flags.current AND level IN ('alert', 'digest') AND stored_at >= ? AND missing_since IS NULL "
        "AND articles.revision_id = revisions.id AND articles.url LIKE 'http%' ORDER BY revisions.id",
        [service, since],
    )
    return max(cursor.rowcount, 0)


def waiting(db: ArchiveDb, service: str, limit: int, due_at: str | None) -> Sequence[Copy]:
    """Return the next requests to a service, least tried first: those due at a time (UTC stamp), or all (None).

    After each failed try the pause is four times as long: an archive that is down for a day costs no copy.
    """
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM elsewhere WHERE status = 'waiting' AND service = ? AND (? IS NULL OR tried_at IS NULL "
        "OR 24 * (julianday(?) - julianday(tried_at)) >= 1 << (2 * (tries - 1))) ORDER BY tries, id LIMIT ?",
        [service, due_at, due_at, limit],
    )
    return [Copy(*row) for row in rows.fetchall()]


def save(db: ArchiveDb, one: Copy, address: str, captured_at: str | None, at: str) -> None:
    """Store the address of a copy that was made."""
    db.execute(
        "UPDATE elsewhere SET status = 'saved', address = ?, captured_at = ?, tries = tries + 1, tried_at = ?, "
        "error = NULL, failing_since = NULL WHERE id = ?",
        [address, captured_at, at, one.id],
    )


def save_error(db: ArchiveDb, one: Copy, error: str, at: str) -> None:
    """Store why a try failed, and give up after `MAX_TRIES`."""
    db.execute(
        "UPDATE elsewhere SET tries = tries + 1, tried_at = ?, error = ?, failing_since = coalesce(failing_since, ?), "
        "status = CASE WHEN tries + 1 >= ? THEN 'given_up' ELSE status END WHERE id = ?",
        [at, error[:300], at, MAX_TRIES, one.id],
    )


def to_search(db: ArchiveDb, before: str, limit: int) -> Sequence[tuple[int, str]]:
    """Return flagged articles that the site no longer serves and that were not searched since `before`, with a URL."""
    rows = db.execute(
        "SELECT articles.id, articles.url FROM articles LEFT JOIN elsewhere_searches ON article_id = articles.id "
        "WHERE missing_since IS NOT NULL AND articles.url LIKE 'http%' "
        "AND (error IS NOT NULL OR coalesce(searched_at, '') < ?) "
        "AND EXISTS (SELECT 1 FROM revisions JOIN flags ON flags.revision_id = revisions.id "
        "WHERE revisions.article_id = articles.id AND level IN ('alert', 'digest')) "
        "ORDER BY coalesce(searched_at, ''), articles.id LIMIT ?",
        [before, limit],
    )
    return [(row[0], row[1]) for row in rows.fetchall()]


def save_search(
    db: ArchiveDb, article_id: int, service: str, url: str, found: Sequence[tuple[str, str]], at: str
) -> int:
    """Store the earlier captures that a search found, as address and time; returns how many were not known."""
    new = 0
    for address, captured_at in found:
        cursor = db.execute(
            "INSERT OR IGNORE INTO elsewhere (article_id, service, url, status, address, captured_at, tried_at) "
            "VALUES (?, ?, ?, 'found', ?, ?, ?)",
            [article_id, service, url, address, captured_at, at],
        )
        new += cursor.rowcount
    db.execute("INSERT OR REPLACE INTO elsewhere_searches (article_id, searched_at) VALUES (?, ?)", [article_id, at])
    return new


def save_search_error(db: ArchiveDb, article_id: int, error: str, at: str) -> None:
    """Store why a search for earlier captures failed."""
    db.execute(
        "INSERT OR REPLACE INTO elsewhere_searches (article_id, searched_at, error) VALUES (?, ?, ?)",
        [article_id, at, error[:300]],
    )


def copies_of(db: ArchiveDb, article_id: int) -> Sequence[Copy]:
    """Return the copies of an article, oldest first, without those that were not made."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM elsewhere WHERE article_id = ? AND address IS NOT NULL ORDER BY captured_at, id",
        [article_id],
    )
    return [Copy(*row) for row in rows.fetchall()]


def uncopied(db: ArchiveDb, service: str) -> Uncopied | None:
    """Return since when all that a service was asked for has failed; None if its last copy is newer, or none failed."""
    row = db.execute(
        "SELECT min(failing_since), error, max(tried_at) FROM elsewhere "  # SQLite: the error of the newest try
        "WHERE service = :service AND failing_since > (SELECT coalesce(max(tried_at), '') FROM elsewhere "
        "WHERE service = :service AND status = 'saved')",
        {"service": service},
    ).fetchone()
    return Uncopied(row[0], row[1]) if row[0] else None


def counts(db: ArchiveDb) -> CopyCounts:
    """Count the copies by state."""
    found = dict(db.execute("SELECT status, count(*) FROM elsewhere GROUP BY status").fetchall())
    newest = db.execute(
        "SELECT service, error FROM ("
        "SELECT service, error, tried_at, 0 AS step, id FROM elsewhere WHERE tried_at IS NOT NULL "
        "UNION ALL SELECT 'search', error, searched_at, 1, article_id FROM elsewhere_searches) "
        "ORDER BY tried_at DESC, step DESC, id DESC LIMIT 1"  # a pass searches last, within the same second perhaps
    ).fetchone()
    unsearched = db.execute("SELECT count(*) FROM elsewhere_searches WHERE error IS NOT NULL").fetchone()[0]
    error = f"{newest[0]}: {newest[1]}" if newest and newest[1] else None
    saved, there, still, given_up = (found.get(name, 0) for name in ("saved", "found", "waiting", "given_up"))
    return CopyCounts(saved, there, still, given_up, int(unsearched), error)
