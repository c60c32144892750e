"""Match all patterns in a single pass over a text.

An Aho-Corasick automaton finds the literal stems of all patterns at word starts; the pattern itself runs only where
one of its stems occurs, and never beyond the end of that sentence. Sentences have a maximum length, so the work per
stem is bounded for any text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick

from acca_crawler.detect.literal_prefixes import collapsed
from acca_crawler.detect.stems import branches_with_stems

Key = TypeVar("Key")
_RUN = re.compile(r"[^\w]{2,}|[0-9]{2,}")


class Hit(NamedTuple, Generic[Key]):
    """A match of `key`'s pattern in the folded text; `sentence` is the index of its sentence."""

    start: int
    end: int
    sentence: int
    key: Key


class Branch(Generic[Key]):
    """One alternative of a pattern; its regular expression is compiled when its stem first occurs."""

    __slots__ = ("_match", "key", "source")

    def __init__(self, key: Key, source: str) -> None:
        self.key = key
        self.source = source
        self._match: re.Pattern[str] | None = None

    def end_of_match(self, text: str, start: int, limit: int) -> int:
        """Return the end of the match starting at `start`, or -1; text from `limit` on is ignored."""
        if self._match is None:
            self._match = _compiled(self.source)
        found = self._match.match(text, start, limit)
        return found.end() if found else -1


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

    def find(self, text: str, sentences: Sequence[tuple[int, int]]) -> list[Hit[Key]]:
        """Find every match in the folded `text`, by position; `sentences` are its sentences' bounds, in order."""
        if self._automaton is None or not sentences:
            return []
        hits: list[Hit[Key]] = []
        found = self._automaton.find_matches_as_indexes(f" {collapsed(text)} ", overlapping=True)
        if not found:
            return []
        index = 0
        last = len(sentences) - 1
        position = _positions(text)
        for stem, at, _ in found:
            start = position(at)
            while index and start < sentences[index][0]:
                index -= 1
            while start >= sentences[index][1] and index < last:
                index += 1
            limit = sentences[index][1]
            for branch in self._branches[stem]:
                end = branch.end_of_match(text, start, limit)
                if end > start:
                    hits.append(Hit(start, end, index, branch.key))
        return _longest(hits)


def _positions(text: str) -> Callable[[int], int]:
    """Return a function from a position of a space in the collapsed text to the start of the word after it."""
    kept: list[int] = []
    dropped: list[int] = []
    total = 0
    for run in _RUN.finditer(text):
        kept.append(run.start() - total)
        total += run.end() - run.start() - 1
        dropped.append(total)
    if not kept:
        return lambda at: at

    def position(at: int) -> int:
        run = bisect_right(kept, at - 1)
        return at + dropped[run - 1] if run else at

    return position


def _longest(hits: list[Hit[Key]]) -> list[Hit[Key]]:
    """Keep the longest match per key and start position; sorted by position."""
    best: dict[tuple[int, int], Hit[Key]] = {}
    for hit in hits:
        place = (hit.start, id(hit.key))
        other = best.get(place)
        if other is None or hit.end > other.end:
            best[place] = hit
    return sorted(best.values(), key=lambda hit: (hit.start, hit.end))
