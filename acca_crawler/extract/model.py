"""Predict which blocks of a page are article text with a small tree ensemble, stored as data.

`acca_crawler.extract.fit` trains it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from acca_crawler.extract.features import features
from acca_crawler.extract.segments import Block

WEIGHTS = Path(__file__).parent / "weights.npz"
DEPTH = 5  # levels of splits in every tree

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
        trees, nodes = self.feature.shape
        start = np.arange(trees, dtype=np.int32) * nodes
        node = np.zeros((len(matrix), trees), dtype=np.int32)
        flat, feature, threshold = matrix.ravel(), self.feature.ravel(), self.threshold.ravel()
        row = (np.arange(len(matrix), dtype=np.int32) * matrix.shape[1])[:, None]
        for _ in range(DEPTH):
            at = node + start
            node = 2 * node + 1 + (flat.take(feature.take(at) + row) > threshold.take(at))
        leaf = node - nodes + np.arange(trees, dtype=np.int32) * (nodes + 1)
        score = self.value.ravel().take(leaf).sum(axis=1) + self.base
        chance: Column = (1 / (1 + np.exp(-score))).astype(np.float32)
        return chance


@cache
def forest() -> Forest:
    """Load the trained forest (cached)."""
    with np.load(WEIGHTS) as stored:
        return Forest(stored["feature"].astype(np.int32), stored["threshold"], stored["value"], float(stored["base"]))


def chances(blocks: list[Block], title: str, summary: str) -> Column:
    """Return the probability (0 to 1) that each block is article text."""
    if not blocks:
        return np.zeros(0, dtype=np.float32)
    return forest().chance(features(blocks, title, summary))
