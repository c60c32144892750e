"""Fit the weights of `acca_crawler/dedup`: `python -m benchmarks.fit_dedup ../shared/data/stories/pairs.jsonl`.

Within a language the judged pairs of the file (`judged`: same, follow-up or different; `a` and `b` with `text`,
`outlet`, `date`) count together with the joins that a reader judged (`data/dedup/joins.jsonl`) and the tuning part of
the invented set; across languages the invented translations and, of a directory of streams, parallel texts (files
whose names begin with the language; line N of each says the same) and posts of an outlet's two editions (equal dates),
without those that `fit_concepts` learns from. Prints the thresholds that `_thresholds` finds best for the same judged
pairs, and writes `acca_crawler/dedup/data/weights.json`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from acca_crawler.dedup.document import Document
from acca_crawler.dedup.pair_features import days_between, evidence_of, overlap_of
from acca_crawler.dedup.weights import ACROSS, WEIGHTS
from benchmarks._fitting import STRENGTHS, THRESHOLDS, Sample, fit, invented_within
from benchmarks._thresholds import DRAWS, cases_of, fitted_to, thresholds_for
from benchmarks.dedup import is_line_for_concepts, judged_pairs, parallel_texts, translations, two_editions
from benchmarks.joins import JoinOfAnOutlet, joins_read

INVENTED_ACROSS = 1.0
DELAYS = (0.65, 0.25, 0.1)
"""Shares of translations that appear the same day, the next and the one after: the editions that weights are fitted to
publish both at once, two outlets do not."""
PAIRS_A_LINE, STRANGERS = 6, 8
"""Pairs of languages for each parallel text, and texts among which the likest one is another event's."""


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


def cross_validated(path: Path, streams: Path, folds: int = 10, rounds: int = 6) -> dict[str, float]:
    """Of each judgement, the share of pairs in one story, each judged by weights fitted without its event.

    The mean of several rounds, each with other folds: of thirty pairs, one more or less is three per cent.
    """
    cases = cases_of(list(judged_pairs(path)), _joins_fitted(streams), crawled=False)
    invented = list(invented_within())
    together: defaultdict[str, list[bool]] = defaultdict(list)
    for number in range(rounds):
        order = sorted({case.event for case in cases})
        random.Random(number).shuffle(order)
        for fold in range(folds):
            tested = set(order[fold::folds])
            weights = fitted_to([case for case in cases if case.event not in tested], invented)
            for case in cases:
                if case.join is None and case.event in tested:
                    together[case.pair.how].append(case.kind(weights.within) not in (None, "mentions"))
    return {how: sum(found) / len(found) for how, found in together.items()}


def _joins_fitted(streams: Path) -> list[JoinOfAnOutlet]:
    """The joins that weights are fitted to. Weights of all, many of one day's long reports, join unrelated ones: of
    parallel texts 90 %, not 97, come into one story."""
    return [join for join in joins_read(streams) if not join.unfitted]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("streams", type=Path, help="the directory of the streams")
    options = parser.parse_args()
    across = fit(list(samples_across(options.streams)), ACROSS, THRESHOLDS[1], STRENGTHS[1])
    cases = cases_of(list(judged_pairs(options.pairs)), _joins_fitted(options.streams), crawled=True)
    invented = list(invented_within())
    within, _, again = fitted_to(cases, invented)
    least, told_again = thresholds_for(cases, invented)
    print(f"thresholds of {DRAWS} draws of events: within a language {least}, of an outlet {told_again}")
    rows = [{"weights": w.of, "constant": w.constant, "threshold": w.threshold} for w in (within, across, again)]
    WEIGHTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for weights in (within, across, again):
        print(*(f"{feature:16}{weight:+.2f}" for feature, weight in weights.of.items()), sep="\n")
        print(f"{'constant':16}{weights.constant:+.2f}  joined from {weights.threshold}")


if __name__ == "__main__":
    main()
