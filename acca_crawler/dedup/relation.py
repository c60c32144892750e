"""What one report is to another: the final word on two candidates that the index of signatures brought together.

Likeness alone cannot tell a rewritten report from the next one after the same pattern ("three detained in ..."):
what tells is whether their names, places and numbers contradict each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from acca_crawler.dedup.alignment import align
from acca_crawler.dedup.content import content_sha256
from acca_crawler.dedup.contradiction import contradict
from acca_crawler.dedup.document import Document
from acca_crawler.dedup.translation import retelling_evidence, translation_evidence

RelationKind = Literal["same", "copy", "excerpt", "rewrite", "translation"]

# Shares of words found in the other text. Found on the tuning part of `benchmarks/dedup.py`.
_COPY_OF_SHORTER = 0.9
_COPY_OF_LONGER = 0.6
_EXCERPT_OF_SHORTER = 0.75
_REWRITE_OF_SHORTER = 0.6
_REWRITE_OF_LONGER = 0.4
_MIN_EVIDENCE = 8


@dataclass(frozen=True, slots=True)
class Relation:
    """`similarity` (0 to 1) is the share of the shorter text found in the longer, or for a translation and what is
    told in other words the share of its anchors."""

    kind: RelationKind
    similarity: float


def relation(a: Document, b: Document) -> Relation | None:
    """What `b` is to `a` (the same as `a` to `b`), or None where they are two reports."""
    if content_sha256("", a.text) == content_sha256("", b.text) and a.text.strip():
        return Relation("same" if content_sha256(a.title, "") == content_sha256(b.title, "") else "copy", 1.0)
    if _base(a) != _base(b):
        evidence = translation_evidence(a, b)
        return Relation("translation", round(evidence.score, 3)) if evidence.convincing else None
    found = _within_a_language(a, b)
    if found is None and (evidence := retelling_evidence(a, b)).convincing:
        return Relation("rewrite", round(evidence.score, 3))
    return found


def _base(document: Document) -> str | None:
    """The language whatever its script: Uzbek in both alphabets is compared word by word."""
    language = document.known_language
    return language.split("-")[0] if language else None


def _within_a_language(a: Document, b: Document) -> Relation | None:
    alignment = align(a.sentences, b.sentences)
    words_a, words_b = (sum(s.words for s in d.sentences) for d in (a, b))
    in_shorter, in_longer = alignment.here, alignment.there
    if words_a > words_b:
        in_shorter, in_longer = in_longer, in_shorter
    if in_shorter * min(words_a, words_b) < _MIN_EVIDENCE:
        return None
    kind = _kind(in_shorter, in_longer)
    if kind is None or contradict(a, b, alignment):
        return None
    return Relation(kind, round(in_shorter, 3))


def _kind(in_shorter: float, in_longer: float) -> RelationKind | None:
    if in_shorter >= _COPY_OF_SHORTER and in_longer >= _COPY_OF_LONGER:
        return "copy"
    if in_shorter >= _EXCERPT_OF_SHORTER and in_longer < _COPY_OF_LONGER:
        return "excerpt"
    if in_shorter >= _REWRITE_OF_SHORTER and in_longer >= _REWRITE_OF_LONGER:
        return "rewrite"
    return None
