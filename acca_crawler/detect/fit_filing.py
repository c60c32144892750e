"""Fit what reports are filed under: a logistic regression for each category, over the clues of labelled alerts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from acca_crawler.detect.dataset import Labelled
from acca_crawler.detect.filing import Filing, values_of
from acca_crawler.items import CATEGORIES

FREEDOM = 0.25
MIN_ARTICLES = 4
NATURAL = 3.0
"""Weight of a report from the news: most labelled alerts are written for this project."""
MIN_WEIGHT = 0.02


def fit_filing(reports: Sequence[tuple[Labelled, Counter[str]]]) -> Filing:
    """Fit to labelled items with their clues; items without a category teach nothing."""
    from sklearn.linear_model import LogisticRegression  # takes a second, which nobody but this spends

    reports = [(item, clues) for item, clues in reports if item.level == "alert" and item.categories]
    articles = Counter(name for _, clues in reports for name in clues)
    rarity = {
        name: round(math.log(len(reports) / number) + 1, 3)
        for name, number in sorted(articles.items())
        if number >= MIN_ARTICLES
    }
    columns = {name: column for column, name in enumerate(rarity)}
    matrix = np.zeros((len(reports), len(columns)))
    for row, (_, clues) in zip(matrix, reports, strict=True):
        for name, value in values_of(clues, rarity).items():
            row[columns[name]] = value
    cost = [NATURAL if item.is_natural else 1.0 for item, _ in reports]
    intercepts: dict[str, float] = {}
    weights: dict[str, dict[str, float]] = {}
    for code in CATEGORIES:
        target = [code in item.categories for item, _ in reports]
        if any(target) and not all(target):
            fitted = LogisticRegression(C=FREEDOM, solver="liblinear", random_state=11)
            fitted.fit(matrix, target, sample_weight=cost)
            intercepts[code] = round(float(fitted.intercept_[0]), 3)
            pairs = zip(rarity, fitted.coef_[0].tolist(), strict=True)
            weights[code] = {name: round(weight, 3) for name, weight in pairs if abs(weight) >= MIN_WEIGHT}
    return Filing(rarity, intercepts, weights)
