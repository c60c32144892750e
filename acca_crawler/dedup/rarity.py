"""How rare a word is in the news of a language: a stock phrase is no evidence, a rare name is.

`data/frequencies/*.txt` count, for each stem of a language, the texts that have it; the first line is the number of
texts counted. `python -m acca_crawler.dedup.count_words` makes them from a collection of texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import log
from pathlib import Path

DATA = Path(__file__).parent / "data" / "frequencies"
_UNKNOWN = 0.6
"""Counted for a word that no text of the collection has."""
_FLAT_TEXTS = 1000


class Rarity:
    """The weights of a language's words: 0 for one that every text has, 1 for one that none has."""

    def __init__(self, texts: int, counts: dict[str, int]) -> None:
        self._unknown = log(texts / _UNKNOWN)
        self._weights = {stem: max(0.0, log(texts / count)) / self._unknown for stem, count in counts.items()}

    def of(self, stem: str) -> float:
        """The weight of a folded stem, 0 to 1."""
        return self._weights.get(stem, 1.0)

    def total(self, stems: Iterable[str]) -> float:
        """The sum of the weights of stems."""
        weights = self._weights
        return sum(weights.get(stem, 1.0) for stem in stems)


@cache
def rarity_in(language: str | None) -> Rarity:
    """The weights of a base language; where there are none, every word counts the same."""
    path = DATA / f"{language}.txt"
    if language is None or not path.exists():
        return Rarity(_FLAT_TEXTS, {})
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    counts = (line.split(" ") for line in lines)
    return Rarity(int(first), {stem: int(count) for stem, count in counts})
