"""Train the block model on pages with their gold text: `python -m acca_crawler.extract.fit FOLDER [--check]`.

The folder contains `truth.jsonl` (one object per line with `id`, `url`, `text`) and `pages/ID.html.gz`. `--check`
cross-validates with all pages of a site in one fold and prints the word F1 on unseen sites, without writing
anything. Needs scikit-learn (a development dependency).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from acca_crawler.extract import metadata
from acca_crawler.extract.alignment import ALIGNED, aligned
from acca_crawler.extract.document import parse
from acca_crawler.extract.features import features
from acca_crawler.extract.model import DEPTH, WEIGHTS
from acca_crawler.extract.segments import Block, read_blocks

FOLDS = 3
TREES = 130
KEPT_BACKGROUND = 0.35  # share of background blocks used for training, weighted up to represent all
THRESHOLD = 0.5

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Page:
    """A page prepared for training."""

    site: str
    text: str
    blocks: list[Block]
    matrix: Matrix
    own: NDArray[np.float32]
    weight: NDArray[np.float32]


def read_pages(folder: Path) -> Iterator[Page]:
    """Read the pages of a folder, skipping those without text."""
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            with gzip.open(folder / "pages" / f"{row['id']}.html.gz", "rt", encoding="utf-8", errors="replace") as page:
                root = parse(page.read())
            body = root.find("body") if root is not None else None
            blocks = read_blocks(body) if body is not None else []
            if root is None or not blocks:
                continue
            head = metadata.read_head(root, row["url"])
            title = metadata.title(head, root, "")
            words = np.array([min(len(block.text.split()), 60) for block in blocks], dtype=np.float32)
            yield Page(
                site=".".join((urlsplit(row["url"]).hostname or "").split(".")[-2:]),
                text=row["text"],
                blocks=blocks,
                matrix=features(blocks, title, metadata.description(head)),
                own=np.array([share >= ALIGNED for share in aligned(blocks, row["text"])], dtype=np.float32),
                weight=(words**0.7 + 0.3) / np.float32(max(20.0, len(blocks) ** 0.5)),
            )


def train(pages: Sequence[Page]) -> Any:
    """Fit a gradient-boosted forest."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows, own = np.vstack([page.matrix for page in pages]), np.concatenate([page.own for page in pages])
    weight = np.concatenate([page.weight for page in pages])
    chosen = (own > 0) | (np.random.RandomState(1).rand(len(own)) < KEPT_BACKGROUND)
    weight = np.where(own > 0, weight, weight / KEPT_BACKGROUND)
    forest = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=20, max_depth=DEPTH, learning_rate=0.12, l2_regularization=2.0,
        min_samples_leaf=60, max_bins=48, early_stopping=False, random_state=0,
    )  # fmt: skip
    return forest.fit(rows[chosen], own[chosen], weight[chosen])


def unseen(pages: Sequence[Page]) -> list[NDArray[np.float32]]:
    """Predict each page's blocks with forests trained on other sites."""
    sites = sorted({page.site for page in pages})
    random.Random(0).shuffle(sites)
    fold = {site: number % FOLDS for number, site in enumerate(sites)}
    said: list[NDArray[np.float32]] = [np.zeros(0, dtype=np.float32)] * len(pages)
    for number in range(FOLDS):
        others = [at for at, page in enumerate(pages) if fold[page.site] != number]
        forest = train([pages[at] for at in others])
        for at, page in enumerate(pages):
            if fold[page.site] == number:
                said[at] = forest.predict_proba(page.matrix)[:, 1].astype(np.float32)
    return said


def arrays(forest: Any) -> dict[str, NDArray[Any]]:
    """Convert a forest to complete trees; a leaf above the last level is repeated below it."""
    nodes, trees = 2**DEPTH - 1, len(forest._predictors)
    feature = np.zeros((trees, nodes), dtype=np.int16)
    threshold = np.full((trees, nodes), np.inf, dtype=np.float32)
    value = np.zeros((trees, nodes + 1), dtype=np.float32)
    for number, (predictor,) in enumerate(forest._predictors):
        pending = [(0, 0)]
        while pending:
            at, place = pending.pop()
            node = predictor.nodes[at]
            if place >= nodes:
                value[number, place - nodes] = node["value"]
            elif node["is_leaf"]:
                pending += [(at, 2 * place + 1), (at, 2 * place + 2)]
            else:
                feature[number, place] = node["feature_idx"]
                threshold[number, place] = node["num_threshold"]
                pending += [(node["left"], 2 * place + 1), (node["right"], 2 * place + 2)]
    base = np.array(float(np.ravel(forest._baseline_prediction)[0]))
    return {"feature": feature, "threshold": threshold, "value": value, "base": base}


def word_f1(pages: Sequence[Page], chances: Sequence[NDArray[np.float32]]) -> float:
    """Mean word F1 of the blocks with a probability above one half against the gold text."""
    total = 0.0
    for page, chance in zip(pages, chances, strict=True):
        read = (block.text for block, one in zip(page.blocks, chance, strict=True) if one >= THRESHOLD)
        got, true = Counter(" ".join(read).lower().split()), Counter(page.text.lower().split())
        total += 2 * (got & true).total() / max(1, got.total() + true.total())
    return total / len(pages)


def main() -> None:
    """Train and write the weights, or only cross-validate with --check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="measure on pages of unseen sites, write nothing")
    given = parser.parse_args()
    pages = list(read_pages(given.folder))
    if given.check:
        sys.stdout.write(f"{len(pages)} pages, word F1 on unseen sites {word_f1(pages, unseen(pages)):.4f}\n")
        return
    found = arrays(train(pages))
    np.savez_compressed(
        WEIGHTS, feature=found["feature"], threshold=found["threshold"], value=found["value"], base=found["base"]
    )
    sys.stdout.write(f"{WEIGHTS}: trained on {len(pages)} pages\n")


if __name__ == "__main__":
    main()
