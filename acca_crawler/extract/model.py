"""Predict which blocks of a page are article text with a small tree ensemble, stored as data.

`acca_crawler.extract.fit` trains it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "weights.npz"
DEPTH = 5  # levels of splits in every tree
FIRST_TREES = 40
SURE = 2.5  # log odds after the first trees, for or against: the others only add to them

Column = NDArray[np.float32]


class _Trees(NamedTuple):
    """Some of a forest's trees: the features and thresholds of each level, one tree after another, and the leaves."""

    levels: tuple[tuple[NDArray[np.intp], NDArray[np.float32]], ...]
    values: NDArray[np.float32]
    trees: int

    def scores(self, flat: Column, length: int, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the sum of the trees' values for some rows of a matrix given as its columns, each of this length."""
        here = rows[:, None]
        (features, thresholds), *lower = self.levels
        # A node's children are at 2n and 2n + 1 of the next level.
        at = 2 * np.arange(self.trees) + (flat.take(features * length + here) > thresholds)
        for features, thresholds in lower:
            index = (features * length).take(at)
            index += here
            right = flat.take(index) > thresholds.take(at)
            at *= 2
            at += right
        score: NDArray[np.float32] = self.values.take(at).sum(axis=1)
        return score


class BlockForest:
    """Complete trees of `DEPTH` levels: arrays of shape (trees, nodes) and, for `value`, (trees, leaves)."""

    def __init__(
        self, feature: NDArray[np.intp], threshold: NDArray[np.float32], value: NDArray[np.float32], base: float
    ) -> None:
        levels = [slice(2**level - 1, 2 ** (level + 1) - 1) for level in range(DEPTH)]
        self._first, self._others = (
            _Trees(
                tuple((feature[trees, nodes].ravel(), threshold[trees, nodes].ravel()) for nodes in levels),
                value[trees].ravel(),
                len(value[trees]),
            )
            for trees in (slice(0, FIRST_TREES), slice(FIRST_TREES, None))
        )
        self._base = base

    def chance(self, matrix: NDArray[np.float32]) -> Column:
        """Return the probability for each row, 0 to 1."""
        flat = matrix.T.ravel()  # no copy if the columns are contiguous, as `features` makes them
        score = self._base + self._first.scores(flat, len(matrix), np.arange(len(matrix)))
        sure = np.abs(score) > SURE
        doubtful = (~sure).nonzero()[0]
        score[doubtful] += self._others.scores(flat, len(matrix), doubtful)
        score[sure] *= 2
        chance: Column = (1 / (1 + np.exp(-score))).astype(np.float32)
        return chance


@cache
def forest() -> BlockForest:
    """Load the trained forest (cached)."""
    with np.load(WEIGHTS) as stored:
        return BlockForest(
            stored["feature"].astype(np.intp), stored["threshold"], stored["value"], float(stored["base"])
        )
