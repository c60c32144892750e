"""Size limits for parsing discovery answers: a page with a million links is not a news listing.

The first links and items of a page are the newest, so the end is cut off.
"""

from __future__ import annotations

from acca_crawler.extract.bounds import bound_markup
from acca_crawler.items import CaptureKind

MAX_LINKS = 20_000
"""Maximum number of links on a listing page."""

MAX_ITEMS = 5_000
"""Maximum number of items in a feed: feedparser takes a millisecond for each, and all outlets wait."""

MARKS: dict[CaptureKind, tuple[str, int, tuple[bytes, ...]]] = {
    "listing": ("links", MAX_LINKS, (b"<a ", b"<a\n")),
    "feed": ("items", MAX_ITEMS, (b"<item", b"<entry")),
}
"""For each kind of answer: the name of its entries, how many are read, and the markup that starts one."""


def bounded(body: bytes, kind: CaptureKind) -> tuple[bytes, tuple[str, ...]]:
    """Return the body cut to the limits, and what was cut: `attributes`, `depth`, `links`, `items`."""
    cut: tuple[str, ...] = ()
    if kind in ("listing", "posts", "other"):
        body, cut = bound_markup(body)
    name, limit, marks = MARKS.get(kind, ("", 0, ()))
    for mark in marks:
        if body.count(mark) > limit:
            body, cut = body[: _nth(body, mark, limit + 1)], (*cut, name)
    return body, cut


def _nth(body: bytes, mark: bytes, number: int) -> int:
    """Return the offset of the `number`-th occurrence of a mark."""
    at = -1
    for _ in range(number):
        at = body.index(mark, at + 1)
    return at
