"""Train the block model on pages with their gold text: `python -m acca_crawler.extract.fit FOLDER [--check]`.

The folder contains `truth.jsonl` (one object per line with `id`, `url`, `text`, and for `--check` optionally `set` and
`without`, snippets of boilerplate) and `pages/ID.html.gz`. `--check` cross-validates with all pages of a site in one
fold and prints figures of the whole extraction on unseen sites, without writing anything. Needs scikit-learn (a
development dependency).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from acca_crawler.extract import metadata
from acca_crawler.extract.alignment import ALIGNED, aligned
from acca_crawler.extract.boilerplate import RULES, StripLog, strip_paragraphs
from acca_crawler.extract.document import parse
from acca_crawler.extract.generic import BlockReading, chosen, read_blocks
from acca_crawler.extract.model import DEPTH, WEIGHTS, BlockForest
from acca_crawler.extract.paragraphs import join
from acca_crawler.extract.scope import Scope

FOLDS = 4
TREES = 160
SHORTEST, TYPICAL = 30.0, 443.0  # weighted words of an article: a block of a shorter one counts for more
KEPT_BACKGROUND = 0.6  # share of background blocks used for training, weighted up to represent all

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TrainingPage:
    """A page prepared for training."""

    site: str
    kind: str
    title: str
    text: str
    boilerplate: tuple[str, ...]
    reading: BlockReading
    matrix: Matrix
    own: NDArray[np.float32]
    weight: NDArray[np.float32]


def read_pages(folder: Path) -> Iterator[TrainingPage]:
    """Read the pages of a folder, skipping those without text."""
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            with gzip.open(folder / "pages" / f"{row['id']}.html.gz", "rt", encoding="utf-8", errors="replace") as page:
                root = parse(page.read())
            body = root.find("body") if root is not None else None
            if root is None or body is None:
                continue
            head = metadata.read_head(root, row["url"])
            title = metadata.title(head, Scope(root), "")
            reading, matrix = read_blocks(body, head, title)
            layout = reading.layout
            blocks = layout.blocks
            if not blocks:
                continue
            layout.menus.clear()  # or every page's tree stays in memory
            for place in layout.places:
                place.element = None
            words = np.array([min(len(block.text.split()), 60) for block in blocks], dtype=np.float32) ** 0.7 + 0.3
            own = np.array([share >= ALIGNED for share in aligned(blocks, row["text"])], dtype=np.float32)
            length = max(SHORTEST, float(words[own > 0].sum()))
            yield TrainingPage(
                site=".".join((urlsplit(row["url"]).hostname or "").split(".")[-2:]),
                kind=row.get("set", "all"),
                title=title,
                text=row["text"],
                boilerplate=tuple(row.get("without", ())),
                reading=reading,
                matrix=matrix,
                own=own,
                weight=words / np.float32(max(20.0, len(blocks) ** 0.5) * (length / TYPICAL) ** 0.5),
            )


def train(pages: Sequence[TrainingPage]) -> Any:
    """Fit a gradient-boosted forest."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows, own = np.vstack([page.matrix for page in pages]), np.concatenate([page.own for page in pages])
    weight = np.concatenate([page.weight for page in pages])
    chosen = (own > 0) | (np.random.RandomState(1).rand(len(own)) < KEPT_BACKGROUND)
    weight = np.where(own > 0, weight, weight / KEPT_BACKGROUND)
    forest = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=24, max_depth=DEPTH, learning_rate=0.09, l2_regularization=4.0,
        min_samples_leaf=80, max_bins=64, max_features=0.4, early_stopping=False, random_state=0,
    )  # fmt: skip
    return forest.fit(rows[chosen], own[chosen], weight[chosen])


def unseen(pages: Sequence[TrainingPage]) -> list[NDArray[np.float32]]:
    """Predict each page's blocks with forests trained on other sites."""
    sites = sorted({page.site for page in pages})
    random.Random(0).shuffle(sites)
    fold = {site: number % FOLDS for number, site in enumerate(sites)}
    said: list[NDArray[np.float32]] = [np.zeros(0, dtype=np.float32)] * len(pages)
    for number in range(FOLDS):
        trained = as_forest(train([page for page in pages if fold[page.site] != number]))
        for at, page in enumerate(pages):
            if fold[page.site] == number:
                said[at] = trained.chance(page.matrix)
    return said


def as_forest(fitted: Any) -> BlockForest:
    """Convert what scikit-learn fitted to the form that the extractor uses."""
    found = arrays(fitted)
    return BlockForest(
        found["feature"].astype(np.intp), found["threshold"], found["value"].astype(np.float32), float(found["base"])
    )


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


@dataclass(frozen=True, slots=True)
class ReadingFigures:
    """How a set of pages was read: mean word F1, F1 of 4-word shingles, share of boilerplate snippets kept."""

    pages: int
    words: float
    shingles: float
    leak: float


def measure(pages: Sequence[TrainingPage], chances: Sequence[NDArray[np.float32]]) -> ReadingFigures:
    """Read the pages with the given probabilities of their blocks, and compare with the gold text."""
    words, precision, recall, leaks = [], [], [], []
    for page, chance in zip(pages, chances, strict=True):
        log = StripLog()
        text = join(
            strip_paragraphs(chosen(replace(page.reading, likely=chance.tolist()), page.title, log), RULES, log)
        )
        got, true = _words(text), _words(page.text)
        words.append(2 * (Counter(got) & Counter(true)).total() / max(1, len(got) + len(true)))
        said, meant = _shingles(got), _shingles(true)
        both = (said & meant).total()
        precision.append(both / said.total() if said else 0.0)
        recall.append(both / meant.total() if meant else 0.0)
        plain = " ".join(text.split()).casefold()
        leaks += [" ".join(piece.split()).casefold() in plain for piece in page.boilerplate]
    p, r = statistics.fmean(precision), statistics.fmean(recall)
    return ReadingFigures(
        len(pages), statistics.fmean(words), 2 * p * r / (p + r), statistics.fmean(leaks) if leaks else 0.0
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _shingles(words: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))) if words else Counter()


def main() -> None:
    """Train and write the weights, or only cross-validate with --check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="measure on pages of unseen sites, write nothing")
    given = parser.parse_args()
    pages = list(read_pages(given.folder))
    if given.check:
        said = unseen(pages)
        for kind in sorted({page.kind for page in pages}):
            numbers = [number for number, page in enumerate(pages) if page.kind == kind]
            got = measure([pages[number] for number in numbers], [said[number] for number in numbers])
            sys.stdout.write(
                f"{kind}: {got.pages} pages of unseen sites, word F1 {got.words:.4f}, shingle F1 {got.shingles:.4f}, "
                f"boilerplate kept {got.leak:.1%}\n"
            )
        return
    found = arrays(train(pages))
    np.savez_compressed(
        WEIGHTS, feature=found["feature"], threshold=found["threshold"], value=found["value"], base=found["base"]
    )
    sys.stdout.write(f"{WEIGHTS}: trained on {len(pages)} pages\n")


if __name__ == "__main__":
    main()
