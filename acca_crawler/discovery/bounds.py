"""Bounds of what a way of discovery parses: an answer with a million links is no listing of news.

The first links and items of a page are its newest, so its end is cut.
"""

from __future__ import annotations

from acca_crawler.extract.bounds import bound_markup
from acca_crawler.items import CaptureKind

MAX_LINKS = 20_000
"""Links on a listing page."""

MAX_ITEMS = 5_000
"""Items of a feed: to read each takes feedparser a millisecond, and all outlets wait."""

MARKS: dict[CaptureKind, tuple[str, int, tuple[bytes, ...]]] = {
    "listing": ("links", MAX_LINKS, (b"<a ", b"<a\n")),
    "feed": ("items", MAX_ITEMS, (b"<item", b"<entry")),
}
"""What an answer of each kind lists, how much of it is read, and what each begins with."""


def bounded(body: bytes, kind: CaptureKind) -> tuple[bytes, tuple[str, ...]]:
    """The body within the bounds, and what was cut: `attributes`, `depth`, `links`, `items`."""
    cut: tuple[str, ...] = ()
    if kind in ("listing", "other"):
        body, cut = bound_markup(body)
    name, limit, marks = MARKS.get(kind, ("", 0, ()))
    for mark in marks:
        if body.count(mark) > limit:
            body, cut = body[: _nth(body, mark, limit + 1)], (*cut, name)
    return body, cut


def _nth(body: bytes, mark: bytes, number: int) -> int:
    """Where a mark stands for that time."""
    at = -1
    for _ in range(number):
        at = body.index(mark, at + 1)
    return at
