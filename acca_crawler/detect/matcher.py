"""Match all patterns in a single pass over a text.

An Aho-Corasick automaton finds the literal stems of all patterns at word starts; the pattern itself runs only where
one of its stems occurs, and never beyond the end of that sentence. Sentences have a maximum length, so the work per
stem is bounded for any text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick

from acca_crawler.detect.collapsing import Collapsed, collapse
from acca_crawler.detect.stems import branches_with_stems

Key = TypeVar("Key")

_Match = Callable[[str, int, int], re.Match[str] | None]
_WORD = re.compile(r"\w+")


class Hit(NamedTuple, Generic[Key]):
    """A match of `key`'s pattern in the folded text; `sentence` is the index of its sentence."""

    start: int
    end: int
    sentence: int
    key: Key


class Branch(Generic[Key]):
    """One alternative of a pattern.

    `match(text, start, limit)` tries it at `start`, ignoring the text from `limit` on. If `is_proven`, its stem alone
    shows that it matches, up to the end of the word; other regular expressions are compiled when a stem first occurs.
    Unless `later` is empty, a text in which it matches has one of these stems, by their index in the matcher.
    """

    __slots__ = ("is_proven", "key", "later", "match", "source")

    def __init__(self, key: Key, source: str, stems: Sequence[str], later: frozenset[int] = frozenset()) -> None:
        self.key = key
        self.source = source
        self.later = later
        self.is_proven = len(stems) == 1 and _is_proof(stems[0], source)
        self.match: _Match = _WORD.match if self.is_proven else self._first_match

    def _first_match(self, text: str, start: int, limit: int) -> re.Match[str] | None:
        self.match = _compiled(self.source).match
        return self.match(text, start, limit)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{source})(?!\w)")


def _is_proof(stem: str, source: str) -> bool:
    """Whether an alternative consists of its stem: a whole word, or with `\\w*` after it the beginning of words."""
    beginning = source.removesuffix(r"\w*")
    return beginning.isalpha() and stem == (f" {source} " if beginning == source else f" {beginning}")


class Matcher(Generic[Key]):
    """All patterns of a lexicon, compiled for a single pass. `patterns` are pairs of a key and a pattern."""

    def __init__(self, patterns: Iterable[tuple[Key, str]]) -> None:
        indexes: dict[str, int] = {}
        by_stem: defaultdict[int, list[Branch[Key]]] = defaultdict(list)
        for key, pattern in patterns:
            for source, stems, later in branches_with_stems(pattern):
                needed = frozenset([indexes.setdefault(stem, len(indexes)) for stem in later])
                branch = Branch(key, source, stems, needed)
                for stem in stems:
                    by_stem[indexes.setdefault(stem, len(indexes))].append(branch)
        self.beginnings = [by_stem[index] for index in range(len(indexes))]
        self._automaton = AhoCorasick(list(indexes)) if indexes else None

    def occurrences(self, text: str) -> tuple[list[tuple[int, int, int]], Collapsed]:
        """Return where stems occur in the folded `text`, collapsed: index in `beginnings`, start and end."""
        searched = collapse(text)
        if self._automaton is None:
            return [], searched
        return self._automaton.find_matches_as_indexes(searched.text, overlapping=True), searched

    def find(self, text: str, sentences: Sequence[tuple[int, int]]) -> list[Hit[Key]]:
        """Find every match in the folded `text`, by position; `sentences` are its sentences' bounds, in order."""
        if not sentences:
            return []
        found, searched = self.occurrences(text)
        stems = {stem for stem, _, _ in found}
        tried = {
            stem: [one for one in self.beginnings[stem] if not (one.later and one.later.isdisjoint(stems))]
            for stem in stems
        }
        found = [occurrence for occurrence in found if tried[occurrence[0]]]
        starts = searched.positions.take([at for _, at, _ in found]).tolist() if found else ()
        hits: list[Hit[Key]] = []
        index = 0
        last = len(sentences) - 1
        for start, (stem, _, _) in zip(starts, found, strict=True):
            while index and start < sentences[index][0]:
                index -= 1
            while start >= sentences[index][1] and index < last:
                index += 1
            limit = sentences[index][1]
            for branch in tried[stem]:
                match = branch.match(text, start, limit)
                if match and match.end() > start:
                    hits.append(Hit(start, match.end(), index, branch.key))
        return longest(hits)


def longest(hits: Iterable[Hit[Key]]) -> list[Hit[Key]]:
    """Keep the longest match per key and start position; sorted by position."""
    best: dict[tuple[int, int], Hit[Key]] = {}
    for hit in hits:
        place = (hit.start, id(hit.key))
        other = best.get(place)
        if other is None or hit.end > other.end:
            best[place] = hit
    return sorted(best.values(), key=lambda hit: (hit.start, hit.end))
