"""Writing articles: one transaction each, so that a kill leaves either all of an article or nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from acca_crawler.items import Article, Detection
from storage.evidence.rowhash import revision_sha256

Outcome = Literal["new", "changed", "unchanged", "duplicate"]


@dataclass(frozen=True, slots=True)
class CurrentArticle:
    """The current revision of an article that the archive holds.

    `level` is that revision's; `flagged` says whether any revision of the article ever was an alert: a report that was
    softened until nothing of it is left is still the report that it was.
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


@dataclass(frozen=True, slots=True)
class StoreResult:
    """What storing an article did. `alert_id` is set where it raised an alert."""

    outcome: Outcome
    article_id: int
    revision_id: int
    alert_id: int | None = None


_CURRENT = """
    SELECT articles.id AS article_id, identity, url, articles.revision_id, number, title, text, published_at,
           content_sha256, coalesce(flags.level, 'ignore') AS level,
           EXISTS (SELECT 1 FROM revisions AS other JOIN flags AS earlier ON earlier.revision_id = other.id
                   AND earlier.current = 1 WHERE other.article_id = articles.id AND earlier.level = 'alert') AS flagged,
           first_seen_at, removed_at, missing_since, missing_tries
    FROM articles JOIN revisions ON revisions.id = articles.revision_id
    LEFT JOIN flags ON flags.revision_id = revisions.id AND flags.current = 1
"""


def by_identity(db: Database, outlet: str, identity: str) -> CurrentArticle | None:
    """The article of an outlet with this identity, or None."""
    row = db.execute(f"{_CURRENT} WHERE outlet = ? AND identity = ?", [outlet, identity]).fetchone()
    return CurrentArticle(**dict(row)) if row else None


def by_url(db: Database, outlet: str, url: str) -> CurrentArticle | None:
    """The article of an outlet that stands under this address, or None."""
    row = db.execute(
        f"{_CURRENT} WHERE articles.id = (SELECT article_id FROM addresses WHERE outlet = ? AND url = ?)",
        [outlet, url],
    ).fetchone()
    return CurrentArticle(**dict(row)) if row else None


def by_content(db: Database, outlet: str, content_sha256: str) -> CurrentArticle | None:
    """The article of an outlet whose current revision has exactly this content, or None."""
    row = db.execute(f"{_CURRENT} WHERE content_sha256 = ? AND outlet = ?", [content_sha256, outlet]).fetchone()
    return CurrentArticle(**dict(row)) if row else None


def insert_article(
    db: Database, article: Article, run_id: int, next_visit_at: str | None, at: str, alert: str | None = "new"
) -> StoreResult:
    """Store an article that the archive does not hold yet, inside the caller's transaction.

    `alert` is the kind of alert that it raises if it is flagged, as its story has it: None where others told it all.
    """
    article_id = _insert(
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
    revision_id, flag_id = _insert_revision(db, article, article_id, 1, "first", run_id, at)
    alert_id = None
    if alert and (article.detection.level == "alert" or alert == "update"):
        alert_id = _insert_alert(db, alert, article_id, revision_id, flag_id, run_id, at)
    return StoreResult("new", article_id, revision_id, alert_id)


def insert_revision(
    db: Database,
    article: Article,
    current: CurrentArticle,
    change: str,
    run_id: int,
    next_visit_at: str | None,
    at: str,
    alert: str | None = "new",
) -> StoreResult:
    """Store another revision of an article that the archive holds, inside the caller's transaction.

    `alert` is as for `insert_article`; a softened report is an alert whatever its story told.
    """
    revision_id, flag_id = _insert_revision(db, article, current.article_id, current.number + 1, change, run_id, at)
    db.execute(
        "UPDATE articles SET last_seen_at = ?, next_visit_at = ? WHERE id = ?",
        [at, next_visit_at, current.article_id],
    )
    kind = _alert_kind(current, article.detection.level, change, alert)
    alert_id = None
    if kind:
        alert_id = _insert_alert(db, kind, current.article_id, revision_id, flag_id, run_id, at)
    return StoreResult("changed", current.article_id, revision_id, alert_id)


def insert_reading(db: Database, article: Article, current: CurrentArticle, run_id: int, at: str) -> None:
    """Store what today's code reads in the page that the held revision was read from, as another revision."""
    _insert_revision(db, article, current.article_id, current.number + 1, "reprocessed", run_id, at)


def name_article(db: Database, current: CurrentArticle, identity: str, url: str) -> None:
    """Give an article that was imported without an address the one that it turned out to stand under."""
    db.execute("UPDATE articles SET identity = ?, url = ? WHERE id = ?", [identity, url, current.article_id])


def touch(db: Database, current: CurrentArticle, next_visit_at: str | None, at: str) -> None:
    """Note that an article was seen unchanged."""
    db.execute(
        "UPDATE articles SET last_seen_at = ?, next_visit_at = ? WHERE id = ?",
        [at, next_visit_at, current.article_id],
    )


def record_address(
    db: Database, article: Article, article_id: int, status: str, reason: str | None, way: str, at: str
) -> None:
    """Tie every address of a fetched page to its article; the first is the one that was fetched."""
    for number, url in enumerate(article.addresses):
        role = status if number == 0 else "duplicate"
        db.execute(
            "INSERT INTO addresses (outlet, url, listed_url, identity, article_id, status, reason, way, first_seen_at, "
            "last_listed_at, status_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (outlet, url) DO UPDATE SET article_id = excluded.article_id, identity = excluded.identity, "
            "status = CASE WHEN ? = 0 OR addresses.status = 'pending' THEN excluded.status ELSE addresses.status END, "
            "reason = excluded.reason, status_at = excluded.status_at, tries = 0, listed_html = NULL",
            [article.outlet, url, url, article.identity, article_id, role, reason, way, at, at, at, number],
        )


def record_fetch(
    db: Database, outlet: str, url: str, modified_at: str | None, etag: str | None, last_modified: str | None
) -> None:
    """Keep what a later request needs to ask whether the address changed since."""
    db.execute(
        "UPDATE addresses SET fetched_modified_at = coalesce(?, listed_modified_at, fetched_modified_at), etag = ?, "
        "last_modified = ? WHERE outlet = ? AND url = ?",
        [modified_at, etag, last_modified, outlet, url],
    )


def _alert_kind(current: CurrentArticle, after: str, change: str, alert: str | None) -> str | None:
    if current.flagged and change == "softening":
        return "softened"
    raised = after == "alert" and current.level != "alert"
    return alert if raised or alert == "update" else None


def _insert_revision(
    db: Database, article: Article, article_id: int, number: int, change: str, run_id: int, at: str
) -> tuple[int, int]:
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
    revision_id = _insert(db, "revisions", values)
    db.execute("UPDATE articles SET revision_id = ? WHERE id = ?", [revision_id, article_id])
    for position, piece in enumerate(article.extraction.stripped):
        _insert(
            db,
            "stripped",
            {"revision_id": revision_id, "position": position, "rule": piece.rule, "text": piece.text},
        )
    return revision_id, insert_flag(db, article.detection, revision_id, run_id)


def revision_columns(article: Article) -> dict[str, object]:
    """The columns of a revision that hold what was read from the page."""
    extraction = article.extraction
    published, modified = extraction.published, extraction.modified
    return {
        "title": extraction.title,
        "lead": extraction.lead,
        "text": extraction.text,
        "authors": _json(extraction.authors),
        "categories": _json(extraction.categories),
        "tags": _json(extraction.tags),
        "captions": _json(extraction.captions),
        "alternates": _json(extraction.alternates),
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
    }


def insert_flag(db: Database, detection: Detection, revision_id: int, run_id: int, detector: str = "1") -> int:
    """Keep what was detected in a revision; the flag before it, if any, stays but is no longer current."""
    db.execute("UPDATE flags SET current = 0 WHERE revision_id = ? AND current = 1", [revision_id])
    flag_id = _insert(
        db,
        "flags",
        {
            "revision_id": revision_id,
            "run_id": run_id,
            "level": detection.level,
            "country": detection.country,
            "score": detection.score,
            "categories": _json(detection.categories),
            "reasons": _json(detection.reasons),
            "detector": detector,
        },
    )
    sides = [("for", span) for span in detection.spans] + [("against", span) for span in detection.against]
    for position, (side, span) in enumerate(sides):
        _insert(
            db,
            "flag_spans",
            {
                "flag_id": flag_id, "position": position, "side": side, "field": span.field, "start": span.start,
                "end": span.end, "quote": span.quote, "rule": span.rule, "gloss": span.gloss,
            },
        )  # fmt: skip
    for position, fact in enumerate(detection.facts):
        _insert(
            db,
            "flag_facts",
            {
                "flag_id": flag_id, "position": position, "kind": fact.kind, "value": fact.value,
                "detail": fact.detail, "field": fact.span.field, "start": fact.span.start, "end": fact.span.end,
                "quote": fact.span.quote, "sentence": fact.sentence,
            },
        )  # fmt: skip
    return flag_id


def _insert_alert(
    db: Database, kind: str, article_id: int, revision_id: int, flag_id: int, run_id: int, at: str
) -> int:
    return _insert(
        db,
        "alerts",
        {
            "kind": kind, "article_id": article_id, "revision_id": revision_id, "flag_id": flag_id,
            "run_id": run_id, "created_at": at,
        },
    )  # fmt: skip


def insert_alert(db: Database, kind: str, current: CurrentArticle, run_id: int, at: str) -> int:
    """Raise an alert about the current revision of an article that the archive holds."""
    row = db.execute("SELECT id FROM flags WHERE revision_id = ? AND current = 1", [current.revision_id]).fetchone()
    return _insert_alert(db, kind, current.article_id, current.revision_id, row["id"], run_id, at)


def _insert(db: Database, table: str, values: dict[str, object]) -> int:
    columns = ", ".join(f'"{column}"' for column in values)
    marks = ", ".join("?" * len(values))
    cursor = db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values()))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _json(values: object) -> str:
    return json.dumps(values, ensure_ascii=False)
