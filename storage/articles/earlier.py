"""Earlier versions of stored articles, from web archives: more revisions, which never become the current one.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from acca_crawler.items import Article
from storage.articles.current import CurrentArticle
from storage.articles.write import StoreResult, append_revision
from storage.schema.kinds import ArchiveDb


def captured_at(db: ArchiveDb, current: CurrentArticle) -> str:
    """Return when the current revision's page was captured (UTC), or, for a file, when it was stored."""
    row = db.execute(
        "SELECT coalesce((SELECT fetched_at FROM captures WHERE captures.id = capture_id AND status != 0), stored_at) "
        "FROM revisions WHERE id = ?",
        [current.revision_id],
    ).fetchone()
    return str(row[0])


def has_text(db: ArchiveDb, article_id: int, content_sha256: str) -> bool:
    """Whether any revision of the article has exactly this content."""
    sql = "SELECT 1 FROM revisions WHERE article_id = ? AND content_sha256 = ? LIMIT 1"
    return db.execute(sql, [article_id, content_sha256]).fetchone() is not None


def insert_earlier(db: ArchiveDb, article: Article, current: CurrentArticle, run_id: int, at: str) -> StoreResult:
    """Store a version that was captured before the current one, inside the caller's transaction.

    Its number is the next one, its change `earlier`; its place in time is that of its capture.
    """
    revision_id, _ = append_revision(db, article, current.article_id, "earlier", run_id, at)
    db.execute("UPDATE articles SET revision_id = ? WHERE id = ?", [current.revision_id, current.article_id])
    return StoreResult("changed", current.article_id, revision_id)
