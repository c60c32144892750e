"""Which blocks of a page are its article's, by the article's true text: the labels that the model is trained on."""

from __future__ import annotations

import re
from collections import Counter

from acca_crawler.extract.segments import Block

SHORT = 6  # words: such a line may come anywhere in the text, so its neighbours decide with it
REACH = 3  # blocks to either side that vouch for a short line
ALIGNED = 0.5

_WORD = re.compile(r"\w+")


def aligned(blocks: list[Block], truth: str) -> list[float]:
    """For each block the share of its words that the true text holds in the same order, 0 to 1.

    A text that the page has twice counts as often as the truth has it, the first time first.
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
    """Whether the next longer block in one direction, a few blocks away at most, is the article's."""
    for at in range(number + step, number + (REACH + 1) * step, step):
        if 0 <= at < len(shares) and len(spoken[at]) >= SHORT:
            return shares[at] > ALIGNED
    return False
