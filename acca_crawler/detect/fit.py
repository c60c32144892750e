"""Fit the weights of the rules to labelled items: `python -m acca_crawler.detect.fit FILE.jsonl ...`.

An item is worth its best window (a long article is an alert because of one passage), so fitting goes back and
forth: choose each item's best window by the present weights, then fit a logistic regression to those windows,
held towards each rule's prior in `rules.toml` and never across zero: a rule that
speaks for something is never turned into one that speaks against it by the accidents of a small set.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.dataset import Labelled, read_labelled
from acca_crawler.detect.model import WEIGHTS, Model, Scorer
from acca_crawler.detect.rules import Rule, RuleBook, read_rules
from acca_crawler.detect.windows import RuleMatcher
from acca_crawler.items import Level

ROUNDS = 6
EPOCHS = 60
STEP = 0.08
PRIOR_STRENGTH = 0.08
MAX_WEIGHT = 3.0
FALSE_ALARM_COST = 0.8
"""A false alarm against a miss: the guideline holds a miss the dearer of the two."""
PRIOR_INTERCEPT = -1.5


@dataclass(frozen=True, slots=True)
class Bag:
    """An item as its windows' rules, each window once."""

    windows: tuple[tuple[str, ...], ...]
    level: Level
    fold: int


def bag_of(item: Labelled, book: RuleBook) -> Bag:
    """The windows of an item that play in the region, as rule ids."""
    evidence = RuleMatcher(annotate(item.text, item.title, item.language), book)
    matched = {window.matched for window in evidence.windows() if not window.foreign}
    windows = sorted(tuple(rule.id for rule in book.named(bits)) for bits in matched)
    return Bag(tuple(windows), item.level, item.fold)


def fit_model(bags: Sequence[Bag], book: RuleBook, false_alarm_cost: float = FALSE_ALARM_COST) -> Model:
    """The model fitted to `bags`; `false_alarm_cost` weighs a negative item against a positive one."""
    alert = _fit(bags, book.rules, lambda level: level == "alert", false_alarm_cost, digest=False)
    digest = _fit(bags, book.rules, lambda level: level != "ignore", false_alarm_cost, digest=True)
    return Model(book, alert, digest)


def _fit(
    bags: Sequence[Bag],
    rules: Sequence[Rule],
    is_positive: Callable[[str], bool],
    negative_weight: float,
    *,
    digest: bool,
) -> Scorer:
    speaks_against = {rule.id for rule in rules if rule.against and not (digest and rule.digest)}
    bounds = {rule.id: (-MAX_WEIGHT, 0.0) if rule.id in speaks_against else (0.0, MAX_WEIGHT) for rule in rules}
    prior = {rule.id: rule.digest_prior if digest else rule.prior for rule in rules}
    weights, intercept = dict(prior), PRIOR_INTERCEPT
    usable = [bag for bag in bags if bag.windows]
    shuffle = random.Random(11)
    for _ in range(ROUNDS):
        examples = [(_best(bag, weights), is_positive(bag.level)) for bag in usable]
        squares: dict[str, float] = {}
        for _ in range(EPOCHS):
            shuffle.shuffle(examples)
            for window, positive in examples:
                margin = intercept + sum(weights[rule] for rule in window)
                error = (1.0 if positive else 0.0) - 1 / (1 + math.exp(-max(-30.0, min(30.0, margin))))
                error *= 1.0 if positive else negative_weight
                for rule in window:
                    gradient = error - PRIOR_STRENGTH * (weights[rule] - prior[rule])
                    squares[rule] = squares.get(rule, 1.0) + gradient * gradient
                    moved = weights[rule] + STEP * gradient / math.sqrt(squares[rule]) * 2
                    weights[rule] = min(max(moved, bounds[rule][0]), bounds[rule][1])
                intercept += STEP * error / 4
    return Scorer(round(intercept, 3), {rule: round(weight, 3) for rule, weight in weights.items()})


def _best(bag: Bag, weights: dict[str, float]) -> tuple[str, ...]:
    return max(bag.windows, key=lambda window: sum(weights[rule] for rule in window))


def level_of(bag: Bag, model: Model) -> Level:
    """The level the model gives an item."""
    by_id = {rule.id: rule for rule in model.book.rules}
    windows = [[by_id[rule] for rule in window] for window in bag.windows]
    if any(model.alert.score(window) > 0 for window in windows):
        return "alert"
    return "digest" if any(model.digest.score(window) > 0 for window in windows) else "ignore"


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit to the given files and write the weights file."""
    parser = argparse.ArgumentParser(prog="python -m acca_crawler.detect.fit", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="labelled items, JSONL")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="weights file to write")
    options = parser.parse_args(arguments)
    book = read_rules()
    bags = [bag_of(item, book) for item in read_labelled(options.files)]
    model = fit_model(bags, book)
    scorers = {"alert": model.alert, "digest": model.digest}
    data = {name: {"intercept": s.intercept, "weights": s.weights} for name, s in scorers.items()}
    options.out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    right = sum(level_of(bag, model) == bag.level for bag in bags)
    sys.stdout.write(f"{len(bags)} items, level right on the fitted items for {right}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
