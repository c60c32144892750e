"""Decided alerts as labels: what people confirmed and what they called false alarms.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from storage.schema.kinds import ReviewDb

LEFT_OUT = ("copy_error", "other")
"""Reasons of false alarms that say nothing about the words: the page was read wrongly, or an unstated reason."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decided story, by the report that raised its first alert. `rules` are the terms that supported its flag."""

    story_id: int
    article_id: int
    outlet: str
    language: str
    title: str
    text: str
    is_right: bool
    decided_at: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Precision:
    """Of the decided alerts of a rule, a language or an outlet, how many were confirmed."""

    kind: Literal["rule", "language", "outlet", "all"]
    name: str
    right: int
    decided: int


_REASON = """
    SELECT reason FROM reviews WHERE reviews.article_id IN (
        SELECT article_id FROM queue_articles WHERE queue_articles.story_id = queue.story_id
    ) AND verdict = 'false_alarm' ORDER BY reviews.id DESC LIMIT 1
"""


def outcomes(db: ReviewDb, since: str = "") -> Iterator[Outcome]:
    """Yield the stories confirmed or called false alarms since a time (UTC), by story number."""
    rows = db.execute(
        "SELECT story_id, queue.article_id, outlet, coalesce(language, '') AS language, title, text, status, "
        f"decided_at, flags.id AS flag_id, ({_REASON}) AS reason FROM queue "
        "JOIN archive.articles ON articles.id = queue.article_id "
        "JOIN archive.revisions ON revisions.id = articles.revision_id "
        "LEFT JOIN archive.flags ON flags.revision_id = revisions.id AND current = 1 "
        "WHERE status IN ('confirmed', 'false_alarm') AND decided_at >= ? ORDER BY story_id",
        [since],
    )
    for row in rows.fetchall():
        if row["status"] == "false_alarm" and row["reason"] in LEFT_OUT:
            continue
        spans = db.execute(
            "SELECT DISTINCT rule FROM archive.flag_spans WHERE flag_id = ? AND side = 'for'", [row["flag_id"]]
        )
        yield Outcome(
            row["story_id"], row["article_id"], row["outlet"], row["language"], row["title"], row["text"],
            row["status"] == "confirmed", row["decided_at"], tuple(span[0] for span in spans.fetchall()),
        )  # fmt: skip


def precision(found: Iterator[Outcome]) -> list[Precision]:
    """Return the precision of all decided alerts, then by rule, language and outlet, the lowest of each kind first."""
    counted: dict[tuple[str, str], list[int]] = {}
    for one in found:
        groups = [("all", ""), ("language", one.language), ("outlet", one.outlet)]
        groups += [("rule", rule) for rule in one.rules]
        for group in groups:
            counts = counted.setdefault(group, [0, 0])
            counts[0] += one.is_right
            counts[1] += 1
    order = ("all", "rule", "language", "outlet")
    return sorted(
        (Precision(kind, name, right, decided) for (kind, name), (right, decided) in counted.items()),  # type: ignore[arg-type]
        key=lambda one: (order.index(one.kind), one.right / one.decided, -one.decided, one.name),
    )
