"""Which sentence of one text says what which sentence of the other says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from acca_crawler.dedup.profile import Sentence

# Two sentences that share less are two sentences.
_MIN_LIKENESS = 0.5


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences that say the same; `likeness` is above 0 and at most 1, 1 for the same words in any form."""

    here: Sentence
    there: Sentence
    likeness: float

    @property
    def one_word_apart(self) -> bool:
        """Whether the two are the same but for one word at most."""
        return self.here.words == self.there.words and self.likeness >= 1 - 1 / self.here.words


@dataclass(frozen=True, slots=True)
class Alignment:
    """How much of each text (share of its words, 0 to 1) is in the other, and in which pairs of sentences."""

    pairs: tuple[Pair, ...]
    here: float
    there: float


def align(here: Sequence[Sentence], there: Sequence[Sentence]) -> Alignment:
    """Pair each sentence with the likeliest of the other text, in whatever order the sentences come."""
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
    """Shared words against the shorter sentence, so that a clause that was cut off or added does not count,
    but no more than twice their share of the longer one, so that a short sentence is not found everywhere."""
    shorter, longer = sorted((one.words, other.words))
    return min(shared / shorter, 2 * shared / longer)


def _covered(pairs: Sequence[Pair], sentences_: Sequence[Sentence]) -> float:
    words = sum(sentence.words for sentence in sentences_)
    return sum(pair.likeness * pair.here.words for pair in pairs) / words if words else 0.0
