"""Limits on markup: cut what no legitimate page has before it makes parsing quadratic.

Only markup is cut, never text: a reader sees the same words.
"""

from __future__ import annotations

import re

import numpy as np

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


def bound_markup(html: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return a page or listing without what exceeds the limits, and what was cut: `attributes`, `depth`."""
    cut: set[str] = set()

    def bare(tag: re.Match[bytes]) -> bytes:
        if len(tag[0].split()) <= MAX_ATTRIBUTES:
            return tag[0]
        cut.add("attributes")
        return _NAME.match(tag[0])[0]  # type: ignore[index]

    codes = np.frombuffer(html, dtype=np.uint8)
    opened = np.flatnonzero(codes == ord("<"))
    lengths = np.diff(opened, append=len(html))
    long = np.flatnonzero(lengths > LONG_TAG)
    if any(_is_overlong(html[at + 1 : at + length]) for at, length in zip(opened[long], lengths[long], strict=True)):
        html = _LONG_TAG.sub(bare, html)
    flat = _flattened(html) if len(opened) - np.count_nonzero(codes[opened[:-1] + 1] == ord("/")) > MAX_DEPTH else None
    if flat is not None:
        cut.add("depth")
    return html if flat is None else flat, tuple(sorted(cut))


def _is_overlong(piece: bytes) -> bool:
    """Whether what follows a `<` is a tag with too many attributes; code in a script seldom is."""
    if not piece[:1].isalpha() or piece.find(b">", 0, LONG_TAG) >= 0:
        return False
    return len(piece.partition(b">")[0].split()) > MAX_ATTRIBUTES


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
    level = np.cumsum([-1 if closing else 1 for closing in _TAG.findall(html)], dtype=np.int64)
    return int((level - np.minimum(np.minimum.accumulate(level), 0)).max(initial=0))
