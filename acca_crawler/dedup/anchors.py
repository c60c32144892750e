"""What a report cannot say otherwise and still be the same report: names, places and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from acca_crawler.dedup.numerals import numbers
from acca_crawler.dedup.places import place_of
from acca_crawler.text.sentences import sentences
from acca_crawler.text.transliterate import fold

_WORD = re.compile(r"[^\W\d_]+(?:[ʻʼ'’‘-][^\W\d_]+)*")
_MIN_NAME = 3
_MAX_INITIALS = 6


@dataclass(frozen=True, slots=True)
class Anchors:
    """Folded names and initials, ids of places, numbers as digits."""

    names: frozenset[str] = frozenset()
    initials: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.names or self.initials or self.places or self.numbers)


def anchors(text: str, language: str | None) -> Anchors:
    """The anchors of a text in one of the languages of `text.language`; None leaves numbers in words unread."""
    names: set[str] = set()
    initials: set[str] = set()
    places: set[str] = set()
    for word, certain in _capitalised(text):
        key = fold(word, language=language)
        place = place_of(key)
        if place is not None:
            places.add(place)
        elif 1 < len(word) <= _MAX_INITIALS and word.isupper():
            initials.add(key)
        elif certain and len(key) >= _MIN_NAME:
            names.add(key)
    return Anchors(frozenset(names), frozenset(initials), frozenset(places), frozenset(numbers(text, language)))


def openers(sentence: str, language: str | None) -> frozenset[str]:
    """The folded first word of a sentence where its capital may be a name's or the sentence's."""
    first = (fold(word, language=language) for word, certain in _capitalised(sentence) if not certain)
    return frozenset(word.split()[0] for word in first if word)


def _capitalised(text: str) -> Iterator[tuple[str, bool]]:
    """Capitalised words, and whether the capital is certainly the word's own and not its sentence's.

    At a sentence's start it is so only where the next word has a capital too, as in a full name.
    """
    for start, end in sentences(text):
        words = [match[0] for match in _WORD.finditer(text, start, end)]
        for index, word in enumerate(words):
            if word[0].isupper():
                follower = words[index + 1] if index + 1 < len(words) else ""
                yield word, index > 0 or follower[:1].isupper()


def same_name(one: str, other: str) -> bool:
    """Whether two folded names can be forms of one: the languages of the region inflect the end."""
    shorter, longer = sorted((one, other), key=len)
    keep = len(shorter) if len(shorter) < 5 else len(shorter) - 1
    return longer.startswith(shorter[:keep])


def missing(here: frozenset[str], there: frozenset[str]) -> frozenset[str]:
    """The names of `here` that `there` has in no form."""
    return frozenset(name for name in here - there if not any(same_name(name, other) for other in there))
