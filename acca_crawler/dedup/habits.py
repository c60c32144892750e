"""Tell an outlet's second report of an event from its next one after the same pattern.

An outlet's own words ("the head of state received", "the level of the reservoir") are common in its latest reports, not
in the news of its language. Texts of one outlet that have much in common need words in common that it uses seldom, and
need more of them the more it has published in between, and others than a name: it reports on one person every week. An
excerpt needs fewer: a pattern makes texts of one length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from itertools import chain
from math import log, log1p

from acca_crawler.dedup.profile import STEM, Profile
from acca_crawler.dedup.weights import read_weights

LATEST = 200
"""Number of an outlet's latest reports whose words are counted."""
_MIN_LATEST = 50
"""Number of reports from which an outlet has habits; the words of fewer count as in the news of the language."""
_ENOUGH = 2.0
"""Sum of the squared weights of the words in common from which more of them make no difference."""
_MANY_BETWEEN = 100
"""Reports between two from which more of them make no difference."""
PATTERNED = frozenset({"copy", "excerpt", "rewrite", "same event"})
"""Relations that a pattern can feign."""


def is_told_again(kind: str, a: Profile, b: Profile, latest: Sequence[Set[str]], between: int) -> bool:
    """Whether two related texts of one outlet are likely about one event.

    `kind` is their relation, `latest` are the stems of the outlet's latest reports without the two, `between` is the
    number of reports that it published between them.
    """
    again = read_weights().again
    return again.probability_of(signs_of(kind, a, b, latest, between)) >= again.threshold


def signs_of(kind: str, a: Profile, b: Profile, latest: Sequence[Set[str]], between: int) -> dict[str, float]:
    """Return the values of the features, each 0 to 1."""
    common = a.stems & b.stems
    holders = Counter(chain.from_iterable([common & stems for stems in latest]))
    few = len(latest) < _MIN_LATEST
    worth = {
        stem: (a.stem_weights[stem] * (1.0 if few else _seldom(holders[stem], len(latest)))) ** 2 for stem in common
    }
    names = {name[:STEM] for name in a.names.names}
    return {
        "excerpt": float(kind == "excerpt"),
        "scant": max(0.0, 1 - sum(worth.values()) / _ENOUGH),
        "scant_but_names": max(0.0, 1 - sum(worth[stem] for stem in common - names) / _ENOUGH),
        "between": min(1.0, log1p(between) / log1p(_MANY_BETWEEN)) ** 2,
    }


def _seldom(holders: int, reports: int) -> float:
    """Return how seldom a word is in an outlet's reports: 1 if none has it, 0 if all have."""
    return max(0.0, log((reports + 1) / (holders + 1)) / log(reports + 1))
