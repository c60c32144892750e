"""Predict which blocks of a page are article text with a small tree ensemble, stored as data.

`acca_crawler.extract.fit` trains it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "weights.npz"
DEPTH = 5  # levels of splits in every tree
FIRST_TREES = 24
HOPELESS = -4.0  # log odds after the first trees: the others do not change the decision

Column = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Forest:
    """Complete trees of `DEPTH` levels: arrays of shape (trees, nodes) and, for `value`, (trees, leaves)."""

    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    value: NDArray[np.float32]
    base: float

    def chance(self, matrix: NDArray[np.float32]) -> Column:
        """Return the probability for each row, 0 to 1."""
        score = self.base + self._scores(matrix, slice(0, FIRST_TREES))
        doubtful = np.flatnonzero(score > HOPELESS)
        score[doubtful] += self._scores(matrix[doubtful], slice(FIRST_TREES, None))
        chance: Column = (1 / (1 + np.exp(-score))).astype(np.float32)
        return chance

    def _scores(self, matrix: NDArray[np.float32], trees: slice) -> NDArray[np.float32]:
        """Return the sum of the trees' values for each row."""
        features, thresholds, values = self.feature[trees], self.threshold[trees], self.value[trees]
        count, nodes = features.shape
        start = np.arange(count, dtype=np.int32) * nodes
        node = np.zeros((len(matrix), count), dtype=np.int32)
        flat, feature, threshold = matrix.ravel(), features.ravel(), thresholds.ravel()
        row = (np.arange(len(matrix), dtype=np.int32) * matrix.shape[1])[:, None]
        for _ in range(DEPTH):
            at = node + start
            node = 2 * node + 1 + (flat.take(feature.take(at) + row) > threshold.take(at))
        leaf = node - nodes + np.arange(count, dtype=np.int32) * (nodes + 1)
        score: NDArray[np.float32] = values.ravel().take(leaf).sum(axis=1)
        return score


@cache
def forest() -> Forest:
    """Load the trained forest (cached)."""
    with np.load(WEIGHTS) as stored:
        return Forest(stored["feature"].astype(np.int32), stored["threshold"], stored["value"], float(stored["base"]))
