"""The third voice: which groups of terms share a sentence, with weights learned from labelled items.

Character n-grams know one language; the groups of terms and marks that rules use are the same in all, so what Russian
news teaches holds for Kyrgyz and Turkmen. Single groups and pairs of them are counted, those of the title and the
opening, and of background, also apart.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from acca_crawler.detect.annotate import Sentence
from acca_crawler.detect.sections import Part

FILE = Path(__file__).with_name("concepts.json")

SETTINGS = ("place of the region", "place abroad")
"""Concepts read from a sentence's places, not from its terms."""

Found = tuple[frozenset[str], Part]
"""The concepts of one sentence (feature names of rules, and `SETTINGS`), and its part of the article."""

_PREFIXES: Mapping[Part, str] = {"title": "opening: ", "lead": "opening: ", "background": "background: "}
_MEMORY = 20_000

Weight = tuple[float, float, float]
"""Rarity (IDF) of a concept or pair, and its weight for an alert and for at least a digest item."""


@dataclass(frozen=True)
class Concepts:
    """Weights of concepts and of pairs of them, by name."""

    weights: Mapping[str, Weight]
    intercepts: tuple[float, float]

    def scores(self, counts: Mapping[str, int]) -> tuple[float, float]:
        """Return the log odds of an alert and of at least a digest item, before other features are added."""
        alert = digest = length = 0.0
        for name, count in counts.items():
            if known := self.weights.get(name):
                value = damped(count) * known[0]
                length += value * value
                alert += value * known[1]
                digest += value * known[2]
        scale = 1 / max(math.sqrt(length), 1e-9)
        return alert * scale + self.intercepts[0], digest * scale + self.intercepts[1]


def damped(count: int) -> float:
    """Return a count so that the tenth mention adds less than the second."""
    return 1 + math.log(count)


def settings_of(sentence: Sentence) -> Iterable[str]:
    """Return which `SETTINGS` a sentence names a place of."""
    return {SETTINGS[found.place.level == "veto"] for found in sentence.places}


def count_concepts(found: Iterable[Found]) -> Counter[str]:
    """Count the concepts and their pairs in the sentences of an article."""
    counts: Counter[str] = Counter()
    for names, part in found:
        counts.update(_names_of(names, _PREFIXES.get(part, "")))
    return counts


@lru_cache(_MEMORY)
def _names_of(names: frozenset[str], prefix: str) -> tuple[str, ...]:
    alone = sorted(names)
    opening = [prefix + name for name in alone] if prefix else []
    return (*alone, *opening, *(f"{one} + {other}" for one, other in combinations(alone, 2)))


def write_concepts(concepts: Concepts, path: Path) -> None:
    """Write the weights, one concept a line."""
    rows = (f"{json.dumps(name)}: {json.dumps(weight)}" for name, weight in sorted(concepts.weights.items()))
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def read_concepts(path: Path, intercepts: tuple[float, float]) -> Concepts:
    """Load the bundled weights."""
    data: dict[str, list[float]] = json.loads(path.read_text(encoding="utf-8"))
    return Concepts({name: (row[0], row[1], row[2]) for name, row in data.items()}, intercepts)
