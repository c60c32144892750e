"""Detect similar reports that are about different people, places or numbers."""

from __future__ import annotations

from dataclasses import dataclass

from acca_crawler.dedup.alignment import Alignment, Pair
from acca_crawler.dedup.people import are_other_people
from acca_crawler.dedup.profile import STEM, Profile, Sentence
from acca_crawler.dedup.rarity import rarity_in

# Sentences this similar differ in single words; the first word may be a place missing from the gazetteer.
_WORD_BY_WORD = 0.8
_MAX_COMMON_WORD = 8
_COMMON_WORD = 0.6
"""Weight (`rarity`) below which a capitalised word here may be a common word in the other report."""


@dataclass(frozen=True, slots=True)
class Contradictions:
    """Shares (0 to 1) of aligned sentences that state something about different people, places, numbers or titles."""

    names: float = 0.0
    numbers: float = 0.0
    openers: float = 0.0
    titles: float = 0.0

    @property
    def total(self) -> float:
        """Share of the sentences that contradict in any way."""
        return min(1.0, self.names + self.numbers + self.openers + self.titles)


@dataclass(frozen=True, slots=True)
class _Side:
    """What one sentence states that the other report does not: people and places, numbers, and its first word
    if its capital may mark a name."""

    absent: frozenset[str]
    absent_numbers: frozenset[str]
    opener: frozenset[str]


def contradictions(a: Profile, b: Profile, alignment: Alignment) -> Contradictions:
    """Measure how often aligned sentences are about different people, places or numbers.

    A name that occurs anywhere in the other report is not a contradiction, nor is one without a counterpart: a
    retelling omits and adds. The titles count as one more pair of sentences.
    """
    stated = names = numbers = openers = titles = 0.0
    for pair in (*alignment.pairs, Pair(a.title, b.title, 0.5)):
        if pair.here == pair.there:
            stated += pair.here.states
            continue
        here, there = _side(pair.here, b), _side(pair.there, a)
        worth = pair.likeness
        others = are_other_people(pair.here.stems, b.stems, pair.there.stems, a.stems)
        if others or (here.absent and there.absent):
            names += worth
        elif here.absent_numbers and there.absent_numbers:
            numbers += worth
        elif _titles_differ(pair, a, b):
            titles += worth
        elif _openers_differ(here, there, pair):
            openers += worth
        elif not (pair.here.states and pair.there.states):
            continue
        stated += worth
    if not stated:
        return Contradictions()
    return Contradictions(names / stated, numbers / stated, openers / stated, titles / stated)


def is_named(name: str, other: Profile) -> bool:
    """Whether another report has a name in any form: as a name, sentence opener or common word.

    A rare word is compared in full: surnames with the same beginning are different. An initial ("b.") is that of any
    name that begins with it.
    """
    if name.endswith("."):
        return any(known.startswith(name[:-1]) for known in other.names.names | other.openers)
    if any(letter.endswith(".") and name.startswith(letter[:-1]) for letter in other.initials):
        return True
    if other.names.has(name) or other.first_words.has(name):
        return True
    stem = name[:STEM]
    return len(name) <= _MAX_COMMON_WORD and stem in other.stems and rarity_in(other.language).of(stem) < _COMMON_WORD


def _side(sentence: Sentence, other: Profile) -> _Side:
    people = frozenset([name for name in sentence.names - other.initials if not is_named(name, other)])
    opener = frozenset([sentence.opener]) if sentence.opener and sentence.opener[:STEM] not in other.stems else ()
    return _Side(people | (sentence.places - other.places), sentence.numbers - other.numbers, frozenset(opener))


def _titles_differ(pair: Pair, a: Profile, b: Profile) -> bool:
    """Whether both sentences quote a title and each title has a word that the other report does not: two laws."""
    here, there = pair.here.titled, pair.there.titled
    return bool(here and there and here - b.stems and there - a.stems)


def _openers_differ(here: _Side, there: _Side, pair: Pair) -> bool:
    if pair.likeness < _WORD_BY_WORD:
        return False
    if (there.absent and here.opener - there.absent) or (here.absent and there.opener - here.absent):
        return True
    return bool(here.opener and there.opener) and pair.one_word_apart
