"""The forest that judges beside the regression."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from acca_crawler.detect.detector import shipped_model
from acca_crawler.detect.forest import read_forest, write_forest


def test_a_forest_judges_as_it_was_trained(tmp_path: Path) -> None:
    from sklearn.ensemble import RandomForestClassifier  # takes a second, which every worker would spend

    from acca_crawler.detect.fit import _forest_of, _log_odds

    random = np.random.default_rng(7)
    matrix = random.normal(size=(300, 5)).astype(np.float32)
    target = (matrix[:, 0] > 0) & (matrix[:, 3] < 0.5)
    trees = RandomForestClassifier(12, min_samples_leaf=3, random_state=1).fit(matrix, target)
    write_forest(_forest_of(trees), tmp_path / "forest.npy")
    forest = read_forest(tmp_path / "forest.npy")
    expected = _log_odds(trees.predict_proba(matrix)[:, 1])
    given = [forest.odds(tuple(row)) for row in matrix.tolist()]
    assert given == pytest.approx(expected.tolist(), abs=1e-4)


def test_what_a_forest_tells_of_each_column_sums_up_to_its_log_odds() -> None:
    forest = shipped_model().forest
    width = int(forest.columns.max()) + 1
    unknown = forest.shares[forest.roots].mean()
    for seed in range(5):
        values = tuple(np.random.default_rng(seed).uniform(-2, 2, width).tolist())
        moved = forest.contributions(values)
        assert float(moved.sum()) == pytest.approx(forest.odds(values) - np.log(unknown / (1 - unknown)), abs=1e-3)
        assert np.count_nonzero(moved) > 3
