"""Fit the weights of `acca_crawler/dedup`: `python -m benchmarks.fit_dedup ../shared/data/stories/pairs.jsonl`.

Within a language the judged pairs of the file (`judged`: same, follow-up or different; `a` and `b` with `text`,
`outlet`, `date`) count together with the joins that a reader judged (`data/dedup/joins.jsonl`) and the tuning part of
the invented set; across languages the invented translations
and, of a directory of streams, parallel texts (files whose names begin with the language; line N of each says the same)
and posts of an outlet's two editions (equal dates), without those that `fit_concepts` learns from. Writes
`acca_crawler/dedup/data/weights.json`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from acca_crawler.dedup.document import Document
from acca_crawler.dedup.habits import PATTERNED, signs_of
from acca_crawler.dedup.pair_features import days_between, evidence_of, overlap_of
from acca_crawler.dedup.relation import MAX_DAYS, decide, report_of
from acca_crawler.dedup.weights import ACROSS, AGAIN, WEIGHTS, WITHIN, Fitted, Weights, read_weights
from benchmarks.dedup import (
    Pair,
    is_line_for_concepts,
    judged_pairs,
    pairs,
    parallel_texts,
    translations,
    two_editions,
)
from benchmarks.joins import JoinOfAnOutlet, joins_of_an_outlet, judged_joins

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
INVENTED_WITHIN, INVENTED_ACROSS = 0.05, 1.0
DELAYS = (0.65, 0.25, 0.1)
"""Shares of translations that appear the same day, the next and the one after: the editions that weights are fitted to
publish both at once, two outlets do not."""
PAIRS_A_LINE, STRANGERS = 6, 8
"""Pairs of languages for each parallel text, and texts among which the likest one is another event's."""


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


def samples_within(path: Path, streams: Path) -> Iterator[Sample]:
    """The judged pairs and joins that are at most three days apart, and the invented ones."""
    for pair in judged_pairs(path):
        yield from sample_of_pair(pair)
    for pair in judged_joins(streams):
        yield from sample_of_join(pair)
    yield from invented_within()


def sample_of_pair(pair: Pair) -> Iterator[Sample]:
    """The sample that a judged pair makes."""
    return _sample_of(pair, WORTH)


def sample_of_join(pair: Pair) -> Iterator[Sample]:
    """The sample that a judged join makes."""
    return _sample_of(pair, WORTH_OF_JOIN)


def _sample_of(pair: Pair, worth: Mapping[str, float]) -> Iterator[Sample]:
    """The sample that a judged pair makes, none for one further apart than an event is reported."""
    days = days_between(pair.a.published, pair.b.published)
    overlap = overlap_of(pair.a.profile, pair.b.profile)
    if days is not None and days <= MAX_DAYS and not overlap.across:
        same_outlet = pair.a.outlet == pair.b.outlet
        evidence = evidence_of(overlap, overlap.in_favour(days, same_outlet), days)
        yield Sample(evidence.values, pair.how != "different", worth[pair.how])


def invented_within() -> Iterator[Sample]:
    for pair in pairs("tune"):
        overlap = overlap_of(pair.a.profile, pair.b.profile)
        if not overlap.across:
            evidence = evidence_of(overlap, overlap.in_favour(0, same_outlet=False), 0)
            yield Sample(evidence.values, pair.one, INVENTED_WITHIN)


def samples_across(streams: Path) -> Iterator[Sample]:
    """Translations, and texts of the same days that share names or numbers with them.

    Lines and days of even number are kept for the benchmark, others for `fit_concepts`.
    """
    chance = random.Random(1)
    for pair in translations("tune"):
        yield _across(pair.a, pair.b, pair.one, 0, INVENTED_ACROSS)
    for post, others in two_editions(streams, chance):
        for original, same in others:
            days = days_between(post.published, original.published) or 0
            yield _across(original, post, same, chance.choices((0, 1, 2), DELAYS)[0] if same else days)
    texts = parallel_texts(streams)
    numbers = range(len(texts["en"]))
    for number in (number for number in numbers if number % 2 and not is_line_for_concepts(number)):
        for _ in range(PAIRS_A_LINE):
            a, b = chance.sample(sorted(texts), 2)
            here = texts[a][number]
            strangers = [texts[b][other] for other in chance.sample(numbers, STRANGERS) if other != number]
            yield _across(here, texts[b][number], True, chance.choices((0, 1, 2), DELAYS)[0])
            likest = max(strangers, key=lambda other: overlap_of(here.profile, other.profile).likeness)
            yield _across(here, likest, False, 0)


def _across(a: Document, b: Document, one: bool, days: int, worth: float = 1.0) -> Sample:
    overlap = overlap_of(a.profile, b.profile)
    return Sample(evidence_of(overlap, overlap.in_favour(days, same_outlet=False), days).values, one, worth)


def samples_of_an_outlet(joins: Iterable[JoinOfAnOutlet], weights: Fitted | None = None) -> list[Sample]:
    """The judged joins of one outlet that a pattern of it can feign; `weights` say which, or the bundled ones."""
    of_outlet: defaultdict[str, list[Sample]] = defaultdict(list)
    for join in joins:
        found = decide(report_of(join.pair.a), report_of(join.pair.b), weights=weights)
        if found is not None and found.kind in PATTERNED:
            signs = signs_of(found.kind, join.pair.a.profile, join.pair.b.profile, join.latest, join.between)
            of_outlet[join.pair.a.outlet].append(Sample(signs, join.pair.one, 1.0))
    return [
        replace(sample, worth=min(1.0, MOST_OF_AN_OUTLET / len(samples)))
        for samples in of_outlet.values()
        for sample in samples
    ]


def cross_validated(path: Path, streams: Path, folds: int = 10, rounds: int = 6) -> dict[str, float]:
    """Of each judgement, the share of pairs in one story, each judged by weights fitted without its event.

    The mean of several rounds, each with other folds: of thirty pairs, one more or less is three per cent.
    """
    judged, joins = list(judged_pairs(path)), list(judged_joins(streams))
    samples = [[*sample_of_pair(pair)] for pair in judged] + [[*sample_of_join(pair)] for pair in joins]
    events = _events([*judged, *joins])
    reports = [(report_of(pair.a), report_of(pair.b)) for pair in judged]
    invented = list(invented_within())
    _, across, again = read_weights()
    together: defaultdict[str, list[bool]] = defaultdict(list)
    for number in range(rounds):
        order = sorted(set(events))
        random.Random(number).shuffle(order)
        for fold in range(folds):
            tested = set(order[fold::folds])
            kept = [
                sample for event, found in zip(events, samples, strict=True) if event not in tested for sample in found
            ]
            within = fit([*kept, *invented], WITHIN, THRESHOLDS[0], STRENGTHS[0])
            for pair, event, sides in zip(judged, events, reports, strict=False):
                if event in tested:
                    found = decide(*sides, weights=Fitted(within, across, again))
                    together[pair.how].append(found is not None and found.kind != "mentions")
    return {how: sum(found) / len(found) for how, found in together.items()}


def _events(judged: Sequence[Pair]) -> list[str]:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("streams", type=Path, help="the directory of the streams")
    options = parser.parse_args()
    within = fit(list(samples_within(options.pairs, options.streams)), WITHIN, THRESHOLDS[0], STRENGTHS[0])
    across = fit(list(samples_across(options.streams)), ACROSS, THRESHOLDS[1], STRENGTHS[1])
    again = fit(
        samples_of_an_outlet(joins_of_an_outlet(options.streams), Fitted(within, across, read_weights().again)),
        AGAIN,
        THRESHOLDS[2],
        STRENGTHS[2],
    )
    rows = [{"weights": w.of, "constant": w.constant, "threshold": w.threshold} for w in (within, across, again)]
    WEIGHTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for weights in (within, across, again):
        print(*(f"{feature:16}{weight:+.2f}" for feature, weight in weights.of.items()), sep="\n")
        print(f"{'constant':16}{weights.constant:+.2f}  joined from {weights.threshold}")


if __name__ == "__main__":
    main()
