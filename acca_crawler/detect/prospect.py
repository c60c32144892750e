"""Which articles are read at all: a sum over the groups of the terms they hold, found at a glance, and the n-grams.

Most articles hold a term or two that decide nothing. Which groups together promise a level is learned from labelled
items; no weight is negative: more terms never make an article less worth reading. Of what is left, the n-grams' voice
takes out what sounds like nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from acca_crawler.detect.annotate import Prepared
from acca_crawler.detect.glance import glance
from acca_crawler.detect.rules import MAX_REMEMBERED, RuleBook

SHORT = 500
"""Letters from which on an article's n-grams are asked whether it is worth reading."""

OF_TERMS = 0.5
"""Weight of the sum over its terms beside the n-grams' log odds."""


@dataclass(frozen=True)
class Prospect:
    """Weights of the rule book's features, none negative.

    An article without a core term, or with a sum of at most `bound`, is ignored unread; so is a long one for which the
    n-grams' log odds and `OF_TERMS` of the sum come to at most `voice`.
    """

    bound: float
    voice: float
    weights: Mapping[str, float]

    def is_good(self, features: int, book: RuleBook) -> bool:
        """Whether an article whose terms set `features` is worth reading, for all that its n-grams may say."""
        known = self._memo.get(features)
        if known is None:
            if len(self._memo) >= MAX_REMEMBERED:
                self._memo.clear()
            known = self._memo[features] = bool(features & book.core) and self.sum_of(features, book) > self.bound
        return known

    def sum_of(self, features: int, book: RuleBook) -> float:
        """Return the sum of the weights of `features`."""
        return sum(self.weights[name] for name in book.names_of(features))

    @cached_property
    def _memo(self) -> dict[int, bool]:
        return {}


def features_at_a_glance(fields: tuple[Prepared, ...], book: RuleBook) -> int:
    """Return the features that all terms of an article set, as a glance finds them."""
    return glance(fields, book.features_of_term)[0]
