"""Fit the weights of story assignment to judged pairs and joins within a language, and to those of one outlet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from acca_crawler.dedup.pair_features import evidence_of, overlap_of
from acca_crawler.dedup.weights import Weights
from benchmarks.dedup import Pair, pairs

STRENGTHS = (0.5, 0.2, 0.5)
"""Of the pull of every weight towards 0, within a language, across languages, and of an outlet's reports."""
THRESHOLDS = (0.53, 0.5, 0.65)
WORTH = {"same": 1.0, "follow-up": 0.3, "different": 5.0}
"""What a judged pair counts: a wrong join costs more than a missed one, a follow-up may go either way."""
WORTH_OF_JOIN = {"same": 0.5, "follow-up": 0.3, "different": 0.75}
"""Joins count for less: they are only what earlier weights joined."""
MOST_OF_AN_OUTLET = 35
"""Joins of an outlet from which more of them count no more, so that none outweighs the others."""
SAME_TEXT = 50
"""Letters at the beginning by which a post is known again."""
INVENTED_WITHIN = 0.05
"""What an invented pair counts."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The values of the features of a pair, whether the two are one event, and what the pair counts."""

    values: Mapping[str, float]
    one: bool
    worth: float


def fit(samples: Sequence[Sample], features: Sequence[str], threshold: float, strength: float) -> Weights:
    """Logistic regression by Newton's method, each weight pulled towards 0."""
    matrix = np.array([[*(sample.values[feature] for feature in features), 1.0] for sample in samples])
    wanted = np.array([float(sample.one) for sample in samples])
    worth = np.array([sample.worth for sample in samples])
    pull = np.diag([strength] * len(features) + [strength / 50])
    weights = np.zeros(len(features) + 1)
    for _ in range(40):
        found = 1 / (1 + np.exp(-matrix @ weights))
        slope = matrix.T @ (worth * (found - wanted)) + pull @ weights
        curve = (matrix * (worth * found * (1 - found))[:, None]).T @ matrix + pull
        step = np.linalg.solve(curve, slope)
        weights -= step
        if abs(step).max() < 1e-6:
            break
    of = {feature: round(float(weight), 3) for feature, weight in zip(features, weights, strict=False)}
    return Weights(of, round(float(weights[-1]), 3), threshold)


def invented_within() -> Iterator[Sample]:
    """The samples that the tuning part of the invented pairs makes."""
    for pair in pairs("tune"):
        overlap = overlap_of(pair.a.profile, pair.b.profile)
        if not overlap.across:
            evidence = evidence_of(overlap, overlap.in_favour(0, same_outlet=False), 0)
            yield Sample(evidence.values, pair.one, INVENTED_WITHIN)


def weighed_by_outlet(named: Iterable[tuple[str, Sample]]) -> list[Sample]:
    """Samples with their outlets, those of an outlet that has many for less."""
    of_outlet: defaultdict[str, list[Sample]] = defaultdict(list)
    for outlet, sample in named:
        of_outlet[outlet].append(sample)
    return [
        replace(sample, worth=min(1.0, MOST_OF_AN_OUTLET / len(samples)))
        for samples in of_outlet.values()
        for sample in samples
    ]


def events_of(judged: Sequence[Pair]) -> list[str]:
    """The event of each pair: pairs with a post in common are about one."""
    known: dict[str, str] = {}

    def event(post: str) -> str:
        while known.setdefault(post, post) != post:
            post = known[post]
        return post

    sides = [tuple(" ".join(side.text.split())[:SAME_TEXT] for side in (pair.a, pair.b)) for pair in judged]
    for a, b in sides:
        known[event(a)] = event(b)
    return [event(a) for a, _ in sides]
