"""Limits on markup: cut what no legitimate page has before it makes parsing quadratic.

Only markup is cut, never text: a reader sees the same words.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

MAX_ATTRIBUTES = 500
"""Attributes of one tag. libxml2 compares each with all previous ones: 50,000 take 77 seconds."""

LONG_TAG = 4 * MAX_ATTRIBUTES
"""Bytes below which a tag can't have too many attributes."""

MAX_DEPTH = 2_000
"""Nesting depth of elements. Pages that never close a <font> reach a few hundred."""

_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{%d,}" % LONG_TAG)
_NAME = re.compile(rb"<[A-Za-z][A-Za-z0-9:-]*")
_NESTING = (
    rb"a|article|aside|b|big|blockquote|center|dd|div|dl|em|fieldset|font|form|i|li|ol|section|small|span|strong|"
    rb"table|tbody|td|tr|u|ul"
)
_TAG = re.compile(rb"<(/?)(?:" + _NESTING + rb")(?=[\s/>])[^<>]*>", re.I)
_LETTERS = 8


def _word(letters: bytes) -> int:
    return int.from_bytes(letters.ljust(_LETTERS, b"\0"), "little")


# "</div>" as a number: the name and ">", and the mask of the bytes that count.
_CLOSINGS = tuple(
    (np.uint64(_word(b"\xff" * len(name))), np.uint64(_word(name)))
    for name in (one + b">" for one in _NESTING.split(b"|"))
    if len(name) <= _LETTERS
)
_INITIALS = np.zeros(256, dtype=bool)
_INITIALS[[code for name in _NESTING.split(b"|") for code in (name[0], name.upper()[0])]] = True


def bound_markup(html: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return a page or listing without what exceeds the limits, and what was cut: `attributes`, `depth`."""
    cut: set[str] = set()

    def bare(tag: re.Match[bytes]) -> bytes:
        if len(tag[0].split()) <= MAX_ATTRIBUTES:
            return tag[0]
        cut.add("attributes")
        return _NAME.match(tag[0])[0]  # type: ignore[index]

    codes, opened = _opened(html)
    if any(_is_overlong(html[at + 1 : end]) for at, end in _far_apart(opened, len(html))):
        html = _LONG_TAG.sub(bare, html)
        codes, opened = _opened(html)
    flat = _flattened(html) if _may_be_deep(codes, opened) else None
    if flat is not None:
        cut.add("depth")
    return html if flat is None else flat, tuple(sorted(cut))


def _opened(html: bytes) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the page's bytes as numbers, and where each "<" is."""
    codes = np.frombuffer(html, dtype=np.uint8)
    return codes, (codes == ord("<")).nonzero()[0]


def _far_apart(opened: NDArray[np.int64], end: int) -> list[tuple[int, int]]:
    """Return the places of a "<" and of the next one, or the page's end, that are far enough apart for a long tag."""
    far = (opened[1:] - opened[:-1] > LONG_TAG).nonzero()[0]
    found = list(zip(opened[far].tolist(), opened[far + 1].tolist(), strict=True))
    if len(opened) and end - opened[-1] > LONG_TAG:
        found.append((int(opened[-1]), end))
    return found


def _is_overlong(piece: bytes) -> bool:
    """Whether what follows a `<` is a tag with too many attributes; code in a script seldom is."""
    if not piece[:1].isalpha() or piece.find(b">", 0, LONG_TAG) >= 0:
        return False
    return len(piece.partition(b">")[0].split()) > MAX_ATTRIBUTES


def _may_be_deep(codes: NDArray[np.uint8], opened: NDArray[np.int64]) -> bool:
    """Whether tags may nest too deeply, by a quick bound: too many are counted as opened, too few as closed.

    `opened` is where each "<" is.
    """
    tags = opened[: np.searchsorted(opened, len(codes) - _LETTERS - 2)]
    opening, closing = _INITIALS[codes[tags + 1]], codes[tags + 1] == ord("/")
    uncounted = len(opened) - len(tags)
    if np.count_nonzero(opening) + uncounted <= MAX_DEPTH:
        return False
    after = tags[closing] + 2
    words = codes[after[:, None] + np.arange(_LETTERS)].view(np.uint64).ravel()
    closed = np.zeros(len(words), dtype=bool)
    for mask, name in _CLOSINGS:
        closed |= (words & mask) == name
    steps = opening.astype(np.int64)
    steps[np.flatnonzero(closing)[closed]] = -1
    return _deepest(steps) + uncounted > MAX_DEPTH


def _deepest(steps: NDArray[np.int64]) -> int:
    """Return the highest level that steps up and down reach from 0; below 0 there is none."""
    level = np.cumsum(steps)
    return int((level - np.minimum(np.minimum.accumulate(level), 0)).max(initial=0))


def _flattened(html: bytes) -> bytes | None:
    """Return the page without tags nested deeper than `MAX_DEPTH`, or None if there are none."""
    if _depth(html) <= MAX_DEPTH:
        return None
    depth = 0

    def keep(tag: re.Match[bytes]) -> bytes:
        nonlocal depth
        if tag[1]:
            depth = max(0, depth - 1)
            return tag[0] if depth < MAX_DEPTH else b" "
        depth += 1
        return tag[0] if depth <= MAX_DEPTH else b" "

    return _TAG.sub(keep, html)


def _depth(html: bytes) -> int:
    """Return how deep the page's tags nest; a closing tag with nothing open counts for nothing."""
    return _deepest(np.array([-1 if closing else 1 for closing in _TAG.findall(html)], dtype=np.int64))
