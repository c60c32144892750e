"""What reprocessing the archive needs: which articles, from which captures, their stored values, and the progress.

Times are UTC stamps (`2026-11-22T06:30:00Z`); `published_at` may be a day alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from acca_crawler.items import AlertKind, Article, Detection
from storage.articles.current import CurrentArticle, by_identity
from storage.articles.flags import insert_alert, insert_flag
from storage.articles.write import StoreResult, insert_doubts, insert_reading, revision_columns
from storage.schema.kinds import ArchiveDb

COMPARED = (
    "title", "text", "lead", "authors", "categories", "tags", "captions", "alternates", "language", "image",
    "published_at", "published_source", "published_certainty", "modified_at", "modified_source",
    "modified_certainty", "printed_date", "parts",
)  # fmt: skip
"""Columns of a revision that are compared: a difference in any of them makes a new reading of the page a change."""

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Subject:
    """The current revision of an article, and the capture it was extracted from, if any.

    `listed_capture_id` is the capture of the REST document or feed that supplied its text in addition to or instead of
    its page.
    """

    article_id: int
    outlet: str
    identity: str
    revision_id: int
    first_seen_at: str
    capture_id: int | None
    listed_capture_id: int | None
    title: str
    published_at: str | None
    published_source: str | None
    modified_at: str | None
    modified_source: str | None
    parts: str | None

    @property
    def part_captures(self) -> dict[int, int]:
        """Captures of the further parts of an article on several pages, by number."""
        return {part["number"]: part["capture_id"] for part in json.loads(self.parts or "[]") if part["capture_id"]}


_SUBJECTS = """
    FROM articles JOIN revisions ON revisions.id = articles.revision_id
    LEFT JOIN captures ON captures.id = revisions.capture_id
    WHERE articles.id > :after AND (:outlet IS NULL OR articles.outlet = :outlet)
      AND (:since IS NULL OR coalesce(captures.fetched_at, revisions.stored_at) >= :since)
      AND (NOT :doubtful OR EXISTS (SELECT 1 FROM doubts WHERE doubts.revision_id = revisions.id))
"""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles to reprocess: of one outlet, captured since a time (UTC), only those whose text is doubtful."""

    outlet: str | None = None
    since: str | None = None
    doubtful: bool = False


def count_subjects(db: ArchiveDb, wanted: Selection, after: int) -> int:
    """Count the articles that `subjects` would yield."""
    row = db.execute(f"SELECT count(*) {_SUBJECTS}", {**asdict(wanted), "after": after}).fetchone()
    return int(row[0])


def subjects(db: ArchiveDb, wanted: Selection, after: int) -> Iterator[Subject]:
    """Yield the selected articles numbered above `after`, by number."""
    while True:
        rows = db.execute(
            "SELECT articles.id AS article_id, articles.outlet, identity, revisions.id AS revision_id, first_seen_at, "
            "capture_id, (SELECT max(listed_capture_id) FROM addresses WHERE article_id = articles.id) AS "
            "listed_capture_id, title, published_at, published_source, modified_at, modified_source, "
            f"parts {_SUBJECTS} ORDER BY articles.id LIMIT {_PAGE}",
            {**asdict(wanted), "after": after},
        ).fetchall()
        for row in rows:
            yield Subject(**dict(row))
        if not rows:
            return
        after = rows[-1]["article_id"]


@dataclass(frozen=True, slots=True)
class Difference:
    """How a new reading differs: the changed revision columns, whether the detection changed, and both levels."""

    columns: tuple[str, ...]
    detected: bool
    was: str
    becomes: str

    def __bool__(self) -> bool:
        return bool(self.columns) or self.detected


def difference(db: ArchiveDb, revision_id: int, article: Article) -> Difference:
    """Compare a reprocessed article with its stored revision."""
    row = db.execute("SELECT * FROM revisions WHERE id = ?", [revision_id]).fetchone()
    fresh = revision_columns(article)
    columns = tuple(name for name in COMPARED if fresh[name] != row[name])
    flag = db.execute("SELECT * FROM flags WHERE revision_id = ? AND current = 1", [revision_id]).fetchone()
    detected = flag is None or _held_detection(db, flag) != _detection(article.detection)
    return Difference(columns, detected, flag["level"] if flag else "ignore", article.detection.level)


def store_reading(
    db: ArchiveDb, subject: Subject, article: Article, found: Difference, run_id: int, at: str, alert: AlertKind | None
) -> StoreResult:
    """Store a new reading of an article, inside the caller's transaction, and return the result.

    The page did not change, so neither the article's times nor its visits change, and nothing counts as softened.
    `alert` is the kind of alert to raise, given its story, if the article only now becomes a report: None if others
    reported all of it.
    """
    held = _held(db, subject)
    if found.columns:
        insert_reading(db, article, held, run_id, at)
        held = _held(db, subject)
    else:
        insert_flag(db, article.detection, held.revision_id, run_id)
    alert_id = None
    if alert and found.becomes == "alert" != found.was and not _was_sent(db, held.article_id):
        alert_id = insert_alert(db, alert, held, run_id, at)
    return StoreResult("changed" if found.columns else "unchanged", held.article_id, held.revision_id, alert_id)


def store_doubts(db: ArchiveDb, revision_id: int, article: Article) -> None:
    """Replace the doubts about a revision's text by those of a new reading that gave the same text."""
    db.execute("DELETE FROM doubts WHERE revision_id = ?", [revision_id])
    insert_doubts(db, revision_id, article)


def _held(db: ArchiveDb, subject: Subject) -> CurrentArticle:
    held = by_identity(db, subject.outlet, subject.identity)
    assert held is not None
    return held


def _was_sent(db: ArchiveDb, article_id: int) -> bool:
    """Return True if an alert refers to the article."""
    return db.execute("SELECT 1 FROM alerts WHERE article_id = ? LIMIT 1", [article_id]).fetchone() is not None


def _held_detection(db: ArchiveDb, flag: Mapping[str, Any]) -> tuple[object, ...]:
    spans = db.execute(
        'SELECT side, field, start, "end", quote, rule, gloss FROM flag_spans WHERE flag_id = ? ORDER BY position',
        [flag["id"]],
    ).fetchall()
    facts = db.execute(
        'SELECT kind, value, detail, field, start, "end", quote, sentence FROM flag_facts WHERE flag_id = ? '
        "ORDER BY position",
        [flag["id"]],
    ).fetchall()
    return (
        flag["level"], flag["country"], flag["score"], json.loads(flag["categories"]), json.loads(flag["reasons"]),
        [tuple(span) for span in spans], [tuple(fact) for fact in facts],
    )  # fmt: skip


def _detection(detection: Detection) -> tuple[object, ...]:
    sides = [("for", span) for span in detection.spans] + [("against", span) for span in detection.against]
    return (
        detection.level, detection.country, detection.score, list(detection.categories), list(detection.reasons),
        [(side, span.field, span.start, span.end, span.quote, span.rule, span.gloss) for side, span in sides],
        [
            (fact.kind, fact.value, fact.detail, fact.span.field, fact.span.start, fact.span.end, fact.span.quote,
             fact.sentence)
            for fact in detection.facts
        ],
    )  # fmt: skip


def unfinished(db: ArchiveDb, arguments: str, version: str) -> int:
    """Return the article after which the last such reprocessing was interrupted, or 0 if it finished.

    A new release starts from the beginning: `arguments` (JSON, as in `runs`) and version must match.
    """
    row = db.execute(
        "SELECT status, arguments, version, coalesce(last_article_id, 0) AS last FROM runs "
        "LEFT JOIN reprocess_progress ON run_id = runs.id WHERE kind = 'reprocess' ORDER BY runs.id DESC LIMIT 1"
    ).fetchone()
    stopped = row is not None and row["status"] in ("running", "killed", "failed")
    return int(row["last"]) if stopped and (row["arguments"], row["version"]) == (arguments, version) else 0


def save_progress(db: ArchiveDb, run_id: int, article_id: int) -> None:
    """Save the progress of a reprocessing, inside the transaction that stores its results."""
    db.execute(
        "INSERT INTO reprocess_progress (run_id, last_article_id) VALUES (?, ?) "
        "ON CONFLICT (run_id) DO UPDATE SET last_article_id = excluded.last_article_id",
        [run_id, article_id],
    )
