"""Flags (what was detected in a revision) and alerts (what people are notified of).

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Iterable

from acca_crawler.items import AlertKind, Detection
from storage.articles.current import CurrentArticle
from storage.articles.rows import as_json, insert, insert_all
from storage.schema.kinds import ArchiveDb

MAX_WORDS = 4


def insert_flag(db: ArchiveDb, detection: Detection, revision_id: int, run_id: int) -> int:
    """Save what was detected in a revision; the previous flag, if any, is kept but no longer current."""
    db.execute("UPDATE flags SET current = 0 WHERE revision_id = ? AND current = 1", [revision_id])
    # The trigger outbox_digest adds a new digest report to the outbox in the same transaction.
    flag_id = insert(
        db,
        "flags",
        {
            "revision_id": revision_id,
            "run_id": run_id,
            "level": detection.level,
            "country": detection.country,
            "score": detection.score,
            "categories": as_json(detection.categories),
            "reasons": as_json(detection.reasons),
            "detector": detection.detector,
        },
    )
    sides = [("for", span) for span in detection.spans] + [("against", span) for span in detection.against]
    spans = [
        {
            "flag_id": flag_id, "position": position, "side": side, "field": span.field, "start": span.start,
            "end": span.end, "quote": span.quote, "rule": span.rule, "gloss": span.gloss,
        }
        for position, (side, span) in enumerate(sides)
    ]  # fmt: skip
    insert_all(db, "flag_spans", spans)
    facts = [
        {
            "flag_id": flag_id, "position": position, "kind": fact.kind, "value": fact.value,
            "detail": fact.detail, "field": fact.span.field, "start": fact.span.start, "end": fact.span.end,
            "quote": fact.span.quote, "sentence": fact.sentence,
        }
        for position, fact in enumerate(detection.facts)
    ]  # fmt: skip
    insert_all(db, "flag_facts", facts)
    return flag_id


def insert_alert_of(
    db: ArchiveDb, kind: AlertKind, article_id: int, revision_id: int, flag_id: int, run_id: int, at: str
) -> int:
    """Raise an alert about a flag of a revision, inside the caller's transaction, and return its number.

    The trigger `outbox_alert` adds it to the outbox.
    """
    return insert(
        db,
        "alerts",
        {
            "kind": kind, "article_id": article_id, "revision_id": revision_id, "flag_id": flag_id,
            "run_id": run_id, "created_at": at,
        },
    )  # fmt: skip


def insert_alert(db: ArchiveDb, kind: AlertKind, current: CurrentArticle, run_id: int, at: str) -> int:
    """Raise an alert about the current revision of an article in the archive."""
    row = db.execute("SELECT id FROM flags WHERE revision_id = ? AND current = 1", [current.revision_id]).fetchone()
    return insert_alert_of(db, kind, current.article_id, current.revision_id, row["id"], run_id, at)


def first_words(quotes: Iterable[str]) -> tuple[str, ...]:
    """Return the first few deciding words of a flag, deduplicated and on one line each, as shown to people."""
    return tuple(dict.fromkeys(" ".join(quote.split()) for quote in quotes))[:MAX_WORDS]


def deciding_words(db: ArchiveDb, flag_id: int) -> tuple[str, ...]:
    """Return a flag's deciding words by weight."""
    rows = db.execute("SELECT quote FROM flag_spans WHERE flag_id = ? AND side = 'for' ORDER BY position", [flag_id])
    return first_words(row[0] for row in rows.fetchall())
