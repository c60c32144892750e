"""Weights of the rules: two linear scores per window, one for an alert, one for the digest or more."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from acca_crawler.detect.rules import Rule, RuleBook
from acca_crawler.detect.windows import Window
from acca_crawler.items import Level

WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True)
class Scorer:
    """A linear score over the rules that hold: above zero means yes."""

    intercept: float
    weights: dict[str, float]

    def score(self, matched: list[Rule]) -> float:
        """The score of a window in which the rules `matched` hold."""
        return self.intercept + sum(self.weights.get(rule.id, 0.0) for rule in matched)


@dataclass(frozen=True)
class Model:
    """The two scorers over one rule book."""

    book: RuleBook
    alert: Scorer
    digest: Scorer

    @cached_property
    def _memo(self) -> dict[int, tuple[float, float]]:
        return {}

    def scorer(self, level: Level) -> Scorer:
        """The scorer that decides for a level: the digest's own, else the one for alerts."""
        return self.digest if level == "digest" else self.alert

    def scores(self, window: Window) -> tuple[float, float]:
        """Alert score and digest score of a window; a window that plays abroad scores nothing."""
        if window.foreign:
            return -10.0, -10.0
        if window.matched not in self._memo:
            matched = self.book.named(window.matched)
            self._memo[window.matched] = (self.alert.score(matched), self.digest.score(matched))
        return self._memo[window.matched]


def read_model(book: RuleBook, path: Path = WEIGHTS) -> Model:
    """The shipped weights over `book`; a rule the file does not know weighs nothing."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return Model(
        book,
        Scorer(data["alert"]["intercept"], data["alert"]["weights"]),
        Scorer(data["digest"]["intercept"], data["digest"]["weights"]),
    )
