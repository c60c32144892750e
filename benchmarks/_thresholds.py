"""From which probabilities reports are joined, chosen so that a few more judged pairs change little.

What is best for all judged pairs jumps from one threshold to another when some are added. So events are drawn with
replacement, as many as there are; weights are fitted to what was drawn, the best thresholds are looked for on what was
not, and the mean of `DRAWS` such thresholds counts.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import fmean
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from acca_crawler.dedup.habits import PATTERNED, signs_of
from acca_crawler.dedup.pair_features import Evidence, days_between, evidence_of, overlap_of
from acca_crawler.dedup.relation import MAX_DAYS, Report, decide, report_of, within_a_language
from acca_crawler.dedup.weights import AGAIN, WITHIN, Fitted, Weights, read_weights
from benchmarks._fitting import (
    STRENGTHS,
    THRESHOLDS,
    WORTH,
    WORTH_OF_JOIN,
    Sample,
    events_of,
    fit,
    weighed_by_outlet,
)
from benchmarks.dedup import Pair
from benchmarks.joins import JoinOfAnOutlet, as_crawled, is_of_years

DRAWS = 10
WITHIN_TRIED, AGAIN_TRIED = np.arange(0.44, 0.761, 0.02), np.arange(0.5, 0.851, 0.025)
GAIN = {"same": 1.0, "follow-up": 0.0, "different": -WORTH["different"]}
"""What a joined pair is worth, by its judgement: of joins, follow-ups are right."""
_UNMERGED = frozenset(["mentions", "follow-up"])
"""Relations that join no two reports unless both are flagged."""
_ANY, _ANYTHING = 0.0, 1.01
"""Thresholds that every probability reaches, and none."""


class Made(NamedTuple):
    """A case that the evidence joins, from which threshold up it does so no more, and the probability that no pattern
    of its outlet feigns it."""

    case: Case
    probability: float
    sure: float


@dataclass(frozen=True)
class Case:
    """A judged pair, the join it was made from if any, and its event. Dates are those that it is decided by; a join's
    own are those that weights are fitted to."""

    pair: Pair
    event: str
    join: JoinOfAnOutlet | None = None
    _signs: dict[bool, Mapping[str, float]] = field(default_factory=dict)

    @cached_property
    def sides(self) -> tuple[Report, Report]:
        """Both reports as they are compared."""
        return report_of(self.pair.a), report_of(self.pair.b)

    @cached_property
    def days(self) -> int | None:
        """Days between the two."""
        return days_between(self.pair.a.published, self.pair.b.published)

    @cached_property
    def evidence(self) -> Evidence:
        """What speaks for and against one event."""
        a, b = self.sides
        overlap = overlap_of(a.profile, b.profile)
        return evidence_of(overlap, overlap.in_favour(self.days, bool(a.outlet) and a.outlet == b.outlet), self.days)

    @cached_property
    def settled(self) -> bool:
        """Whether weights within a language say nothing: the texts are equal or in two languages."""
        a, b = (side.profile for side in self.sides)
        return a.language != b.language or (bool(a.body_hash) and a.body_hash == b.body_hash)

    @cached_property
    def settled_kind(self) -> str | None:
        """What the bundled weights make of it."""
        found = decide(*self.sides)
        return found.kind if found else None

    @cached_property
    def as_fitted(self) -> Case:
        """The same with the dates that weights are fitted to."""
        return replace(self, pair=self.join.pair, _signs={}) if self.join and self.join.pair != self.pair else self

    def kind(self, weights: Weights) -> str | None:
        """The relation by these weights."""
        if self.settled:
            return self.settled_kind
        a, b = self.sides
        found = within_a_language(a.profile, b.profile, self.evidence, weights)
        return found.kind if found else None

    def signs(self, kind: str) -> Mapping[str, float] | None:
        """What tells an outlet's pattern from an event, None if no pattern can feign the relation."""
        if self.join is None or not self.join.latest or kind not in PATTERNED or (self.days or 0) > MAX_DAYS:
            return None
        is_excerpt = kind == "excerpt"
        if is_excerpt not in self._signs:
            a, b = (side.profile for side in self.sides)
            self._signs[is_excerpt] = signs_of(kind, a, b, self.join.latest, self.join.between)
        return self._signs[is_excerpt]

    @cached_property
    def samples(self) -> list[Sample]:
        """What the weights within a language are fitted to; a stream of years that counts as days would make little of
        the days between two reports."""
        case, how = self.as_fitted, self.pair.how
        a, b = (side.profile for side in case.sides)
        of_years = self.join is not None and is_of_years(self.join.pair)
        if of_years or case.days is None or case.days > MAX_DAYS or a.language != b.language:
            return []
        return [Sample(case.evidence.values, how != "different", (WORTH_OF_JOIN if self.join else WORTH)[how])]

    @property
    def gain(self) -> float:
        """What joining the two is worth."""
        if self.join is None:
            return GAIN[self.pair.how]
        return GAIN["same" if self.pair.one else "different"]


def cases_of(judged: Sequence[Pair], joins: Sequence[JoinOfAnOutlet], crawled: bool) -> list[Case]:
    """All that was judged; with `crawled`, joins of streams without dates as far apart as their outlets publish."""
    decided = [as_crawled(join.pair) if crawled else join.pair for join in joins]
    events = events_of([*judged, *decided])
    return [
        *(Case(pair, event) for pair, event in zip(judged, events, strict=False)),
        *(Case(pair, event, join) for pair, event, join in zip(decided, events[len(judged) :], joins, strict=True)),
    ]


def fitted_to(cases: Sequence[Case], invented: Sequence[Sample]) -> Fitted:
    """Weights fitted to some cases, with the thresholds of the bundled ones."""
    samples = [*invented, *(sample for case in cases for sample in case.samples)]
    _, across, again = read_weights()
    within = fit(samples, WITHIN, THRESHOLDS[0], STRENGTHS[0])
    patterned = [(case, case.as_fitted.kind(within)) for case in cases if case.join]
    signs = [(case, case.as_fitted.signs(kind)) for case, kind in patterned if kind]
    named = [(case.pair.a.outlet, Sample(one, case.pair.one, 1.0)) for case, one in signs if one]
    return Fitted(within, across, fit(weighed_by_outlet(named), AGAIN, THRESHOLDS[2], STRENGTHS[2]) if named else again)


def made_of(cases: Sequence[Case], weights: Fitted) -> list[Made]:
    """The cases that some threshold within a language joins."""
    most, least = (replace(weights.within, threshold=threshold) for threshold in (_ANY, _ANYTHING))
    found = []
    for case in cases:
        kind, surely = case.kind(most), case.kind(least)
        if kind is None or kind in _UNMERGED:
            continue
        always = case.settled or (surely is not None and surely not in _UNMERGED)
        probability = _ANYTHING if always else weights.within.probability(case.evidence)
        signs = case.signs(surely if always and surely else kind)
        found.append(Made(case, probability, weights.again.probability_of(signs) if signs else _ANYTHING))
    return found


def thresholds_for(cases: Sequence[Case], invented: Sequence[Sample], draws: int = DRAWS) -> tuple[float, float]:
    """The thresholds within a language and of an outlet's reports."""
    events, chance = sorted({case.event for case in cases}), random.Random(0)
    best = []
    for _ in range(draws):
        drawn = Counter(chance.choices(events, k=len(events)))
        weights = fitted_to([case for case in cases for _ in range(drawn[case.event])], invented)
        best.append(_best(made_of([case for case in cases if not drawn[case.event]], weights)))
    within, again = zip(*best, strict=True)
    return round(fmean(within), 3), round(fmean(again), 3)


def _best(made: Sequence[Made]) -> tuple[float, float]:
    """The thresholds with which most is gained, the mean of those that gain as much."""
    gained: NDArray[np.float64] = np.zeros((len(WITHIN_TRIED), len(AGAIN_TRIED)))
    for case, probability, sure in made:
        gained += case.gain * np.outer(probability >= WITHIN_TRIED, sure >= AGAIN_TRIED)
    within, again = np.nonzero(gained == gained.max())
    return float(WITHIN_TRIED[within].mean()), float(AGAIN_TRIED[again].mean())
