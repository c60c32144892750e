"""Fit the weights of `acca_crawler/dedup`: `python -m benchmarks.fit_dedup ../shared/data/stories/pairs.jsonl`.

Within a language the judged pairs of the file (`judged`: same, follow-up or different; `a` and `b` with `text`,
`outlet`, `date`) count together with the tuning part of the invented set; across languages the invented translations
and the parallel texts of `--parallel` (files whose names begin with the language; line N of each says the same) and of
`--streams` (two languages of one outlet, equal dates). Writes `acca_crawler/dedup/data/weights.json`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from acca_crawler.dedup.evidence import Evidence, days_between, evidence_of, overlap_of
from acca_crawler.dedup.relation import MAX_DAYS, decide, report_of
from acca_crawler.dedup.weights import ACROSS, WEIGHTS, WITHIN, Weights, read_weights
from benchmarks.dedup import Pair, judged_pairs, pairs, parallel_texts, translations, two_editions

STRENGTHS = (1.0, 0.2)
"""Of the pull of every weight towards 0, within a language and across languages."""
THRESHOLDS = (0.56, 0.5)
WORTH = {"same": 1.0, "follow-up": 0.3, "different": 3.0}
"""What a judged pair counts: a wrong join costs more than a missed one, a follow-up may go either way."""
INVENTED_WITHIN, INVENTED_ACROSS = 0.05, 1.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The evidence on a pair, whether the two are one event, and what the pair counts."""

    evidence: Evidence
    one: bool
    worth: float


def fit(samples: Sequence[Sample], features: Sequence[str], threshold: float, strength: float) -> Weights:
    """Logistic regression by Newton's method, each weight pulled towards 0."""
    matrix = np.array([[*(sample.evidence[feature] for feature in features), 1.0] for sample in samples])
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


def samples_within(path: Path) -> Iterator[Sample]:
    """The judged pairs that are at most three days apart, and the invented ones."""
    for pair in judged_pairs(path):
        yield from _sample_of(pair)
    yield from invented_within()


def _sample_of(pair: Pair) -> Iterator[Sample]:
    """The sample that a judged pair makes, none for one further apart than an event is reported."""
    days = days_between(pair.a.published, pair.b.published)
    if days is not None and days <= MAX_DAYS:
        same_outlet = pair.a.outlet == pair.b.outlet
        evidence = evidence_of(overlap_of(pair.a.profile, pair.b.profile), days=days, same_outlet=same_outlet)
        yield Sample(evidence, pair.how != "different", WORTH[pair.how])


def invented_within() -> Iterator[Sample]:
    for pair in pairs("tune"):
        yield Sample(evidence_of(overlap_of(pair.a.profile, pair.b.profile), days=0), pair.one, INVENTED_WITHIN)


def samples_across(streams: Path) -> Iterator[Sample]:
    """Translations and texts of the same days; lines and days of even number are kept for the benchmark."""
    chance = random.Random(1)
    for pair in translations("tune"):
        yield Sample(evidence_of(overlap_of(pair.a.profile, pair.b.profile), days=0), pair.one, INVENTED_ACROSS)
    for post, others in two_editions(streams, "tune", chance):
        for original, same in others:
            yield Sample(evidence_of(overlap_of(post.profile, original.profile), days=0), same, 1.0)
    texts = parallel_texts(streams)
    for number in range(1, len(texts["en"]), 2):
        for _ in range(4):
            a, b = chance.sample(sorted(texts), 2)
            other = chance.randrange(len(texts["en"]))
            yield Sample(evidence_of(overlap_of(texts[a][number].profile, texts[b][number].profile), days=0), True, 1.0)
            if other != number:
                yield Sample(
                    evidence_of(overlap_of(texts[a][number].profile, texts[b][other].profile), days=0), False, 1.0
                )


def cross_validated(path: Path, folds: int = 10, rounds: int = 6) -> dict[str, float]:
    """Of each judgement, the share of pairs in one story, each judged by weights fitted without it.

    The mean of several rounds, each with other folds: of thirty pairs, one more or less is three per cent.
    """
    judged = list(judged_pairs(path))
    samples = [list(_sample_of(pair)) for pair in judged]
    reports = [(report_of(pair.a), report_of(pair.b)) for pair in judged]
    invented = list(invented_within())
    _, across = read_weights()
    together: defaultdict[str, list[bool]] = defaultdict(list)
    for number in range(rounds):
        order = list(range(len(judged)))
        random.Random(number).shuffle(order)
        for fold in range(folds):
            tested = set(order[fold::folds])
            kept = [sample for n in order if n not in tested for sample in samples[n]]
            within = fit([*kept, *invented], WITHIN, THRESHOLDS[0], STRENGTHS[0])
            for n in tested:
                found = decide(*reports[n], weights=(within, across))
                together[judged[n].how].append(found is not None and found.kind != "mentions")
    return {how: sum(found) / len(found) for how, found in together.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("streams", type=Path, help="a directory with ru_gazeta*, uz_gazeta* and *_ntrex*")
    options = parser.parse_args()
    within = fit(list(samples_within(options.pairs)), WITHIN, THRESHOLDS[0], STRENGTHS[0])
    across = fit(list(samples_across(options.streams)), ACROSS, THRESHOLDS[1], STRENGTHS[1])
    rows = [{"weights": w.of, "constant": w.constant, "threshold": w.threshold} for w in (within, across)]
    WEIGHTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for weights in (within, across):
        print(*(f"{feature:16}{weight:+.2f}" for feature, weight in weights.of.items()), sep="\n")
        print(f"{'constant':16}{weights.constant:+.2f}  joined from {weights.threshold}")


if __name__ == "__main__":
    main()
