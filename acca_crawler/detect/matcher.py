"""Match all patterns in a single pass over a text.

An Aho-Corasick automaton finds the literal stems of all patterns at word starts; the pattern itself runs only where
one of its stems occurs, and never beyond the end of that sentence. Sentences have a maximum length, so the work per
stem is bounded for any text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick

from acca_crawler.detect.collapsing import collapse
from acca_crawler.detect.stems import branches_with_stems

Key = TypeVar("Key")


class Hit(NamedTuple, Generic[Key]):
    """A match of `key`'s pattern in the folded text; `sentence` is the index of its sentence."""

    start: int
    end: int
    sentence: int
    key: Key


class Branch(Generic[Key]):
    """One alternative of a pattern; its regular expression is compiled when its stem first occurs.

    `match(text, start, limit)` tries it at `start`, ignoring the text from `limit` on.
    """

    __slots__ = ("key", "match", "source")

    def __init__(self, key: Key, source: str) -> None:
        self.key = key
        self.source = source
        self.match: Callable[[str, int, int], re.Match[str] | None] = self._first_match

    def _first_match(self, text: str, start: int, limit: int) -> re.Match[str] | None:
        self.match = _compiled(self.source).match
        return self.match(text, start, limit)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{source})(?!\w)")


class Matcher(Generic[Key]):
    """All patterns of a lexicon, compiled for a single pass. `patterns` are pairs of a key and a pattern."""

    def __init__(self, patterns: Iterable[tuple[Key, str]]) -> None:
        by_stem: dict[str, list[Branch[Key]]] = {}
        for key, pattern in patterns:
            for source, stems in branches_with_stems(pattern):
                branch = Branch(key, source)
                for stem in stems:
                    by_stem.setdefault(stem, []).append(branch)
        self._branches = list(by_stem.values())
        self._automaton = AhoCorasick(list(by_stem)) if by_stem else None

    def candidates(self, text: str) -> Iterator[tuple[int, list[Branch[Key]]]]:
        """Yield every position in the folded `text` where a stem starts, with the branches to try there."""
        if self._automaton is None:
            return
        searched = collapse(text)
        found = self._automaton.find_matches_as_indexes(searched.text, overlapping=True)
        if found:
            starts = searched.positions.take([at for _, at, _ in found]).tolist()
            for start, (stem, _, _) in zip(starts, found, strict=True):
                yield start, self._branches[stem]

    def find(self, text: str, sentences: Sequence[tuple[int, int]]) -> list[Hit[Key]]:
        """Find every match in the folded `text`, by position; `sentences` are its sentences' bounds, in order."""
        if not sentences:
            return []
        hits: list[Hit[Key]] = []
        index = 0
        last = len(sentences) - 1
        for start, branches in self.candidates(text):
            while index and start < sentences[index][0]:
                index -= 1
            while start >= sentences[index][1] and index < last:
                index += 1
            limit = sentences[index][1]
            for branch in branches:
                found = branch.match(text, start, limit)
                if found and found.end() > start:
                    hits.append(Hit(start, found.end(), index, branch.key))
        return _longest(hits)


def matched(text: str, candidates: Iterable[tuple[int, Branch[Key]]]) -> list[Hit[Key]]:
    """Try each branch at its position of the folded `text`, as one sentence; the hits are sorted by position."""
    limit = len(text)
    found = ((start, branch.match(text, start, limit), branch.key) for start, branch in candidates)
    return _longest([Hit(start, match.end(), 0, key) for start, match, key in found if match and match.end() > start])


def _longest(hits: list[Hit[Key]]) -> list[Hit[Key]]:
    """Keep the longest match per key and start position; sorted by position."""
    best: dict[tuple[int, int], Hit[Key]] = {}
    for hit in hits:
        place = (hit.start, id(hit.key))
        other = best.get(place)
        if other is None or hit.end > other.end:
            best[place] = hit
    return sorted(best.values(), key=lambda hit: (hit.start, hit.end))
