"""Weights of the evidence within a language, across languages and in an outlet, fitted by `benchmarks/fit_dedup.py`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import NamedTuple

from acca_crawler.dedup.pair_features import Evidence

WEIGHTS = Path(__file__).parent / "data" / "weights.json"
WITHIN = (
    "likeness", "rare_words", "much", "unlike", "aligned", "other_names", "other_places", "other_figures",
    "other_dates", "days", "same_outlet", "scant_of_outlet", "names_said", "figures_said", "openers_said",
)  # fmt: skip
"""Features used for two reports in one language."""
ACROSS = (
    "likeness", "names", "persons", "other_names", "places", "other_places", "figures", "other_figures", "days",
)  # fmt: skip
"""Features used for two reports in different languages."""
AGAIN = ("excerpt", "scant", "scant_but_names", "between")
"""Features used for two reports of one outlet that seem to be about one event (`habits`)."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression: one weight per kind of evidence, an intercept, and the minimum probability to join."""

    of: Mapping[str, float]
    constant: float
    threshold: float

    def probability(self, evidence: Evidence) -> float:
        """Probability (0 to 1) that the two reports are about one event."""
        return self.probability_of(evidence.values)

    def probability_of(self, values: Mapping[str, float]) -> float:
        """Probability (0 to 1) by the values of some features; of those that need no comparison of sentences it is the
        highest that the others can leave."""
        total = 0.0
        for feature, weight in self.of.items():
            if feature in values:
                total += weight * values[feature]
        return 1 / (1 + exp(-(self.constant + total)))


class Fitted(NamedTuple):
    """The weights within a language, across languages, and of an outlet's reports that seem to be about one event."""

    within: Weights
    across: Weights
    again: Weights


@cache
def read_weights() -> Fitted:
    """Load the fitted weights."""
    found = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Fitted(*(Weights(one["weights"], one["constant"], one["threshold"]) for one in found))
