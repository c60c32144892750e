"""Label a page's blocks by the article's gold text, as training data for the block model."""

from __future__ import annotations

import re
from collections import Counter

from acca_crawler.extract.segments import Block

SHORT = 6  # words: a line this short may occur anywhere in the text, so its neighbours count too
REACH = 3  # blocks on either side that can confirm a short line
ALIGNED = 0.5

_WORD = re.compile(r"\w+")


def aligned(blocks: list[Block], truth: str) -> list[float]:
    """Return for each block the share (0 to 1) of its words that the gold text contains in the same order.

    Repeated text on the page counts as often as it occurs in the gold text, first occurrences first.
    """
    true_words = _WORD.findall(truth.lower())
    runs = {n: Counter(tuple(true_words[at : at + n]) for at in range(len(true_words) - n + 1)) for n in range(1, 5)}
    lines = {" ".join(_WORD.findall(line.lower())) for line in truth.split("\n")}
    spoken = [_WORD.findall(block.text.lower()) for block in blocks]
    used: Counter[tuple[str, ...]] = Counter()
    shares = [0.0] * len(blocks)
    for number, said in enumerate(spoken):
        if said:
            size = min(4, len(said))
            pieces = [tuple(said[at : at + size]) for at in range(len(said) - size + 1)]
            shares[number] = sum(runs[size][piece] > used[piece] for piece in pieces) / len(pieces)
            if len(said) >= SHORT and shares[number] >= ALIGNED:
                used.update(pieces)
    for number, said in enumerate(spoken):
        if said and len(said) < SHORT:
            line = " ".join(said)
            before, after = _vouching(shares, spoken, number, -1), _vouching(shares, spoken, number, 1)
            whole = line in lines and (before or after or len(line) > 10)
            shares[number] = float(shares[number] == 1 and (whole or (before and after)))
    return shares


def _vouching(shares: list[float], spoken: list[list[str]], number: int, step: int) -> bool:
    """Whether the nearest longer block in one direction, at most a few blocks away, belongs to the article."""
    for at in range(number + step, number + (REACH + 1) * step, step):
        if 0 <= at < len(shares) and len(spoken[at]) >= SHORT:
            return shares[at] > ALIGNED
    return False
