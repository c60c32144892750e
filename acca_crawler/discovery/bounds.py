"""Bounds of what a way of discovery parses: an answer with a million links is no listing of news.

The first links and items of a page are its newest, so its end is cut.
"""

from __future__ import annotations

from acca_crawler.extract.bounds import bound_markup
from acca_crawler.items import CaptureKind

MAX_LINKS = 20_000
"""Links on a listing page, and items of a feed."""

MARKS: dict[CaptureKind, tuple[bytes, ...]] = {"listing": (b"<a ", b"<a\n"), "feed": (b"<item", b"<entry")}
"""What begins a link or an item in an answer of each kind."""


def bounded(body: bytes, kind: CaptureKind) -> tuple[bytes, tuple[str, ...]]:
    """The body within the bounds, and what was cut: `attributes`, `depth`, `links`, `items`."""
    cut: tuple[str, ...] = ()
    if kind in ("listing", "other"):
        body, cut = bound_markup(body)
    for mark in MARKS.get(kind, ()):
        end = _nth(body, mark, MAX_LINKS + 1) if body.count(mark) > MAX_LINKS else None
        if end is not None:
            body, cut = body[:end], (*cut, "links" if kind == "listing" else "items")
    return body, cut


def _nth(body: bytes, mark: bytes, number: int) -> int:
    """Where a mark stands for that time."""
    at = -1
    for _ in range(number):
        at = body.index(mark, at + 1)
    return at
