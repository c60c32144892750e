"""Corrections of stories as labelled pairs of texts, for fitting the weights of story assignment.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from storage.articles.stories import StoredText, texts
from storage.review.corrections import corrections, effective
from storage.schema.kinds import ReviewDb


@dataclass(frozen=True, slots=True)
class PairText:
    """One text of a pair; `date` is when it was published (UTC or a day), or else first seen."""

    number: int
    outlet: str
    language: str | None
    date: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two reports, and whether a person judged them to be about the same event."""

    id: str
    judged: Literal["same", "different"]
    how: str
    reviewer: str
    judged_at: str
    a: PairText
    b: PairText


def judged_pairs(db: ReviewDb) -> Iterator[JudgedPair]:
    """Yield a pair for each report taken out of a story, and for each two stories put together, unless undone.

    The pair of a split is the report and the one it had been compared with: the machine's mistake. `db` is the review
    database with its archive attached.
    """
    for one in effective(corrections(db)):
        articles = sorted(one.part) if one.kind == "split" else [one.article_id]
        judged: Literal["same", "different"] = "different" if one.kind == "split" else "same"
        for article_id in articles:
            found = [_pair_text(text) for text in texts(db, (article_id, one.other_id))]
            if len(found) == 2:
                yield JudgedPair(
                    f"{one.id}-{article_id}", judged, "corrected", one.reviewer, one.created_at, found[0], found[1]
                )


def _pair_text(text: StoredText) -> PairText:
    date = text.published_at or text.first_seen_at
    return PairText(text.article_id, text.outlet, text.language, date, text.title, text.text)
