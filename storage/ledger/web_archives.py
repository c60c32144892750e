"""What web archives list of an outlet, how far their indexes were read, and what came of each capture.

`rules` are hashes of what decides which addresses, or pages, are the outlet's articles (`acca_crawler.declared_rules`):
after they changed, an index is read from its beginning, and captures that could not be read are tried again.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.schema.kinds import ArchiveDb


@dataclass(frozen=True, slots=True)
class ListedCapture:
    """One capture as an index lists it. `captured_at` is a UTC stamp; `file`, `offset` and `length` locate a record."""

    id: int
    url: str
    identity: str
    captured_at: str
    status: int | None
    mime: str
    digest: str
    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class ArchiveTotal:
    """What an archive lists of an outlet: articles, those that we lack, and when its index was last read (UTC)."""

    archive: str
    read_at: str
    complete: bool
    articles: int
    lacking: int


_UNTRIED = "(outcome IS NULL OR (outcome = 'not read' AND rules != :rules))"


def index_state(db: ArchiveDb, outlet: str, archive: str, host: str, rules: str) -> tuple[str, bool, str] | None:
    """Return the key to continue from, whether the index was read to its end, and when; None before the first page."""
    row = db.execute(
        "SELECT next_key, is_complete, read_at FROM archive_indexes WHERE outlet = ? AND archive = ? AND host = ? "
        "AND rules = ?",
        [outlet, archive, host, rules],
    ).fetchone()
    return (row["next_key"], bool(row["is_complete"]), row["read_at"]) if row else None


def save_index_page(
    db: ArchiveDb,
    outlet: str,
    archive: str,
    host: str,
    rules: str,
    next_key: str,
    captures: Iterable[ListedCapture],
    at: str,
) -> int:
    """Save a page of an index with the captures it lists, inside the caller's transaction; return how many are new."""
    new = 0
    for one in captures:
        new += db.execute(
            "INSERT INTO archive_captures (outlet, archive, url, identity, captured_at, status, mime, digest, file, "
            '"offset", length) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
            [
                outlet, archive, one.url, one.identity, one.captured_at, one.status, one.mime, one.digest, one.file,
                one.offset, one.length,
            ],
        ).rowcount  # fmt: skip
    db.execute(
        "INSERT INTO archive_indexes (outlet, archive, host, rules, next_key, is_complete, read_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (outlet, archive, host) DO UPDATE SET rules = excluded.rules, next_key = excluded.next_key, "
        "is_complete = excluded.is_complete, read_at = excluded.read_at",
        [outlet, archive, host, rules, next_key, int(not next_key), at],
    )
    return new


def gaps(db: ArchiveDb, outlet: str, archive: str, rules: str, limit: int | None) -> list[str]:
    """Return the identities of articles with captures not tried yet that we lack or that the site has taken down.

    One that could not be read by other rules counts as not tried.
    """
    rows = db.execute(
        "SELECT identity, min(captured_at) AS first FROM archive_captures "
        f"WHERE outlet = :outlet AND archive = :archive AND {_UNTRIED} "
        "AND NOT EXISTS (SELECT 1 FROM articles WHERE articles.outlet = archive_captures.outlet "
        "AND articles.identity = archive_captures.identity AND missing_since IS NULL) "
        "GROUP BY identity ORDER BY first, identity LIMIT :most",
        {"outlet": outlet, "archive": archive, "rules": rules, "most": -1 if limit is None else limit},
    )
    return [row["identity"] for row in rows.fetchall()]


def untried(db: ArchiveDb, outlet: str, archive: str, identity: str, rules: str) -> Sequence[ListedCapture]:
    """Return an article's captures that were not tried yet, or not read by other rules, oldest first."""
    rows = db.execute(
        'SELECT id, url, identity, captured_at, status, mime, digest, file, "offset", length FROM archive_captures '
        f"WHERE outlet = :outlet AND archive = :archive AND identity = :identity AND {_UNTRIED} "
        "ORDER BY captured_at, id",
        {"outlet": outlet, "archive": archive, "identity": identity, "rules": rules},
    )
    return [ListedCapture(**dict(row)) for row in rows.fetchall()]


def set_outcome(db: ArchiveDb, capture: int, outcome: str, reason: str | None, rules: str, at: str) -> None:
    """Record what came of a capture, inside the caller's transaction."""
    db.execute(
        "UPDATE archive_captures SET outcome = ?, reason = ?, rules = ?, tried_at = ? WHERE id = ?",
        [outcome, reason, rules, at, capture],
    )


def totals(db: ArchiveDb, outlet: str) -> list[ArchiveTotal]:
    """Return what each archive lists of an outlet, by name; none if no index was read."""
    rows = db.execute(
        "SELECT archive, max(read_at) AS read_at, min(is_complete) AS complete, "
        "(SELECT count(DISTINCT identity) FROM archive_captures AS c WHERE c.outlet = i.outlet "
        " AND c.archive = i.archive) AS articles, "
        "(SELECT count(DISTINCT identity) FROM archive_captures AS c WHERE c.outlet = i.outlet "
        " AND c.archive = i.archive AND NOT EXISTS (SELECT 1 FROM articles WHERE articles.outlet = c.outlet "
        " AND articles.identity = c.identity)) AS lacking "
        "FROM archive_indexes AS i WHERE outlet = ? GROUP BY archive ORDER BY archive",
        [outlet],
    )
    return [
        ArchiveTotal(row["archive"], row["read_at"], bool(row["complete"]), row["articles"], row["lacking"])
        for row in rows.fetchall()
    ]
