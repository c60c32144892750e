"""Features of a page's blocks for the model, one row per block."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acca_crawler.extract.segments import MARKS, Block

FRAGMENT_COST = 10  # characters of prose that a line without prose cancels out
GROWTH = 1.03  # factor by which an element must outscore one inside it

Matrix = NDArray[np.float32]
Column = NDArray[Any]

_WORD = re.compile(r"\w+")
_END = re.compile(r"[.!?…。？！][\"”»’)\]]*$")
_STOP = re.compile(r"[.!?…。？！,،、，]")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}|\b(?:19|20)\d{2}\b")
_TAGS = (
    "p",
    "li",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "tr",
    "td",
    "blockquote",
    "figcaption",
    "section",
    "article",
    "pre",
    "dd",
)
_TAG_NUMBER = {tag: number for number, tag in enumerate(_TAGS)}
_BITS = 1 << np.arange(MARKS)
_PHRASES = re.compile(
    r"\b(?:read (?:more|also|next)|see also|related|subscribe|sign up|newsletter|follow us|share|advertisement|"
    r"cookies?|copyright|all rights reserved|©|comments?|log ?in|click here|photo|image|credit|source|by|published|"
    r"updated|читайте|подпи\w+|поделиться|реклама|фото|источник|автор|комментар\w+|подробнее|тема|ранее|оқыңыз|окуңуз|o.qing|"
    r"ўқинг|хонед|okaň|lesen|mehr|newsletter|foto|bild|abonn\w+|anzeige|teilen|lire|aussi|leer|leggi)\b",
    re.IGNORECASE,
)


def _shift(column: Column, by: int) -> Column:
    """Shift the column along the page: positive values look at earlier blocks, negative at later ones."""
    out = np.zeros_like(column)
    if by > 0:
        out[by:] = column[:-by]
    else:
        out[:by] = column[-by:]
    return out


def _sums(keys: Column, values: Column) -> Column:
    """Return for each row the sum of the values of all rows with the same key."""
    sums: Column = np.bincount(keys, weights=values)[keys].astype(np.float32)
    return sums


def _window(column: Column, reach: int) -> Column:
    """Return the mean over `reach` blocks on either side."""
    total = np.concatenate((np.zeros(1), np.cumsum(column, dtype=np.float64)))
    at = np.arange(len(column))
    low, high = np.maximum(at - reach, 0), np.minimum(at + reach + 1, len(column))
    mean: Column = ((total[high] - total[low]) / (high - low)).astype(np.float32)
    return mean


def features(blocks: list[Block], title: str, summary: str) -> Matrix:
    """Return one row per block in document order. `title` is the headline, `summary` the page's own description."""
    title_words = frozenset(_WORD.findall(title.lower()))
    summary_words = frozenset(_WORD.findall(summary.lower()))
    lowered = [block.text.lower() for block in blocks]
    repeats = Counter(lowered)
    rows = []
    kinds: dict[str, int] = {}
    for block, low in zip(blocks, lowered, strict=True):
        text = block.text
        letters = len(text)
        parts = _WORD.findall(low[:2000])
        distinct = set(parts)
        count = len(parts) or 1
        rows.append(
            (
                letters, len(parts), block.linked, block.links, block.bold, block.small, block.depth,
                _TAG_NUMBER.get(block.tag, -1), block.marks, block.own, block.container, block.outer,
                kinds.setdefault(block.kind, len(kinds)),
                repeats[low],
                bool(_END.search(text[-8:])), len(_STOP.findall(text[:2000])) / (letters or 1),
                len(distinct & title_words) / (len(title_words) or 1), len(distinct & title_words) / count,
                len(distinct & summary_words) / (len(summary_words) or 1), len(distinct & summary_words) / count,
                sum(map(str.isupper, text[:60])) / min(letters, 60),
                sum(map(str.isdigit, text[:60])) / min(letters, 60),
                bool(_CLOCK.search(text[:80])), bool(_PHRASES.search(text[:60])),
                text[0].islower(), text.endswith(":"), text.endswith(("…", "...")), text.endswith("?"),
                letters / count, text[0] in "\"“„«–—-",
            )
        )  # fmt: skip
    raw = np.array(rows, dtype=np.float64)
    n = len(rows)
    length = raw[:, 0].astype(np.float32)
    wordy = raw[:, 1].astype(np.float32)
    linked = np.minimum(raw[:, 2], raw[:, 0]).astype(np.float32)
    share = linked / np.maximum(length, 1)
    marks = ((raw[:, 8].astype(np.int64)[:, None] & _BITS) > 0).astype(np.float32)
    own = ((raw[:, 9].astype(np.int64)[:, None] & _BITS) > 0).astype(np.float32)
    container, outer, kind = (raw[:, column].astype(np.int64) for column in (10, 11, 12))
    tag = raw[:, 7].astype(np.int64)
    ends = raw[:, 14].astype(np.float32)
    prose = np.where((length > 80) | ((length > 25) & (ends > 0)), length - linked, 0).astype(np.float32)
    one = np.ones(n, dtype=np.float32)
    total = np.maximum(prose.sum(), 1)
    below = np.cumsum(prose)
    columns: list[Column] = [
        np.log1p(length), np.log1p(wordy), share, np.log1p(raw[:, 3]), raw[:, 4] / np.maximum(length, 1),
        raw[:, 5] / np.maximum(length, 1), raw[:, 6], tag, *(raw[:, column] for column in range(13, 30)),
        (np.arange(n) + 0.5) / n, below / total, np.full(n, np.log1p(total)), prose / total,
    ]  # fmt: skip
    # Where the headline was last seen: h1, or a block that repeats the title.
    head = ((tag == 3) | (raw[:, 17] * raw[:, 16] > 0.6)).astype(np.float32)
    first = int(np.argmax(head)) if head.any() else -1
    columns += [np.arange(n, dtype=np.float32) - first, np.cumsum(head) / np.maximum(head.sum(), 1)]
    for keys in (container, outer, kind):
        size, inside, joined = _sums(keys, one), _sums(keys, prose), _sums(keys, linked)
        all_text = np.maximum(_sums(keys, length), 1)
        columns += [np.log1p(size), np.log1p(inside), inside / total, joined / all_text, inside / all_text]
    # The best container, and this block's position relative to it.
    inside = _sums(container, prose)
    best = container[int(np.argmax(inside))]
    around = outer[int(np.argmax(inside))]
    rest = np.where(container == best)[0]
    start, end = int(rest[0]), int(rest[-1])
    at = np.arange(n)
    columns += [
        container == best, outer == around, outer == best, container == around,
        np.clip((at - start) / max(1, end - start), -3, 4), (at >= start) & (at <= end),
        np.clip(at - start, -30, 30), np.clip(at - end, -30, 30),
        np.abs(raw[:, 6] - raw[start, 6]),
    ]  # fmt: skip
    columns += _places(blocks, linked, prose)
    long = np.log1p(length)
    heading = ((tag >= 3) & (tag <= 7)).astype(np.float32)
    for by in (1, 2, 3, -1, -2, -3):
        columns += [_shift(long, by), _shift(share, by)]
    for by in (1, -1):
        columns += [
            _shift(ends, by), _shift(heading, by), _shift(raw[:, 23].astype(np.float32), by),
            np.concatenate((np.zeros(by), container[by:] == container[:-by])) if by > 0
            else np.concatenate((container[:by] == container[-by:], np.zeros(-by))),
            np.concatenate((np.zeros(by), kind[by:] == kind[:-by])) if by > 0
            else np.concatenate((kind[:by] == kind[-by:], np.zeros(-by))),
        ]  # fmt: skip
    for reach in (3, 8):
        columns += [_window(prose, reach), _window(share, reach), _window(np.minimum(length, 300), reach)]
    columns += [*marks.T, *own.T]
    return np.column_stack(columns).astype(np.float32)


def _places(blocks: list[Block], linked: Column, prose: Column) -> list[Column]:
    """Position of each block relative to the best-scoring element: prose scores, links and fragments cost."""
    worth = np.where(prose > 0, prose - linked, -FRAGMENT_COST - linked).tolist()
    held: dict[int, float] = {}
    spoken: dict[int, float] = {}
    for block, value, text in zip(blocks, worth, prose.tolist(), strict=True):
        for number in block.path:
            held[number] = held.get(number, 0.0) + value
            spoken[number] = spoken.get(number, 0.0) + text
    best = 0
    for number in sorted(held, reverse=True):  # inner before outer
        if best not in held or held[number] > GROWTH * held[best] or best == 0:
            best = number
    path = next((block.path for block in blocks if best in block.path), (0,))
    path = path[: path.index(best) + 1] if best in path else (0,)
    whole = max(1.0, spoken.get(0, 1.0))
    near: dict[tuple[int, ...], int] = {}
    rows = []
    regions: dict[int, int] = {}
    most = max((spoken.get(block.region, 0.0) for block in blocks), default=0.0)
    for block in blocks:
        shared = near.get(block.path, -1)
        if shared < 0:
            shared = next(
                (at for at, (a, b) in enumerate(zip(block.path, path, strict=False)) if a != b),
                min(len(block.path), len(path)),
            )
            near[block.path] = shared
        region = spoken.get(block.region, 0.0)
        rows.append(
            (
                shared == len(path), len(path) - shared, len(block.path) - shared,
                spoken.get(path[shared - 1], 0.0) / whole, region / whole, region >= most,
                regions.setdefault(block.region, len(regions)), held.get(block.path[-1], 0.0) / whole,
                held.get(best, 0.0) / whole,
            )
        )  # fmt: skip
    return list(np.array(rows, dtype=np.float32).T)
