"""Weights of the evidence within a language and across languages, fitted by `benchmarks/fit_dedup.py`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

from acca_crawler.dedup.pair_features import Evidence

WEIGHTS = Path(__file__).parent / "data" / "weights.json"
WITHIN = (
    "likeness", "rare_words", "unlike", "aligned", "other_names", "other_places", "other_figures", "other_dates",
    "days", "same_outlet", "scant_of_outlet", "names_said", "figures_said", "openers_said",
)  # fmt: skip
"""Features used for two reports in one language."""
ACROSS = (
    "likeness", "names", "persons", "other_names", "places", "other_places", "figures", "other_figures", "days",
)  # fmt: skip
"""Features used for two reports in different languages."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression: one weight per kind of evidence, an intercept, and the minimum probability to join."""

    of: Mapping[str, float]
    constant: float
    threshold: float

    def probability(self, evidence: Evidence) -> float:
        """Probability (0 to 1) that the two reports are about one event."""
        return self._probability(evidence.values)

    def bound(self, in_favour: Mapping[str, float]) -> float:
        """Highest probability of two reports of which only these features are known, if no sentences are compared."""
        return self._probability(in_favour)

    def _probability(self, values: Mapping[str, float]) -> float:
        total = self.constant + sum(weight * values.get(feature, 0.0) for feature, weight in self.of.items())
        return 1 / (1 + exp(-total))


@cache
def read_weights() -> tuple[Weights, Weights]:
    """Load the weights within a language and across languages."""
    found = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    within, across = (Weights(one["weights"], one["constant"], one["threshold"]) for one in found)
    return within, across
