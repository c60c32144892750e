"""Align the sentences of two texts that say the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from acca_crawler.dedup.profile import Sentence

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


def align(here: Sequence[Sentence], there: Sequence[Sentence]) -> Alignment:
    """Pair each sentence with the most similar one of the other text, regardless of order."""
    forth = _best(here, there)
    back = _best(there, here)
    pairs = {(id(pair.here), id(pair.there)): pair for pair in forth}
    pairs |= {(id(pair.there), id(pair.here)): Pair(pair.there, pair.here, pair.likeness) for pair in back}
    return Alignment(tuple(pairs.values()), _covered(forth, here), _covered(back, there))


def _best(here: Sequence[Sentence], there: Sequence[Sentence]) -> list[Pair]:
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for index, sentence in enumerate(there):
        for stem in sentence.stems:
            holders[stem].append(index)
    pairs = []
    for sentence in here:
        shared: Counter[int] = Counter()
        for stem in sentence.stems:
            for index in holders.get(stem, ()):
                shared[index] += 1
        likeness, index = max(
            (
                (_likeness(n, sentence, there[i]), -i)
                for i, n in shared.items()
                if 2 * n >= sentence.words or 2 * n >= there[i].words
            ),
            default=(0.0, 0),
        )
        if likeness >= _MIN_LIKENESS:
            pairs.append(Pair(sentence, there[-index], likeness))
    return pairs


def _likeness(shared: int, one: Sentence, other: Sentence) -> float:
    """Share of the shorter sentence's words, so that a clause that was cut or added does not count; capped at
    twice the share of the longer one, so that a short sentence does not match everywhere."""
    shorter, longer = sorted((one.words, other.words))
    return min(shared / shorter, 2 * shared / longer)


def _covered(pairs: Sequence[Pair], sentences_: Sequence[Sentence]) -> float:
    words = sum(sentence.words for sentence in sentences_)
    return sum(pair.likeness * pair.here.words for pair in pairs) / words if words else 0.0
