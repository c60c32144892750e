"""Writing articles: one transaction each, so that a killed process leaves either a whole article or nothing.

Times are UTC stamps (`2026-11-22T06:30:00Z`); `published_at` may be a day alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from acca_crawler.items import AlertKind, Article, ChangeKind
from storage.articles.current import CurrentArticle
from storage.articles.flags import insert_alert_of, insert_flag
from storage.articles.rows import as_json, insert, insert_all
from storage.evidence.rowhash import revision_sha256
from storage.schema.kinds import ArchiveDb

Outcome = Literal["new", "changed", "unchanged", "duplicate"]


@dataclass(frozen=True, slots=True)
class StoreResult:
    """The result of storing an article. `alert_id` is set if it raised an alert."""

    outcome: Outcome
    article_id: int
    revision_id: int
    alert_id: int | None = None


def insert_article(
    db: ArchiveDb, article: Article, run_id: int, next_visit_at: str | None, at: str, alert: AlertKind | None = "new"
) -> StoreResult:
    """Store a new article, inside the caller's transaction.

    `alert` is the kind of alert to raise, given its story, if the article is flagged: None if others reported all of
    it.
    """
    article_id = insert(
        db,
        "articles",
        {
            "outlet": article.outlet,
            "identity": article.identity,
            "url": article.url,
            "first_run_id": run_id,
            "first_seen_at": at,
            "last_seen_at": at,
            "next_visit_at": next_visit_at,
        },
    )
    revision_id, flag_id = append_revision(db, article, article_id, "first", run_id, at)
    alert_id = None
    if alert and (article.detection.level == "alert" or alert == "update"):
        alert_id = insert_alert_of(db, alert, article_id, revision_id, flag_id, run_id, at)
    return StoreResult("new", article_id, revision_id, alert_id)


def insert_revision(
    db: ArchiveDb,
    article: Article,
    current: CurrentArticle,
    change: ChangeKind,
    run_id: int,
    next_visit_at: str | None,
    at: str,
    alert: AlertKind | None = "new",
) -> StoreResult:
    """Store a new revision of an article in the archive, inside the caller's transaction.

    `alert` is as for `insert_article`; a softened report is an alert whatever its story reported.
    """
    revision_id, flag_id = append_revision(db, article, current.article_id, change, run_id, at)
    db.execute(
        "UPDATE articles SET last_seen_at = ?, next_visit_at = ? WHERE id = ?",
        [at, next_visit_at, current.article_id],
    )
    kind = _alert_kind(current, article.detection.level, change, alert)
    alert_id = None
    if kind:
        alert_id = insert_alert_of(db, kind, current.article_id, revision_id, flag_id, run_id, at)
    return StoreResult("changed", current.article_id, revision_id, alert_id)


def insert_reading(db: ArchiveDb, article: Article, current: CurrentArticle, run_id: int, at: str) -> None:
    """Store what the current code extracts from the stored revision's page, as another revision."""
    append_revision(db, article, current.article_id, "reprocessed", run_id, at)


def _alert_kind(current: CurrentArticle, after: str, change: ChangeKind, alert: AlertKind | None) -> AlertKind | None:
    if current.flagged and change == "softening":
        return "softened"
    raised = after == "alert" and current.level != "alert"
    return alert if raised or (alert == "update" and change != "cosmetic") else None


def append_revision(
    db: ArchiveDb, article: Article, article_id: int, change: ChangeKind, run_id: int, at: str
) -> tuple[int, int]:
    """Store a revision under the article's next number and make it the current one; return its id and its flag's."""
    last = db.execute("SELECT coalesce(max(number), 0) FROM revisions WHERE article_id = ?", [article_id]).fetchone()
    number = int(last[0]) + 1
    values = {
        "article_id": article_id,
        "number": number,
        "run_id": run_id,
        "capture_id": article.capture_id,
        "stored_at": at,
        **revision_columns(article),
        "rest_agreement": article.rest_agreement,
        "change": change,
        "content_sha256": article.content_sha256,
    }
    values["row_sha256"] = revision_sha256(values)
    revision_id = insert(db, "revisions", values)
    # The triggers search_documents_* keep the index's rows in sync with this column; `search.indexing` adds the words.
    db.execute("UPDATE articles SET revision_id = ? WHERE id = ?", [revision_id, article_id])
    stripped = [
        {"revision_id": revision_id, "position": position, "rule": piece.rule, "text": piece.text}
        for position, piece in enumerate(article.extraction.stripped)
    ]
    insert_all(db, "stripped", stripped)
    insert_doubts(db, revision_id, article)
    return revision_id, insert_flag(db, article.detection, revision_id, run_id)


def insert_doubts(db: ArchiveDb, revision_id: int, article: Article) -> None:
    """Store the reasons to doubt a revision's text, inside the caller's transaction."""
    doubts = [
        {"revision_id": revision_id, "kind": doubt.kind, "detail": doubt.detail} for doubt in article.extraction.doubts
    ]
    insert_all(db, "doubts", doubts)


def revision_columns(article: Article) -> dict[str, object]:
    """Return the revision columns that are extracted from the page."""
    extraction = article.extraction
    published, modified = extraction.published, extraction.modified
    return {
        "title": extraction.title,
        "lead": extraction.lead,
        "text": extraction.text,
        "authors": as_json(extraction.authors),
        "categories": as_json(extraction.categories),
        "tags": as_json(extraction.tags),
        "captions": as_json(extraction.captions),
        "alternates": as_json(extraction.alternates),
        "language": article.language,
        "image": extraction.image,
        "published_at": published.value if published else None,
        "published_source": published.source if published else None,
        "published_certainty": published.certainty if published else None,
        "modified_at": modified.value if modified else None,
        "modified_source": modified.source if modified else None,
        "modified_certainty": modified.certainty if modified else None,
        "printed_date": extraction.printed_date,
        "extraction_method": extraction.method,
        "parts": as_json([asdict(part) for part in article.parts]) if article.parts else None,
    }
