"""The current state of an article in the archive: looked up by its identity, its URL or its content.

Times are UTC stamps (`2026-11-22T06:30:00Z`); `published_at` may be a day alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from acca_crawler.clock import parse_stamp
from acca_crawler.items import UNNAMED, Article
from storage.schema.kinds import ArchiveDb


@dataclass(frozen=True, slots=True)
class CurrentArticle:
    """The current revision of an article in the archive.

    `level` is that revision's; `flagged` is true if any revision of the article was ever an alert: a report that was
    softened until nothing is left of it is still that report. `parts` is the number of further parts that were read of
    an article on several pages. `capture_id` is the capture that the revision was read from, if any.
    """

    article_id: int
    identity: str
    url: str
    revision_id: int
    number: int
    title: str
    text: str
    published_at: str | None
    content_sha256: str
    level: str
    flagged: int
    first_seen_at: str
    removed_at: str | None
    missing_since: str | None
    missing_tries: int
    parts: int = 0
    capture_id: int | None = None


_CURRENT = """
    SELECT articles.id AS article_id, identity, url, articles.revision_id, number, title, text, published_at,
           content_sha256, coalesce(flags.level, 'ignore') AS level,
           EXISTS (SELECT 1 FROM revisions AS other JOIN flags AS earlier ON earlier.revision_id = other.id
                   AND earlier.current = 1 WHERE other.article_id = articles.id AND earlier.level = 'alert') AS flagged,
           first_seen_at, removed_at, missing_since, missing_tries,
           (SELECT count(*) FROM json_each(parts) WHERE json_extract(value, '$.missing') = '') AS parts,
           revisions.capture_id
    FROM {tables}
    LEFT JOIN flags ON flags.revision_id = revisions.id AND flags.current = 1
"""
_CURRENT_ARTICLE = _CURRENT.format(tables="articles JOIN revisions ON revisions.id = articles.revision_id")
_CURRENT_BY_CONTENT = _CURRENT.format(
    tables="revisions INDEXED BY revisions_content "
    "CROSS JOIN articles ON articles.id = revisions.article_id AND articles.revision_id = revisions.id"
)
"""Looks up the hash first, with or without database statistics: an outlet may have a hundred thousand articles."""


def find_current(db: ArchiveDb, article: Article) -> CurrentArticle | None:
    """Find the article in the archive by its identity, else by its text; None for a new one.

    An article that was imported without a URL gets the first URL found with the same text.
    """
    current = by_identity(db, article.outlet, article.identity)
    if current is not None:
        return current
    same_text = by_content(db, article.outlet, article.content_sha256)
    if same_text is None or not same_text.url.startswith(UNNAMED) or article.url.startswith(UNNAMED):
        return same_text
    name_article(db, same_text, article.identity, article.url)
    return by_identity(db, article.outlet, article.identity)


def by_identity(db: ArchiveDb, outlet: str, identity: str) -> CurrentArticle | None:
    """Return the outlet's article with this identity, or None."""
    row = db.execute(f"{_CURRENT_ARTICLE} WHERE outlet = ? AND identity = ?", [outlet, identity]).fetchone()
    return CurrentArticle(**dict(row)) if row else None


def by_url(db: ArchiveDb, outlet: str, url: str) -> CurrentArticle | None:
    """Return the outlet's article with this URL, or None."""
    row = db.execute(
        f"{_CURRENT_ARTICLE} WHERE articles.id = (SELECT article_id FROM addresses WHERE outlet = ? AND url = ?)",
        [outlet, url],
    ).fetchone()
    return CurrentArticle(**dict(row)) if row else None


def by_content(db: ArchiveDb, outlet: str, content_sha256: str) -> CurrentArticle | None:
    """Return the outlet's article whose current revision has exactly this content, or None."""
    row = db.execute(
        f"{_CURRENT_BY_CONTENT} WHERE content_sha256 = ? AND outlet = ?", [content_sha256, outlet]
    ).fetchone()
    return CurrentArticle(**dict(row)) if row else None


def name_article(db: ArchiveDb, current: CurrentArticle, identity: str, url: str) -> None:
    """Set the URL of an article that was imported without one."""
    db.execute("UPDATE articles SET identity = ?, url = ? WHERE id = ?", [identity, url, current.article_id])


def is_older(db: ArchiveDb, article: Article, fetched_at: str) -> bool:
    """Return True if a page was fetched (UTC stamp) before the current revision of its article."""
    row = db.execute(
        "SELECT captures.fetched_at FROM articles JOIN revisions ON revisions.id = articles.revision_id "
        "JOIN captures ON captures.id = revisions.capture_id WHERE articles.outlet = ? AND articles.identity = ? "
        "AND captures.status != 0",
        [article.outlet, article.identity],
    ).fetchone()
    return row is not None and parse_stamp(fetched_at) < parse_stamp(row["fetched_at"])
