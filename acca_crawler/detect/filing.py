"""What a report is filed under, as learned: how likely each category is for the clues that an article holds.

Clues (`acca_crawler.detect.clues`) are the same in all languages, so that each category needs few labelled reports.
Rules name a category where its words stand together; this tells what reports of it hold besides.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from acca_crawler.detect.concepts import damped

FILE = Path(__file__).with_name("filing.json")

SCALE = 4.0
"""Length of an article's vector of clues."""


@dataclass(frozen=True)
class Filing:
    """Per category an intercept and, for each clue, a weight; `rarity` is the clues' IDF."""

    rarity: Mapping[str, float]
    intercepts: Mapping[str, float]
    weights: Mapping[str, Mapping[str, float]]

    def chances(self, counts: Mapping[str, int]) -> dict[str, float]:
        """Return the probability of each category for the clues of an article that reports something."""
        values = values_of(counts, self.rarity)
        chances = {}
        for code, intercept in self.intercepts.items():
            weights = self.weights[code]
            odds = intercept + sum(value * weights.get(name, 0.0) for name, value in values.items())
            chances[code] = 1 / (1 + math.exp(-odds))
        return chances


def values_of(counts: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    """Return damped, IDF-weighted counts of the known clues, scaled to the length `SCALE`."""
    values = {name: damped(count) * rarity[name] for name, count in counts.items() if name in rarity}
    length = math.sqrt(sum(value * value for value in values.values()))
    return {name: value * SCALE / length for name, value in values.items()}


def write_filing(filing: Filing, path: Path) -> None:
    """Write the weights, one category a line."""
    rows = [f'"rarity": {json.dumps(filing.rarity)}', f'"intercepts": {json.dumps(filing.intercepts)}']
    rows += [f"{json.dumps(code)}: {json.dumps(weights)}" for code, weights in filing.weights.items()]
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def read_filing(path: Path) -> Filing:
    """Load the bundled weights."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return Filing(data.pop("rarity"), data.pop("intercepts"), data)
