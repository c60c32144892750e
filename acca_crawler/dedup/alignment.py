"""Align the sentences of two texts that say the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acca_crawler.dedup.profile import Profile, Sentence

# Sentences that share less are not paired.
_MIN_LIKENESS = 0.5


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


def align(here: Profile, there: Profile, common: Iterable[str]) -> Alignment:
    """Pair each body sentence with the most similar one of the other text, regardless of order.

    `common` are the stems that the two share.
    """
    one, other = here.incidence, there.incidence
    if not len(one.lengths) or not len(other.lengths):
        return Alignment((), 0.0, 0.0)
    stems = list(common)
    shared = one.matrix([here.places_of_stems[stem] for stem in stems]) @ (
        other.matrix([there.places_of_stems[stem] for stem in stems]).T
    )
    likeness = _likeness(shared.astype(np.float64), one.lengths, other.lengths)
    forth = _best(likeness)
    back = {(i, j): found for (j, i), found in _best(likeness.T).items()}
    return Alignment(
        tuple(Pair(here.sentence(i), there.sentence(j), found) for (i, j), found in (forth | back).items()),
        _covered([(found, int(one.lengths[i])) for (i, _), found in forth.items()], one.lengths),
        _covered([(found, int(other.lengths[j])) for (_, j), found in back.items()], other.lengths),
    )


def _likeness(shared: NDArray[np.float64], one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.float64]:
    """Share of the words of the shorter of two sentences, so that a clause that was cut or added does not count;
    capped at twice the share of the longer one, so that a short sentence does not match everywhere."""
    shorter, longer = np.minimum.outer(one, other), np.maximum.outer(one, other)
    return np.minimum(shared / shorter, 2 * shared / longer)


def _best(likeness: NDArray[np.float64]) -> dict[tuple[int, int], float]:
    """Return the likeness of each row's first best column, by row and column, if it is enough."""
    columns: list[int] = likeness.argmax(axis=1).tolist()
    best: list[float] = likeness.max(axis=1).tolist()
    return {
        (row, column): found for row, (column, found) in enumerate(zip(columns, best, strict=True))
        if found >= _MIN_LIKENESS
    }  # fmt: skip


def _covered(found: Iterable[tuple[float, int]], lengths: NDArray[np.intp]) -> float:
    return sum(likeness * words for likeness, words in found) / int(lengths.sum())
