"""Every URL ever seen and its single status: the answer to "what happened to this article?".

`rules` are hashes of what decides which pages are the outlet's articles, and of how they are read
(`acca_crawler.declared_rules`): what gave no article is tried again after they changed.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from acca_crawler.clock import earlier, exact_stamp, utc_stamp
from acca_crawler.items import Article, Listed, Page
from storage.articles.write import StoreResult
from storage.schema.kinds import ArchiveDb

MAX_TRIES = 20
"""A failing URL is tried once per run, this many times, and then not until it is listed again."""

MAX_BY_RULES = 1000
"""URLs tried again in one run because the outlet's rules changed."""

TRUSTED_HOURS = 6
"""How long a server's "unchanged" is trusted, for articles and feeds."""

REFUSED_HOURS = 24
REFUSED_DAYS = 7
"""How long a refusal is respected: by robots.txt (RFC 9309 lets a crawler cache it for a day), and any other."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A URL to be fetched, with what is known about it.

    `url` is the canonical form, the archive's key; `listed.url` is the form used by the site itself: requesting that
    one avoids a redirect.
    """

    id: int
    url: str
    listed: Listed
    article_id: int | None
    etag: str | None
    last_modified: str | None


_ANOTHER_ADDRESS = "another address of an article we hold"


def list_address(db: ArchiveDb, outlet: str, way: str, url: str, listed: Listed, identity: str, at: str) -> str:
    """Record that a way of discovery listed a URL, whose canonical form is `url`.

    Returns `new` (to be fetched for the first time), `changed` (to be fetched again, because its modification time
    changed or it is listed with another text), `duplicate` (another URL of a stored article) or `known`.
    """
    row = db.execute(
        "SELECT id, status, reason, identity, tries, first_seen_at, listed_modified_at, fetched_modified_at, "
        "listed_digest FROM addresses WHERE outlet = ? AND url = ?",
        [outlet, url],
    ).fetchone()
    if row is not None and row["reason"] == _ANOTHER_ADDRESS and row["identity"] != identity:
        db.execute("DELETE FROM addresses WHERE id = ?", [row["id"]])  # never fetched, by an identity that was wrong
        return _insert(db, outlet, way, url, listed, identity, at, first_seen_at=row["first_seen_at"])
    if row is None:
        return _insert(db, outlet, way, url, listed, identity, at, first_seen_at=at)
    changed = bool(
        row["status"] in ("stored", "missing", "removed")
        and listed.modified
        and row["fetched_modified_at"]
        and listed.modified > row["fetched_modified_at"]
    )
    rewritten = listed.digest is not None and row["listed_digest"] not in (None, listed.digest)
    changed = changed or (rewritten and row["status"] in ("stored", "not_article"))
    reappeared = row["status"] in ("missing", "removed")
    tried_out = row["status"] in ("failed", "blocked") and row["tries"] >= MAX_TRIES
    if changed or reappeared or tried_out:
        db.execute(
            "UPDATE addresses SET status = 'pending', reason = ?, status_at = ?, tries = 0, listed_html = ?, "
            "listed_title = ?, listed_capture_id = ? WHERE id = ?",
            [
                "listed as changed" if changed else "listed again",
                at,
                listed.body_html,
                listed.title,
                listed.capture_id,
                row["id"],
            ],
        )
    db.execute(
        "UPDATE addresses SET way = ?, last_listed_at = ?, listed_url = ?, "
        "listed_modified_at = coalesce(?, listed_modified_at), "
        "listed_published_at = coalesce(?, listed_published_at), listed_digest = coalesce(?, listed_digest) "
        "WHERE id = ?",
        [way, exact_stamp(), listed.url, listed.modified, listed.published, listed.digest, row["id"]],
    )
    return "changed" if changed or reappeared else "known"


def _insert(
    db: ArchiveDb, outlet: str, way: str, url: str, listed: Listed, identity: str, at: str, first_seen_at: str
) -> str:
    held = db.execute(
        "SELECT articles.id, max(addresses.fetched_modified_at) AS fetched FROM articles "
        "JOIN addresses ON addresses.article_id = articles.id AND addresses.status = 'stored' "
        "WHERE articles.outlet = ? AND articles.identity = ? GROUP BY articles.id",
        [outlet, identity],
    ).fetchone()
    newer = held and listed.modified and held["fetched"] and listed.modified > held["fetched"]
    duplicate = held is not None and not newer
    db.execute(
        "INSERT INTO addresses (outlet, url, listed_url, identity, article_id, status, reason, way, first_seen_at, "
        "last_listed_at, listed_modified_at, listed_published_at, listed_title, listed_html, listed_capture_id, "
        "listed_digest, status_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            outlet, url, listed.url, identity, held["id"] if held else None,
            "duplicate" if duplicate else "pending",
            _ANOTHER_ADDRESS if duplicate else None,
            way, first_seen_at, exact_stamp(), listed.modified, listed.published,
            None if duplicate else listed.title, None if duplicate else listed.body_html,
            None if duplicate else listed.capture_id, listed.digest, at,
        ],
    )  # fmt: skip
    return "duplicate" if duplicate else "new"


def pending(db: ArchiveDb, outlet: str, limit: int, after: int = 0) -> Sequence[Pending]:
    """Return up to `limit` URLs of an outlet that are to be fetched, in the order of discovery.

    Conditional requests are made only for pages read in full within `TRUSTED_HOURS`: a server that always answers
    "unchanged" would hide every edit.
    """
    # The first condition on the status matches an index: few URLs are waiting, but an outlet has a million.
    where = (
        "INDEXED BY addresses_waiting WHERE outlet = ? AND id > ? AND status IN ('pending', 'blocked', 'failed') "
        "AND (status = 'pending' OR tries < ?) ORDER BY id LIMIT ?"
    )
    return _pending(db, where, [outlet, after, MAX_TRIES, limit])


def pending_among(db: ArchiveDb, outlet: str, urls: Sequence[str]) -> Sequence[Pending]:
    """Return those of these URLs (at most a few hundred) that are to be fetched, in the order of discovery."""
    marks = ", ".join("?" * len(urls))
    where = f"WHERE outlet = ? AND url IN ({marks}) AND status IN ('pending', 'blocked', 'failed') ORDER BY id"
    return _pending(db, where, [outlet, *urls])


def is_pending(db: ArchiveDb, outlet: str, url: str) -> bool:
    """Return whether a URL is to be fetched and was not tried yet."""
    sql = "SELECT 1 FROM addresses WHERE outlet = ? AND url = ? AND status = 'pending'"
    return db.execute(sql, [outlet, url]).fetchone() is not None


def _pending(db: ArchiveDb, where: str, values: Sequence[object]) -> Sequence[Pending]:
    trusted_since = earlier(utc_stamp(), hours=TRUSTED_HOURS)
    rows = db.execute(
        "SELECT *, coalesce((SELECT max(visited_at) FROM visits WHERE visits.article_id = addresses.article_id "
        "AND outcome IN ('unchanged', 'changed') AND reason IS NOT 'HTTP 304'), "
        "(SELECT first_seen_at FROM articles WHERE articles.id = addresses.article_id)) AS read_at "
        f"FROM addresses {where}",
        values,
    ).fetchall()
    return [
        Pending(
            id=row["id"],
            url=row["url"],
            listed=Listed(
                url=row["listed_url"],
                modified=row["listed_modified_at"],
                published=row["listed_published_at"],
                title=row["listed_title"] or "",
                body_html=row["listed_html"],
                way=row["way"],
                capture_id=row["listed_capture_id"],
            ),
            article_id=row["article_id"],
            etag=row["etag"] if (row["read_at"] or "") > trusted_since else None,
            last_modified=row["last_modified"] if (row["read_at"] or "") > trusted_since else None,
        )
        for row in rows
    ]


def set_status(db: ArchiveDb, outlet: str, url: str, status: str, reason: str | None, rules: str, at: str) -> None:
    """Set a URL's status by the outlet's rules, and count the try."""
    db.execute(
        "UPDATE addresses SET status = ?, reason = ?, rules = ?, status_at = ?, tries = tries + 1, "
        "listed_html = CASE WHEN ? IN ('blocked', 'failed') THEN listed_html END WHERE outlet = ? AND url = ?",
        [status, reason, rules, at, status, outlet, url],
    )


def copies_of(db: ArchiveDb, article_id: int, besides: str) -> int:
    """Count the other identities, besides one, at whose URLs an article's text was met."""
    row = db.execute(
        "SELECT count(DISTINCT addresses.identity) FROM addresses JOIN articles ON articles.id = article_id "
        "WHERE article_id = ? AND addresses.identity NOT IN (articles.identity, ?)",
        [article_id, besides],
    ).fetchone()
    return int(row[0])


def doubt_copies(db: ArchiveDb, article_id: int, reason: str, at: str) -> None:
    """Have the URLs at which a copy of an article was met fetched again, as after a failure."""
    db.execute(
        "UPDATE addresses SET status = 'failed', reason = ?, status_at = ? "
        "WHERE article_id = ? AND status = 'duplicate' "
        "AND identity != (SELECT identity FROM articles WHERE articles.id = article_id)",
        [reason, at, article_id],
    )


def suspect_unlisted(
    db: ArchiveDb, outlet: str, way: str, listed_since: str, published_since: str | None
) -> Iterator[str]:
    """Yield URLs that a way listed before but not again, though it covered that period again.

    `published_since` is None if the way listed everything on the site.
    """
    # `published_since` limits the check to a short period, where the index helps; without it, all URLs ever listed are
    # checked.
    index, within, values = "", "", []
    if published_since:
        index, within, values = "INDEXED BY addresses_published", "AND listed_published_at >= ?", [published_since]
    rows = db.execute(
        f"SELECT addresses.url FROM addresses {index} JOIN articles ON articles.id = addresses.article_id "
        f"WHERE addresses.outlet = ? AND way = ? AND addresses.status = 'stored' {within} AND last_listed_at < ? "
        "AND articles.removed_at IS NULL",
        [outlet, way, *values, listed_since],
    )
    for row in rows.fetchall():
        yield row["url"]


def ask_again(db: ArchiveDb, outlet: str, url: str, reason: str, at: str) -> None:
    """Have the URL of a stored article fetched again."""
    db.execute(
        "UPDATE addresses SET status = 'pending', reason = ?, status_at = ? WHERE outlet = ? AND url = ? "
        "AND status IN ('stored', 'missing', 'removed')",
        [reason, at, outlet, url],
    )


def record_stored(db: ArchiveDb, article: Article, page: Page, stored: StoreResult, way: str, at: str) -> None:
    """Link a page's URLs to the stored article, and save what a later conditional request needs."""
    if stored.outcome == "duplicate":
        record_address(db, article, stored.article_id, "duplicate", "the same text as another address", way, at)
        return
    record_address(db, article, stored.article_id, "stored", None, way, at)
    modified_at = article.extraction.modified_at
    record_fetch(db, article.outlet, article.addresses[0], modified_at, page.etag, page.last_modified)


def record_address(
    db: ArchiveDb, article: Article, article_id: int, status: str, reason: str | None, way: str, at: str
) -> None:
    """Link every URL of a fetched page to its article; the first is the one that was fetched."""
    for number, url in enumerate(article.addresses):
        role = status if number == 0 else "duplicate"
        db.execute(
            "INSERT INTO addresses (outlet, url, listed_url, identity, article_id, status, reason, way, first_seen_at, "
            "last_listed_at, status_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (outlet, url) DO UPDATE SET article_id = excluded.article_id, identity = excluded.identity, "
            "status = CASE WHEN ? = 0 OR addresses.status = 'pending' THEN excluded.status ELSE addresses.status END, "
            "reason = excluded.reason, status_at = excluded.status_at, tries = 0, listed_html = NULL",
            [article.outlet, url, url, article.identity, article_id, role, reason, way, at, exact_stamp(), at, number],
        )


def record_fetch(
    db: ArchiveDb, outlet: str, url: str, modified_at: str | None, etag: str | None, last_modified: str | None
) -> None:
    """Save what a later conditional request for the URL needs."""
    db.execute(
        "UPDATE addresses SET fetched_modified_at = coalesce(?, listed_modified_at, fetched_modified_at), etag = ?, "
        "last_modified = ? WHERE outlet = ? AND url = ?",
        [modified_at, etag, last_modified, outlet, url],
    )


def was_listed_before(db: ArchiveDb, outlet: str, at: str) -> bool:
    """Return True if any URL of an outlet was listed before a time (a stamp), i.e. it has been followed since."""
    row = db.execute("SELECT 1 FROM addresses WHERE outlet = ? AND first_seen_at < ? LIMIT 1", [outlet, at]).fetchone()
    return row is not None


def listed_since(db: ArchiveDb, outlet: str, at: str) -> int:
    """Count an outlet's URLs that were first listed since a time (a stamp)."""
    sql = "SELECT count(*) FROM addresses WHERE outlet = ? AND first_seen_at >= ?"
    return int(db.execute(sql, [outlet, at]).fetchone()[0])


def ask_refused_again(db: ArchiveDb, outlet: str, at: str, *, everywhere: bool) -> None:
    """Retry refused URLs whose refusal may have ended: by robots.txt after a day, by other rules after a week.

    URLs excluded because they concern other parts of the world stay excluded, unless the outlet is followed
    `everywhere` by now.
    """
    day, week = earlier(at, hours=REFUSED_HOURS), earlier(at, days=REFUSED_DAYS)
    abroad = "reason LIKE 'names no place%'"
    db.execute(
        "UPDATE addresses SET status = 'pending', reason = 'refused before: ' || reason, status_at = :at "
        "WHERE outlet = :outlet AND status = 'refused' AND tries < :most "
        f"AND CASE WHEN {abroad} THEN :everywhere WHEN reason LIKE '%robots.txt%' THEN status_at < :day "
        "ELSE status_at < :week END",
        {"at": at, "outlet": outlet, "most": MAX_TRIES, "everywhere": everywhere, "day": day, "week": week},
    )


def ask_again_by_rules(db: ArchiveDb, outlet: str, rules: str, *, listed_since: str, seen_since: str, at: str) -> None:
    """Have URLs fetched again that by other rules gave no article, led off the outlet's hosts, or failed too often.

    Only those listed since `listed_since` or first seen since `seen_since` (stamps), and per call the newest
    `MAX_BY_RULES`: a corrected selector must not bring back years of pages at once. What an earlier release tried
    counts as tried by the present rules.
    """
    tried = "outlet = :outlet AND status IN ('not_article', 'refused', 'failed')"
    db.execute(f"UPDATE addresses SET rules = :rules WHERE {tried} AND rules = ''", {"outlet": outlet, "rules": rules})
    db.execute(
        "UPDATE addresses SET status = 'pending', reason = 'the rules of the outlet changed', rules = :rules, "
        "status_at = :at, tries = 0 WHERE id IN "
        f"(SELECT id FROM addresses WHERE {tried} AND rules != :rules AND CASE status "
        "WHEN 'refused' THEN reason LIKE '%leads off the outlet''s hosts%' WHEN 'failed' THEN tries >= :tried_out "
        "ELSE coalesce(reason, '') NOT LIKE 'not a page but%' END "
        "AND (last_listed_at >= :listed OR first_seen_at >= :seen) ORDER BY id DESC LIMIT :most)",
        {
            "at": at, "outlet": outlet, "rules": rules, "tried_out": MAX_TRIES, "listed": listed_since,
            "seen": seen_since, "most": MAX_BY_RULES,
        },
    )  # fmt: skip


def known_among(db: ArchiveDb, outlet: str, urls: Sequence[str]) -> frozenset[str]:
    """Return which of these URLs (of one REST page, at most a hundred) were listed before."""
    marks = ", ".join("?" * len(urls))
    rows = db.execute(f"SELECT url FROM addresses WHERE outlet = ? AND url IN ({marks})", [outlet, *urls]).fetchall()
    return frozenset(row["url"] for row in rows)
