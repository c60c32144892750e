"""Features of a page's blocks for the model, one row per block."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acca_crawler.extract.class_names import MARKS
from acca_crawler.extract.density import Dense
from acca_crawler.extract.hints import KINDS, hint_bits
from acca_crawler.extract.segments import Block, Layout, Place

FRAGMENT_COST = 10  # characters of prose that a line without prose cancels out
GROWTH = 1.03  # factor by which an element must outscore one inside it
SHOWN = 60  # characters at a block's start whose kind is counted
WORDS_WITHIN = 160  # characters of a block whose words are compared with the headline and the summary

Matrix = NDArray[np.float32]
Column = NDArray[Any]

_WORD = re.compile(r"\w+")
# A time of day or a year. It begins with a digit, so that `re` looks at nothing else.
_CLOCK = re.compile(r"\d(?:\d?[:.]\d{2}|(?:(?<=\b1)9|(?<=\b2)0)\d{2}\b)")
_TAGS = (
    "p", "li", "div", "h1", "h2", "h3", "h4", "h5", "tr", "td", "blockquote", "figcaption", "section", "article", "pre",
    "dd",
)  # fmt: skip
_TAG_NUMBER = {tag: number for number, tag in enumerate(_TAGS)}
_BITS = (1 << np.arange(MARKS))[:, None]
_HINT_BITS = (1 << np.arange(len(KINDS)))[:, None]
_GIVEN = attrgetter(
    "linked", "links", "bold", "small", "depth", "container", "outer", "place", "region", "marks", "own"
)
_UPPER = np.array([chr(code).isupper() for code in range(0x600)])
_DIGIT = np.array([chr(code).isdigit() for code in range(0x600)])
_CLOSING = '"”»’)]'
_ENDS = frozenset(".!?…。？！")
_QUOTES = frozenset('"“„«–—-')


def _shift(column: Column, by: int) -> Column:
    """Shift the column along the page: positive values look at earlier blocks, negative at later ones."""
    out = np.zeros_like(column)
    if by > 0:
        out[by:] = column[:-by]
    else:
        out[:by] = column[-by:]
    return out


def _window(columns: Column, reach: int) -> Column:
    """Return the means of the columns (one per row here) over `reach` blocks on either side."""
    count = columns.shape[1]
    total = np.zeros((len(columns), count + 1))
    np.cumsum(columns, axis=1, out=total[:, 1:])
    at = np.arange(count)
    low, high = np.maximum(at - reach, 0), np.minimum(at + reach + 1, count)
    mean: Column = (total[:, high] - total[:, low]) / (high - low)
    return mean


def features(layout: Layout, dense: Dense, title: str, summary: str, apart: Sequence[Collection[int]]) -> Matrix:
    """Return one row per block in document order.

    `title` is the headline, `summary` the page's own description; `apart` are sets of blocks that may be other texts':
    cards and comments.
    """
    blocks = layout.blocks
    n = len(blocks)
    texts = [block.text for block in blocks]
    raw = _raw(blocks, texts, title, summary)
    length, words = raw[0], raw[1]
    linked = np.minimum(raw[2], length)
    share = linked / length
    depth, ends = raw[6], raw[9]
    tag, container, outer, kind, place, region, marks, own, hints = raw[20:].astype(np.int64)
    prose = np.where((length > 80) | ((length > 25) & (ends > 0)), length - linked, 0)
    total = max(prose.sum(), 1.0)
    at = np.arange(n)
    long = np.log1p(length)
    upper, digits = _letters(texts)
    columns: list[Any] = [
        long, np.log1p(words), share, np.log1p(raw[3]), raw[4] / length, raw[5] / length, depth, tag, *raw[7:20], upper,
        digits, length / words, (at + 0.5) / n, np.cumsum(prose) / total, np.log1p(total), prose / total,
    ]  # fmt: skip
    # Where the headline was last seen: h1, or a block that repeats the title.
    head = ((tag == 3) | (raw[11] * raw[12] > 0.6)).astype(np.float64)
    first = int(np.argmax(head)) if head.any() else -1
    columns += [at - first, np.cumsum(head) / max(head.sum(), 1)]
    for keys in (container, outer, kind):
        size, inside, joined, text = (
            np.bincount(keys, weights=values)[keys] for values in (None, prose, linked, length)
        )
        columns += [np.log1p(size), np.log1p(inside), inside / total, joined / text, inside / text]
    # The best container, and this block's position relative to it.
    inside = np.bincount(container, weights=prose)[container]
    most = int(np.argmax(inside))
    best, around = container[most], outer[most]
    rest = np.flatnonzero(container == best)
    start, end = int(rest[0]), int(rest[-1])
    columns += [
        container == best, outer == around, outer == best, container == around,
        np.clip((at - start) / max(1, end - start), -3, 4), np.clip(at - start, -30, 30), np.clip(at - end, -30, 30),
        np.abs(depth - depth[start]),
    ]  # fmt: skip
    columns += _places(layout.places, place, region, linked, prose)
    columns += _seconded(layout, dense, place, at)
    for by in (1, 2, 3, -1, -2, -3):
        columns += [_shift(long, by), _shift(share, by)]
    heading = (tag >= 3) & (tag <= 7)
    for by in (1, -1):
        columns += [
            _shift(ends, by), _shift(heading, by), _shift(raw[16], by), _same(container, by), _same(kind, by),
        ]  # fmt: skip
    columns += _sections(tag, hints, long, share, at)
    columns += list((hints & _HINT_BITS[1:]) > 0)
    for numbers in apart:
        inside = np.zeros(n, dtype=bool)
        inside[list(numbers)] = True
        columns.append(inside)
    near = np.array((prose, share, np.minimum(length, 300)))
    columns += [*_window(near, 3), *_window(near, 8)]
    matrix = np.empty((len(columns) + 2 * MARKS, n), dtype=np.float32)
    for number, column in enumerate(columns):
        matrix[number] = column
    matrix[-2 * MARKS : -MARKS] = (marks & _BITS) > 0
    matrix[-MARKS:] = (own & _BITS) > 0
    return matrix.T


def _sections(tag: Column, hints: Column, long: Column, share: Column, at: Column) -> list[Any]:
    """The heading above each block: how far, of which level, how long, whether a link, and what its words hint at."""
    heading = (tag >= _TAG_NUMBER["h1"]) & (tag <= _TAG_NUMBER["h5"])
    last = np.maximum.accumulate(np.where(heading, at, -1))
    known = last >= 0
    above = np.maximum(last, 0)
    return [
        np.where(known, at - above, 99), np.where(known, tag[above], 0), np.where(known, long[above], 0),
        known & (share[above] > 0.9), *(known & ((hints[above] & _HINT_BITS) > 0)),
    ]  # fmt: skip


def _raw(blocks: list[Block], texts: list[str], title: str, summary: str) -> Column:
    """Return what is read from each block by itself, one column per block."""
    title_words, summary_words = (frozenset(_WORD.findall(words.lower())) for words in (title, summary))
    given = np.fromiter(chain.from_iterable(map(_GIVEN, blocks)), dtype=np.float64).reshape(len(blocks), -1).T
    letters = np.array([len(text) for text in texts], dtype=np.float64)
    # Links alone are mostly menus, and half of a page's blocks: their words are not looked at.
    spoken = np.flatnonzero(given[0] < letters)
    words = np.zeros((4, len(texts)))
    words[0] = 1
    said = (_words(texts[number], title_words, summary_words) for number in spoken.tolist())
    words[:, spoken] = np.fromiter(chain.from_iterable(said), dtype=np.float64).reshape(-1, 4).T
    distinct, in_title, in_summary, hints = words
    blanks = np.array([text.count(" ") for text in texts])
    marks = np.array([text.count(".") + text.count(",") for text in texts])
    repeats = Counter(texts)
    kinds: dict[str, int] = {}
    columns: tuple[Any, ...] = (
        letters, blanks + 1, *given[:5], [repeats[text] for text in texts], marks / letters,
        [(end := text[-1]) in _ENDS or (end in _CLOSING and text.rstrip(_CLOSING)[-1:] in _ENDS) for text in texts],
        [text[-1] in "…:?" for text in texts],
        in_title / (len(title_words) or 1), in_title / distinct, in_summary / (len(summary_words) or 1),
        in_summary / distinct, [len(text) < 160 and _CLOCK.search(text[:80]) is not None for text in texts],
        (letters < 200) & (hints.astype(np.int64) & 1 > 0), [text[0].islower() for text in texts],
        [text[-1] == "?" for text in texts], [text[0] in _QUOTES for text in texts],
        [_TAG_NUMBER.get(block.tag, -1) for block in blocks], *given[5:7],
        [kinds.setdefault(block.kind, len(kinds)) for block in blocks], *given[7:], hints,
    )  # fmt: skip
    raw = np.empty((len(columns), len(blocks)))
    for number, column in enumerate(columns):
        raw[number] = column
    return raw


def _words(text: str, title_words: frozenset[str], summary_words: frozenset[str]) -> tuple[int, int, int, int]:
    """Return how many words a block begins with, how many are the title's and the summary's, and what they hint at."""
    parts = set(_WORD.findall(text[:WORDS_WITHIN].lower()))
    return len(parts) or 1, len(parts & title_words), len(parts & summary_words), hint_bits(parts)


def _letters(texts: list[str]) -> tuple[Column, Column]:
    """Return the shares of capitals and of digits at each block's start."""
    codes = np.array([text[:SHOWN] for text in texts], dtype=f"U{SHOWN}").view(np.uint32).reshape(len(texts), SHOWN)
    codes = np.where(codes < len(_UPPER), codes, 0)
    size = np.maximum((codes > 0).sum(axis=1), 1)
    return _UPPER[codes].sum(axis=1) / size, _DIGIT[codes].sum(axis=1) / size


def _same(keys: Column, by: int) -> Column:
    """Whether a block has the same key as the one before (1) or after (-1) it."""
    same = keys[1:] == keys[:-1]
    return np.concatenate((np.zeros(1, dtype=bool), same) if by > 0 else (same, np.zeros(1, dtype=bool)))


def _seconded(layout: Layout, dense: Dense, place: Column, at: Column) -> list[Any]:
    """What the density reading says of each block."""
    chosen = np.zeros(len(at), dtype=bool)
    chosen[list(dense.blocks)] = True
    element = dense.element
    end = layout.places[element].last
    reason = np.array([2 if rule == "boilerplate" else 1 if rule else 0 for rule in dense.dropped])[place]
    numbers = np.flatnonzero(chosen)
    start, stop = (int(numbers[0]), int(numbers[-1])) if len(numbers) else (0, -1)
    return [
        chosen, (place >= element) & (place <= end), reason == 1, reason == 2, (at >= start) & (at <= stop),
        np.clip(at - stop, -30, 30), chosen.mean(),
    ]  # fmt: skip


def _places(places: list[Place], place: Column, region: Column, linked: Column, prose: Column) -> list[Any]:
    """Position of each block relative to the best-scoring element: prose scores, links and fragments cost."""
    count = len(places)
    parent = np.array([one.parent for one in places])
    last = np.array([one.last for one in places]) + 1
    depth = np.array([one.depth for one in places])
    worth = np.where(prose > 0, prose - linked, -FRAGMENT_COST - linked)
    held, spoken = (_inside(np.bincount(place, weights=values, minlength=count), last) for values in (worth, prose))
    best = 0
    scores = held.tolist()
    for number in np.flatnonzero(held > 0)[::-1].tolist():  # inner before outer
        if best == 0 or scores[number] > GROWTH * scores[best]:
            best = number
    path = [best]
    while path[-1]:
        path.append(int(parent[path[-1]]))
    path.reverse()
    shared = np.zeros(len(place), dtype=np.int64)
    for number in path:
        shared += (place >= number) & (place < last[number])
    whole = max(1.0, float(spoken[0]))
    of_region = spoken[region]
    numbered = np.cumsum(np.bincount(region) > 0)[region]
    return [
        shared == len(path), len(path) - shared, depth[place] + 1 - shared, spoken[np.array(path)][shared - 1] / whole,
        of_region / whole, of_region >= of_region.max(), numbered, held[place] / whole,
        held[best] / whole,
    ]  # fmt: skip


def _inside(own: Column, last: Column) -> Column:
    """Return for each element the sum over it and all elements inside it."""
    below = np.concatenate((np.zeros(1), np.cumsum(own)))
    sums: Column = below[last] - below[:-1]
    return sums
