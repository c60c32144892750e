"""How right joins are of outlets and months that nothing was fitted to.

    python -m benchmarks.held_out_joins STREAMS JUDGED_PAIRS [--as-crawled]

The judged joins are left out a part at a time: an outlet, or a month of an outlet with dates. Weights are fitted and
thresholds chosen without the part, and say which of its joins are made: of two reports alone, without what else the
archive held. The joins were made by earlier weights, whose mistakes they hold: of joins as they come, more are right.
With `--as-crawled` reports of streams without dates are as far apart as their outlets publish, instead of ten minutes:
of those that lie weeks apart none is made.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from acca_crawler.dedup.habits import PATTERNED, signs_of
from acca_crawler.dedup.pair_features import days_between
from acca_crawler.dedup.relation import MAX_DAYS, Report, decide, report_of
from acca_crawler.dedup.weights import AGAIN, WITHIN, Fitted, read_weights
from benchmarks.dedup import judged_pairs
from benchmarks.fit_dedup import (
    STRENGTHS,
    THRESHOLDS,
    WORTH,
    Sample,
    fit,
    invented_within,
    sample_of_join,
    sample_of_pair,
    samples_of_an_outlet,
)
from benchmarks.joins import JoinOfAnOutlet, as_crawled, is_of_years, joins_read

WITHIN_TRIED = (0.5, 0.54, 0.58, 0.62, 0.66, 0.7)
AGAIN_TRIED = (0.5, 0.6, 0.65, 0.7, 0.8)
_UNMERGED = frozenset([None, "mentions", "follow-up"])
"""Relations that join no two reports unless both are flagged."""


class Kept(NamedTuple):
    """Of judged joins, how many right and wrong ones are made, and how many are right."""

    right: int
    wrong: int
    to_be_found: int

    def __str__(self) -> str:
        made = self.right + self.wrong
        return f"{self.right} of {made} right, {self.right} of {self.to_be_found} right ones made"


@dataclass(frozen=True, slots=True)
class _Join:
    """A judged join, the part it is left out with, and both reports as they are compared."""

    of: JoinOfAnOutlet
    part: str
    sides: tuple[Report, Report]

    @classmethod
    def read(cls, of: JoinOfAnOutlet, crawled: bool) -> _Join:
        outlet, day = of.pair.a.outlet, str(of.pair.a.published)
        part = f"{outlet} {day[:7]}" if "gazeta" in outlet else outlet
        pair = as_crawled(of.pair) if crawled else of.pair
        return cls(of, part.removeprefix("ru_").removeprefix("uz_"), (report_of(pair.a), report_of(pair.b)))


def held_out(pairs: Path, streams: Path, crawled: bool) -> Iterator[tuple[str, Kept]]:
    """Each part with what weights and thresholds that do not know it make of its joins."""
    joins = [_Join.read(one, crawled) for one in joins_read(streams)]
    judged = [(pair.how, report_of(pair.a), report_of(pair.b)) for pair in judged_pairs(pairs)]
    others = [*invented_within(), *(sample for pair in judged_pairs(pairs) for sample in sample_of_pair(pair))]
    for part in sorted({join.part for join in joins}):
        known = [join for join in joins if join.part != part]
        left_out = [join for join in joins if join.part == part]
        weights = _fitted(known, judged, others)
        made = [right for right, sure in _made(left_out, weights) if sure >= weights.again.threshold]
        yield part, Kept(sum(made), len(made) - sum(made), sum(join.of.pair.one for join in left_out))


def _fitted(joins: Sequence[_Join], judged: Sequence[tuple[str, Report, Report]], others: Sequence[Sample]) -> Fitted:
    """Weights of these joins and samples, with the thresholds of which most comes."""
    pairs = [join.of.pair for join in joins if not is_of_years(join.of.pair)]
    samples = [*others, *(sample for pair in pairs for sample in sample_of_join(pair))]
    _, across, again = read_weights()
    within = fit(samples, WITHIN, THRESHOLDS[0], STRENGTHS[0])
    ours = [join.of for join in joins if join.of.latest]
    again = fit(samples_of_an_outlet(ours, Fitted(within, across, again)), AGAIN, THRESHOLDS[2], STRENGTHS[2])
    tried = [Fitted(replace(within, threshold=threshold), across, again) for threshold in WITHIN_TRIED]
    return max((_best(joins, judged, weights) for weights in tried), key=lambda best: best[0])[1]


def _best(
    joins: Sequence[_Join], judged: Sequence[tuple[str, Report, Report]], weights: Fitted
) -> tuple[float, Fitted]:
    """What the best threshold of an outlet's reports is worth, and the weights with it: a wrong join costs more."""
    found = [how for how, a, b in judged if _kind(a, b, weights) not in _UNMERGED]
    pairs = found.count("same") - WORTH["different"] * found.count("different")
    made = _made(joins, weights)
    worth = {least: pairs + _worth(made, least) for least in AGAIN_TRIED}
    least = max(worth, key=lambda one: worth[one])
    return worth[least], weights._replace(again=replace(weights.again, threshold=least))


def _worth(made: Sequence[tuple[bool, float]], least: float) -> float:
    return sum(1.0 if right else -WORTH["different"] for right, sure in made if sure >= least)


def _made(joins: Sequence[_Join], weights: Fitted) -> list[tuple[bool, float]]:
    """For each join that the evidence makes: whether it is right, and the probability that no pattern of its outlet
    feigns it.
    """
    kinds = ((join, _kind(*join.sides, weights)) for join in joins)
    return [(join.of.pair.one, _sure(join, kind, weights)) for join, kind in kinds if kind not in _UNMERGED and kind]


def _kind(a: Report, b: Report, weights: Fitted) -> str | None:
    found = decide(a, b, weights=weights)
    return found.kind if found else None


def _sure(join: _Join, kind: str, weights: Fitted) -> float:
    a, b = join.sides
    days = days_between(a.published, b.published)
    if not join.of.latest or kind not in PATTERNED or (days or 0) > MAX_DAYS:
        return 1.0
    return weights.again.probability_of(signs_of(kind, a.profile, b.profile, join.of.latest, join.of.between))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("streams", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--as-crawled", action="store_true", help="streams without dates as far apart as published")
    options = parser.parse_args()
    parts = []
    for part, kept in held_out(options.pairs, options.streams, options.as_crawled):
        print(f"{part}: {kept}", flush=True)
        parts.append(kept)
    whole = Kept(*map(sum, zip(*parts, strict=True)))
    print(f"all: {whole}, precision {whole.right / (whole.right + whole.wrong):.3f}")


if __name__ == "__main__":
    main()
