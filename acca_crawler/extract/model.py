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
FIRST_TREES = 40
SURE = 2.5  # log odds after the first trees, for or against: the others only add to them

Column = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BlockForest:
    """Complete trees of `DEPTH` levels: arrays of shape (trees, nodes) and, for `value`, (trees, leaves)."""

    feature: NDArray[np.intp]
    threshold: NDArray[np.float32]
    value: NDArray[np.float32]
    base: float

    def chance(self, matrix: NDArray[np.float32]) -> Column:
        """Return the probability for each row, 0 to 1."""
        flat = matrix.T.ravel()  # no copy if the columns are contiguous, as `features` makes them
        score = self.base + self._scores(flat, len(matrix), np.arange(len(matrix)), slice(0, FIRST_TREES))
        sure = np.abs(score) > SURE
        doubtful = np.flatnonzero(~sure)
        score[doubtful] += self._scores(flat, len(matrix), doubtful, slice(FIRST_TREES, None))
        score[sure] *= 2
        chance: Column = (1 / (1 + np.exp(-score))).astype(np.float32)
        return chance

    def _scores(self, flat: Column, count: int, rows: NDArray[np.intp], trees: slice) -> NDArray[np.float32]:
        """Return the sum of the trees' values for some rows of a matrix given as its columns one after another."""
        features, thresholds, values = self.feature[trees], self.threshold[trees], self.value[trees]
        at = np.empty((len(rows), len(values)), dtype=np.intp)
        at[:] = np.arange(len(values))
        here = rows[:, None]
        for level in range(DEPTH):
            # The nodes of one level, one tree after another: a node's children are at 2n and 2n + 1 of the next.
            nodes = slice(2**level - 1, 2 ** (level + 1) - 1)
            index = (features[:, nodes] * count).ravel().take(at)
            index += here
            right = flat.take(index) > thresholds[:, nodes].ravel().take(at)
            at *= 2
            at += right
        score: NDArray[np.float32] = values.ravel().take(at).sum(axis=1)
        return score


@cache
def forest() -> BlockForest:
    """Load the trained forest (cached)."""
    with np.load(WEIGHTS) as stored:
        return BlockForest(
            stored["feature"].astype(np.intp), stored["threshold"], stored["value"], float(stored["base"])
        )
