"""Align the sentences of two texts that say the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from acca_crawler.dedup.profile import Sentence

# Sentences that share less are not paired.
_MIN_LIKENESS = 0.5
_NOTHING = (0.0, 0)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences that say the same; 0 < `likeness` <= 1, where 1 means the same words in any inflected form."""

    here: Sentence
    there: Sentence
    likeness: float

    @property
    def one_word_apart(self) -> bool:
        """Whether the two differ in at most one word."""
        return self.here.words == self.there.words and self.likeness >= 1 - 1 / self.here.words


@dataclass(frozen=True, slots=True)
class Alignment:
    """How much of each text (share of its words, 0 to 1) is found in the other, and the aligned sentence pairs."""

    pairs: tuple[Pair, ...]
    here: float
    there: float


def align(here: Sequence[Sentence], there: Sequence[Sentence]) -> Alignment:
    """Pair each sentence with the most similar one of the other text, regardless of order."""
    best: dict[int, tuple[float, int]] = {}
    best_back: dict[int, tuple[float, int]] = {}
    for (i, j), shared in _shared(here, there).items():
        one, other = here[i].words, there[j].words
        if 2 * shared >= one or 2 * shared >= other:
            likeness = _likeness(shared, one, other)
            if likeness >= _MIN_LIKENESS:
                best[i] = max(best.get(i, _NOTHING), (likeness, -j))
                best_back[j] = max(best_back.get(j, _NOTHING), (likeness, -i))
    forth = [Pair(here[i], there[-j], likeness) for i, (likeness, j) in sorted(best.items())]
    back = [Pair(here[-i], there[j], likeness) for j, (likeness, i) in sorted(best_back.items())]
    pairs = {(id(pair.here), id(pair.there)): pair for pair in (*forth, *back)}
    return Alignment(
        tuple(pairs.values()),
        _covered([(pair.likeness, pair.here) for pair in forth], here),
        _covered([(pair.likeness, pair.there) for pair in back], there),
    )


def _shared(here: Sequence[Sentence], there: Sequence[Sentence]) -> dict[tuple[int, int], int]:
    """Count the stems that each sentence here shares with each one there, if any."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for j, sentence in enumerate(there):
        for stem in sentence.stems:
            holders[stem].append(j)
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    for i, sentence in enumerate(here):
        for stem in sentence.stems:
            for j in holders.get(stem, ()):
                shared[i, j] += 1
    return shared


def _likeness(shared: int, one: int, other: int) -> float:
    """Share of the words of the shorter of two sentences, so that a clause that was cut or added does not count;
    capped at twice the share of the longer one, so that a short sentence does not match everywhere."""
    shorter, longer = (one, other) if one <= other else (other, one)
    return min(shared / shorter, 2 * shared / longer)


def _covered(found: Iterable[tuple[float, Sentence]], sentences_: Sequence[Sentence]) -> float:
    words = sum(sentence.words for sentence in sentences_)
    return sum(likeness * sentence.words for likeness, sentence in found) / words if words else 0.0
