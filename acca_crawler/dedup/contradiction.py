"""Whether two reports that read alike speak of different people, places or numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from acca_crawler.dedup.alignment import STEM, Alignment, Pair, Sentence
from acca_crawler.dedup.anchors import Anchors, anchors, missing, openers
from acca_crawler.dedup.document import Document

# Of the sentence pairs that state names, places or numbers on both sides, so many may contradict each other: a
# slip, a correction, a synonym with a capital. Found on the tuning part of `benchmarks/dedup.py`.
_BORNE = 0.25
# Sentences as like as this differ in single words; the first of them may be a place that no gazetteer has.
_WORD_BY_WORD = 0.8


@dataclass(frozen=True, slots=True)
class _Side:
    """What one sentence states that the other report does not: people and places, numbers, and its first word
    where its capital may be a name's."""

    stated: Anchors
    absent: frozenset[str]
    absent_numbers: frozenset[str]
    opener: frozenset[str]


def contradict(a: Document, b: Document, alignment: Alignment) -> bool:
    """Whether sentences that say the same say it of others, too often to be a slip.

    A name that stands anywhere in the other report is no contradiction, nor is one that has no counterpart: a
    retelling leaves out and adds. The titles count as one more pair of sentences.
    """
    titles = Pair(Sentence(a.title, Counter(), 1), Sentence(b.title, Counter(), 1), 0.0)
    stated = contradicted = 0
    for pair in (*alignment.pairs, titles):
        here, there = _side(pair.here.text, a, b), _side(pair.there.text, b, a)
        stated += bool(here.stated) and bool(there.stated)
        contradicted += pair.here.text != pair.there.text and _differ(here, there, pair)
    return contradicted > _BORNE * stated


def _side(sentence: str, own: Document, other: Document) -> _Side:
    stated = anchors(sentence, own.known_language)
    there = other.anchors
    people = missing(stated.names | stated.initials, there.names | there.initials) - other.words
    return _Side(
        stated,
        people | (stated.places - there.places),
        stated.numbers - there.numbers,
        _unlike(openers(sentence, own.known_language), other.words),
    )


def _differ(here: _Side, there: _Side, pair: Pair) -> bool:
    if (here.absent and there.absent) or (here.absent_numbers and there.absent_numbers):
        return True
    if pair.likeness < _WORD_BY_WORD:
        return False
    if (there.absent and _unlike(here.opener, there.absent)) or (here.absent and _unlike(there.opener, here.absent)):
        return True
    return bool(here.opener and there.opener) and pair.one_word_apart


def _unlike(words: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """The words that begin like none of the others."""
    known = {other[:STEM] for other in others}
    return frozenset(word for word in words if word[:STEM] not in known)
