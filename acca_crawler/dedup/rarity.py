"""Rarity of words in the news of a language: a rare name is evidence, a stock phrase is not.

`data/frequencies/*.txt` contain the document frequency of each stem of a language; the first line is the number of
texts counted. `python -m acca_crawler.dedup.count_words` builds them from a corpus.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import log
from pathlib import Path

DATA = Path(__file__).parent / "data" / "frequencies"
_UNKNOWN = 0.6
"""Document count assumed for a word missing from the corpus."""
_FLAT_TEXTS = 1000


class Rarity:
    """Weights of a language's words: 0 for a word in every text, 1 for a word in no text."""

    def __init__(self, texts: int, counts: dict[str, int]) -> None:
        self._unknown = log(texts / _UNKNOWN)
        self._weights = {stem: max(0.0, log(texts / count)) / self._unknown for stem, count in counts.items()}

    def of(self, stem: str) -> float:
        """Return the weight of a folded stem, 0 to 1."""
        return self._weights.get(stem, 1.0)

    def weights_of(self, stems: Iterable[str]) -> dict[str, float]:
        """Return the weight of each stem."""
        weights = self._weights
        return {stem: weights.get(stem, 1.0) for stem in stems}


@cache
def rarity_in(language: str | None) -> Rarity:
    """Return the weights of a base language; without frequency data every word weighs the same."""
    path = DATA / f"{language}.txt"
    if language is None or not path.exists():
        return Rarity(_FLAT_TEXTS, {})
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    counts = (line.split(" ") for line in lines)
    return Rarity(int(first), {stem: int(count) for stem, count in counts})
