"""Features of a page's blocks for the model, one row per block."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from acca_crawler.extract.class_names import MARKS
from acca_crawler.extract.density import Dense
from acca_crawler.extract.hints import KINDS, hint_bits
from acca_crawler.extract.segments import Block, Layout, Place, PlaceColumns

FRAGMENT_COST = 10  # characters of prose that a line without prose cancels out
GROWTH = 1.03  # factor by which an element must outscore one inside it
MAX_PICTURES = 4  # before a block that are counted
SHOWN = 60  # characters at a block's start whose kind is counted
REACH = 3  # blocks before and after each that are looked at
WORDS_WITHIN = 160  # characters of a block whose words are compared with the headline and the summary

Matrix = NDArray[np.float32]
Column = NDArray[Any]

_WORD = re.compile(r"\w+")
_TAGS = (
    "p", "li", "div", "h1", "h2", "h3", "h4", "h5", "tr", "td", "blockquote", "figcaption", "section", "article", "pre",
    "dd",
)  # fmt: skip
_TAG_NUMBER = {tag: number for number, tag in enumerate(_TAGS)}
_BITS = (1 << np.arange(MARKS))[:, None]
_OF_BLOCK = tuple(1 << KINDS.index(kind) for kind in ("prices", "legal"))  # what its own words may hint at
_ABOVE = tuple(1 << KINDS.index(kind) for kind in ("around", "prices"))  # what words of a heading above may hint at
_GIVEN = attrgetter(
    "linked", "links", "bold", "small", "depth", "container", "outer", "place", "region", "marks", "own", "pictures",
    "stories", "outward",
)  # fmt: skip
_UPPER = np.array([chr(code).isupper() for code in range(0x600)])
_REASONS = {"": 0, "boilerplate": 2}  # any other rule is 1
_CLOSING = '"”»’)]'
_ENDS = frozenset(".!?…。？！")


class Declared(NamedTuple):
    """What a page says of itself: its headline, its description and its kind.

    `kind` is 2 for a news article by its JSON-LD, 1 for another article by that or by its `og:type`, else 0.
    """

    title: str = ""
    summary: str = ""
    kind: int = 0


def features(layout: Layout, columns: PlaceColumns, dense: Dense, declared: Declared) -> Matrix:
    """Return one row per block in document order. What no tree of the model asks for is not computed."""
    blocks = layout.blocks
    n = len(blocks)
    texts = [block.text for block in blocks]
    raw = _raw(blocks, texts, declared.title, declared.summary)
    length, words, linked, links, bold, small, depth, repeats, punctuation, ends = raw[:10]
    tag, container, outer, kind, place, region, marks, own = raw[15:23].astype(np.int64)
    pictures, stories, outward, hints = raw[23:].astype(np.int64)
    linked = np.minimum(linked, length)
    share = linked / length
    prose = np.where((length > 80) | ((length > 25) & (ends > 0)), length - linked, 0)
    total = max(prose.sum(), 1.0)
    at = np.arange(n)
    long = np.log1p(length)
    # Where the headline was last seen: h1, or a block that repeats the title.
    head = (tag == _TAG_NUMBER["h1"]) | (raw[10] * raw[11] > 0.6)
    found: list[Any] = [
        long, np.log1p(words), share, np.log1p(links), bold / length, small / length, depth, tag, repeats, punctuation,
        ends, *raw[10:15], _capitals(texts), length / words, (at + 0.5) / n, np.cumsum(prose) / total, np.log1p(total),
        prose / total, at - (int(np.argmax(head)) if head.any() else -1),
        np.cumsum(head) / max(np.count_nonzero(head), 1),
    ]  # fmt: skip
    before = pictures.copy()
    before[1:] -= pictures[:-1]
    before = np.minimum(before, MAX_PICTURES)
    one = np.ones(n)
    of_each = np.array((one, prose, linked, length, before, stories, links))
    of_container, of_outer = _shared(container, of_each), _shared(outer, of_each[:4])
    of_kind = _shared(kind, of_each[:6])
    for size, inside, joined, text, *_ in (of_container, of_outer, of_kind):
        found += [np.log1p(size), np.log1p(inside), inside / total, joined / text, inside / text]
    # The best container, and this block's position relative to it.
    most = int(np.argmax(of_container[1]))
    best = container[most]
    rest = np.flatnonzero(container == best)
    start, end = int(rest[0]), int(rest[-1])
    found += [
        outer == outer[most], outer == best, _between(-3, (at - start) / max(1, end - start), 4),
        _between(-30, at - start, 30), _between(-30, at - end, 30), np.abs(depth - depth[start]),
    ]  # fmt: skip
    found += _places(layout.places, columns.last + 1, depth, place, region, linked, prose)
    found += _seconded(columns, dense, place, at)
    found += _beside(long, share, raw[14], ends, container, kind)
    found += _sections(tag, hints, long, share, at)
    found += [(hints & bit) > 0 for bit in _OF_BLOCK]
    found += [
        outward / np.maximum(links, 1), of_container[6], of_container[5] / np.maximum(of_container[6], 1),
        of_container[4] / of_container[0], of_kind[4] / of_kind[0], of_kind[5] / of_kind[0], one * declared.kind,
        *_windows(np.array((prose, share, np.minimum(length, 300), before, stories)), (3, 8)),
    ]  # fmt: skip
    matrix = np.empty((len(found) + 2 * MARKS, n), dtype=np.float32)
    for number, column in enumerate(found):
        matrix[number] = column
    matrix[-2 * MARKS : -MARKS] = (marks & _BITS) > 0
    matrix[-MARKS:] = (own & _BITS) > 0
    return matrix.T


def _between(low: int, column: Column, high: int) -> Column:
    """Return the column within bounds, as `numpy.clip` does in twice the time."""
    bounded: Column = np.minimum(np.maximum(column, low), high)
    return bounded


def _shared(keys: Column, columns: Column) -> Column:
    """Return the sums of the columns (one per row here) over all blocks with the same key."""
    count = int(keys.max()) + 1
    places = np.arange(len(columns))[:, None] * count + keys
    return np.bincount(places.ravel(), weights=columns.ravel())[places]


def _windows(columns: Column, reaches: tuple[int, ...]) -> list[Column]:
    """Return the means of the columns (one per row here) over as many blocks on either side as each reach says."""
    count = columns.shape[1]
    total = np.zeros((len(columns), count + 1))
    np.cumsum(columns, axis=1, out=total[:, 1:])
    at = np.arange(count)
    means: list[Column] = []
    for reach in reaches:
        low, high = np.maximum(at - reach, 0), np.minimum(at + reach + 1, count)
        means += [*((total[:, high] - total[:, low]) / (high - low))]
    return means


def _beside(long: Column, share: Column, around: Column, ends: Column, container: Column, kind: Column) -> list[Any]:
    """The blocks before and after each: how long, how much of them is linked, and whether of the same kind."""
    count = len(long)
    padded = np.zeros((4, count + 2 * REACH))
    padded[:, REACH:-REACH] = long, share, around, ends
    by_step = [padded[:, REACH - step : REACH - step + count] for step in (1, -1, 2, -2, 3, -3)]
    same = np.zeros((2, count + 1), dtype=bool)
    np.equal(container[1:], container[:-1], out=same[0, 1:-1])
    np.equal(kind[1:], kind[:-1], out=same[1, 1:-1])
    before, after, *further = by_step
    return [
        *before[:3], *after[:2], after[3], *(one[0] for one in further), same[0, :-1], same[1, :-1], same[1, 1:],
    ]  # fmt: skip


def _sections(tag: Column, hints: Column, long: Column, share: Column, at: Column) -> list[Any]:
    """The heading above each block: how far, of which level, how long, whether a link, and what its words hint at."""
    heading = (tag >= _TAG_NUMBER["h1"]) & (tag <= _TAG_NUMBER["h5"])
    last = np.maximum.accumulate(np.where(heading, at, -1))
    known = last >= 0
    above = np.maximum(last, 0)
    said = np.where(known, hints[above], 0)
    return [
        np.where(known, at - above, 99), np.where(known, tag[above], 0), np.where(known, long[above], 0),
        known & (share[above] > 0.9), *((said & bit) > 0 for bit in _ABOVE),
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
    words[:, spoken] = _words([texts[number] for number in spoken.tolist()], title_words, summary_words)
    distinct, in_title, in_summary, hints = words
    repeats = Counter(texts)
    kinds: dict[str, int] = {}
    counted = [
        (
            text.count(" ") + 1, text.count(".") + text.count(","), repeats[text], _TAG_NUMBER.get(block.tag, -1),
            kinds.setdefault(block.kind, len(kinds)),
            (end := text[-1]) in _ENDS or (end in _CLOSING and text.rstrip(_CLOSING)[-1:] in _ENDS),
        )
        for block, text in zip(blocks, texts, strict=True)
    ]  # fmt: skip
    spaces, marks, same, tags, kind, ends = np.fromiter(chain.from_iterable(counted), dtype=np.float64).reshape(-1, 6).T
    raw = np.empty((27, len(blocks)))
    raw[0] = letters
    raw[1] = spaces
    raw[2:7] = given[:5]
    raw[7:14] = (
        same, marks / letters, ends, in_title / (len(title_words) or 1), in_title / distinct,
        in_summary / (len(summary_words) or 1), in_summary / distinct,
    )  # fmt: skip
    raw[14] = (letters < 200) & (hints.astype(np.int64) & 1 > 0)
    raw[15] = tags
    raw[16:18] = given[5:7]
    raw[18] = kind
    raw[19:26] = given[7:]
    raw[26] = hints
    return raw


def _words(texts: list[str], title_words: frozenset[str], summary_words: frozenset[str]) -> Column:
    """Return how many words each block begins with, how many are the title's and the summary's, what they hint at."""
    counted: list[int] = []
    for text in texts:
        words = set(_WORD.findall(text[:WORDS_WITHIN].lower()))
        counted += (len(words) or 1, len(words & title_words), len(words & summary_words), hint_bits(words))
    return np.array(counted, dtype=np.float64).reshape(-1, 4).T


def _capitals(texts: list[str]) -> Column:
    """Return the share of capitals at each block's start."""
    codes = np.array([text[:SHOWN] for text in texts], dtype=f"U{SHOWN}").view(np.uint32).reshape(len(texts), SHOWN)
    codes = np.where(codes < len(_UPPER), codes, 0)
    share: Column = np.count_nonzero(_UPPER[codes], axis=1) / np.maximum(np.count_nonzero(codes, axis=1), 1)
    return share


def _seconded(columns: PlaceColumns, dense: Dense, place: Column, at: Column) -> list[Any]:
    """What the density reading says of each block."""
    chosen = np.zeros(len(at), dtype=bool)
    chosen[list(dense.blocks)] = True
    element = dense.element
    end = columns.last[element]
    dropped = dense.dropped
    reason = np.array([_REASONS.get(dropped[number], 1) for number in place.tolist()])
    numbers = np.flatnonzero(chosen)
    start, stop = (int(numbers[0]), int(numbers[-1])) if len(numbers) else (0, -1)
    return [
        chosen, (place >= element) & (place <= end), reason == 1, reason == 2, (at >= start) & (at <= stop),
        _between(-30, at - stop, 30), len(numbers) / len(at),
    ]  # fmt: skip


def _places(
    places: list[Place], last: Column, depth: Column, place: Column, region: Column, linked: Column, prose: Column
) -> list[Any]:
    """Position of each block relative to the best-scoring element: prose scores, links and fragments cost."""
    count = len(places)
    worth = np.where(prose > 0, prose - linked, -FRAGMENT_COST - linked)
    held, spoken = (_inside(np.bincount(place, weights=values, minlength=count), last) for values in (worth, prose))
    best = 0
    scores = held.tolist()
    for number in np.flatnonzero(held > 0)[::-1].tolist():  # inner before outer
        if best == 0 or scores[number] > GROWTH * scores[best]:
            best = number
    path = [best]
    while path[-1]:
        path.append(places[path[-1]].parent)
    path.reverse()
    shared = np.zeros(len(place), dtype=np.int64)
    for number in path:
        shared += (place >= number) & (place < last[number])
    whole = max(1.0, float(spoken[0]))
    of_region = spoken[region]
    numbered = np.cumsum(np.bincount(region) > 0)[region]
    return [
        shared == len(path), len(path) - shared, depth + 1 - shared,
        spoken[np.array(path)][shared - 1] / whole, of_region / whole, of_region >= of_region.max(), numbered,
        held[place] / whole, held[best] / whole,
    ]  # fmt: skip


def _inside(own: Column, last: Column) -> Column:
    """Return for each element the sum over it and all elements inside it."""
    below = np.concatenate((np.zeros(1), np.cumsum(own)))
    sums: Column = below[last] - below[:-1]
    return sums
