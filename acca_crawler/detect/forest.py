"""A forest of decision trees over what is known of an article: it sees what matters only in combination.

Trained with scikit-learn (`acca_crawler.detect.fit`), read with numpy alone. All nodes that ask about a column lie in a
row by their bounds, so that one search tells which of them send its value to the right; then all trees are walked
together, a level at a time.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).with_name("forest.npy")

MIN_SHARE = 0.01
"""Shares are bounded by this and one minus this: no leaf is sure."""

Floats = npt.NDArray[np.float32]
Indexes = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.unsignedinteger[Any]]


class _Sorted(NamedTuple):
    """The nodes of a forest by column and bound, the leaves last; `starts` are the first node of each column and the
    first leaf, `bounds` those of each column.

    Their numbers are as short as possible: all are copied for each article.
    """

    columns: Indexes
    left: Nodes
    right: Nodes
    shares: Floats
    roots: Nodes
    starts: Sequence[int]
    bounds: Sequence[Sequence[float]]


@dataclass(eq=False)
class Forest:
    """The nodes of all trees, those of one tree in a row.

    A node sends values of `columns` up to `bounds` to the node `left`, others to `right`; a leaf sends all to itself.
    `shares` are the shares of alerts among the items that reached a node; `roots` are the nodes where trees begin.
    """

    columns: Indexes
    bounds: Floats
    left: Indexes
    right: Indexes
    shares: Floats
    roots: Indexes
    _last: tuple[tuple[float, ...], Nodes] = field(default=((), np.zeros((0, 0), np.uint16)), repr=False)
    """The values walked last and their paths: an article's odds and its reasons need the same."""

    def odds(self, values: tuple[float, ...]) -> float:
        """Return the log odds of an alert for the values of all columns."""
        return _odds(_mean(self._sorted.shares.take(self._paths(values)[-1])))

    def contributions(self, values: tuple[float, ...]) -> npt.NDArray[np.float64]:
        """Return how much each column moved the log odds away from those of an unknown article."""
        paths = self._paths(values)
        shares = self._sorted.shares.take(paths)
        columns = self._sorted.columns.take(paths[:-1])
        steps = (shares[1:] - shares[:-1]).astype(np.float64)
        moved = np.bincount(columns.ravel(), steps.ravel(), minlength=len(values)) / len(self.roots)
        before, after = _mean(shares[0]), _mean(shares[-1])
        return moved * ((_odds(after) - _odds(before)) / (after - before) if after != before else 0.0)

    def _paths(self, values: tuple[float, ...]) -> Nodes:
        """Return the nodes (of `_sorted`) that the values reach in each tree, from the roots to the leaves.

        A row for each level.
        """
        remembered, paths = self._last
        if values != remembered:
            nodes = self._sorted
            following = nodes.left.copy()
            rounded: list[float] = np.array(values, dtype=np.float32).tolist()
            for value, bounds, start in zip(rounded, nodes.bounds, nodes.starts, strict=False):
                if bounds and value > bounds[0]:
                    end = start + bisect_left(bounds, value)
                    following[start:end] = nodes.right[start:end]
            paths = np.empty((self.depth + 1, len(nodes.roots)), dtype=following.dtype)
            paths[0] = nodes.roots
            for level in range(self.depth):
                following.take(paths[level], out=paths[level + 1], mode="clip")
            self._last = values, paths
        return paths

    @cached_property
    def _sorted(self) -> _Sorted:
        is_leaf = self.left == np.arange(len(self.left))
        order = np.lexsort((self.bounds, self.columns, is_leaf))
        inner = len(order) - int(is_leaf.sum())
        places = np.empty(len(order), dtype=np.min_scalar_type(len(order)))
        places[order] = np.arange(len(order))
        columns, bounds = self.columns[order], self.bounds[order[:inner]].tolist()
        starts = np.searchsorted(columns[:inner], np.arange(int(columns[:inner].max(initial=-1)) + 2)).tolist()
        return _Sorted(
            columns,
            places[self.left[order]],
            places[self.right[order]],
            self.shares[order],
            places[self.roots],
            starts,
            [bounds[start:end] for start, end in pairwise(starts)],
        )

    @cached_property
    def depth(self) -> int:
        """Levels below the roots."""
        here, depth = self.roots, 0
        while len(here := here[self.left[here] != here]):
            here = np.concatenate((self.left[here], self.right[here]))
            depth += 1
        return depth


def _mean(shares: Floats) -> float:
    """Return the mean; numpy's own takes several times as long for few values."""
    return float(np.add.reduce(shares) / np.float32(len(shares)))


def _odds(share: float) -> float:
    bounded = min(max(share, MIN_SHARE), 1 - MIN_SHARE)
    return math.log(bounded / (1 - bounded))


def read_forest(path: Path) -> Forest:
    """Load a forest."""
    columns, bounds, left, right, shares, roots = np.load(path, allow_pickle=False)
    return Forest(
        columns.astype(np.int64),
        bounds,
        left.astype(np.int64),
        right.astype(np.int64),
        shares,
        roots.nonzero()[0],
    )


def write_forest(forest: Forest, path: Path) -> None:
    """Write a forest as rows of single precision, which holds its node numbers exactly."""
    roots = np.zeros(len(forest.columns))
    roots[forest.roots] = 1
    rows: list[npt.NDArray[Any]] = [forest.columns, forest.bounds, forest.left, forest.right, forest.shares, roots]
    np.save(path, np.stack(rows).astype(np.float32))
