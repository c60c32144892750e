"""Read an article that is on several pages: which part is next, and the text of all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from acca_crawler.extract import extract
from acca_crawler.extract.parts import MAX_PARTS, is_same_title
from acca_crawler.extract.walls import wall_in
from acca_crawler.items import ArticlePart, Extraction, Page, PartPage
from acca_crawler.outlets import Outlet

PartFinder = Callable[[int, str], PartPage]
"""Returns the page of the part with this number and address, or why it is missing."""


class PartWalk:
    """Follows an article's parts from the first page to the last: bounded, and never to the same part twice."""

    def __init__(self, page: Page, first: Extraction) -> None:
        self._page = page
        self._first = first
        self._links = dict(first.further_parts)
        self._paragraphs = list(first.paragraphs)
        self._parts: list[PartPage] = []
        self._ended = False

    @property
    def page(self) -> Page:
        """The first page with the parts found so far."""
        return replace(self._page, parts=tuple(self._parts))

    def next(self) -> tuple[int, str] | None:
        """Return number and address of the part to read next; None after the last one."""
        while not self._ended:
            number = len(self._parts) + 2
            if number > max(self._links, default=0):
                break
            if number > MAX_PARTS:
                self._ended = True
                self._parts.append(
                    PartPage(number, self._links.get(number, ""), missing=f"more than {MAX_PARTS} parts")
                )
            elif number in self._links:
                return number, self._links[number]
            else:
                self._parts.append(PartPage(number, "", missing="no page gives its address"))
        return None

    def add(self, part: PartPage, found: Extraction | None) -> None:
        """Add the part that `next` named and what was extracted from its page (None if it is missing).

        A page that repeats the text before it ends the walk: many sites ignore a page's number.
        """
        if found is None or part.missing:
            self._parts.append(part)
            return
        if reason := not_a_part(self._first, found, part.html):
            self._parts.append(replace(part, missing=reason))
            return
        added = new_paragraphs(self._paragraphs, found.paragraphs)
        if not added:
            self._ended = True
            return
        self._paragraphs += added
        self._parts.append(part)
        for number, url in found.further_parts:
            self._links.setdefault(number, url)


def read_part(first: str, part: PartPage, outlet: Outlet, fetched_at: str | None) -> Extraction:
    """Extract a further part of the article at the address `first`, captured at `fetched_at` (UTC)."""
    return extract(
        part.html, part.url or first, outlet=outlet, encoding=part.encoding, fetched_at=fetched_at,
        part=(first, part.number),
    )  # fmt: skip


def with_parts(page: Page, first: Extraction, outlet: Outlet, find: PartFinder) -> Page:
    """Return the page with all further parts that `find` has; the others are missing."""
    walk = PartWalk(page, first)
    while wanted := walk.next():
        part = find(*wanted)
        walk.add(part, None if part.missing else read_part(page.url, part, outlet, page.fetched_at))
    return walk.page


def joined(page: Page, first: Extraction, outlet: Outlet) -> tuple[Extraction, tuple[ArticlePart, ...]]:
    """Return the whole article, read from the page and its further parts, and what is known of each of these."""
    paragraphs, captions, stripped = list(first.paragraphs), list(first.captions), list(first.stripped)
    roles = dict(zip(first.paragraphs, first.roles, strict=False))
    parts: list[ArticlePart] = []
    for part in page.parts:
        parts.append(ArticlePart(part.number, part.url, part.capture_id, part.missing))
        if part.missing:
            continue
        found = read_part(page.url, part, outlet, page.fetched_at)
        paragraphs += new_paragraphs(paragraphs, found.paragraphs)
        roles = dict(zip(found.paragraphs, found.roles, strict=False)) | roles
        captions += found.captions
        stripped += found.stripped
    whole = replace(
        first,
        text="\n\n".join(paragraphs),
        captions=tuple(dict.fromkeys(captions)),
        stripped=tuple(dict.fromkeys(stripped)),
        roles=tuple(roles.get(paragraph, "paragraph") for paragraph in paragraphs),
    )
    return whole, tuple(parts)


def not_a_part(first: Extraction, found: Extraction, html: bytes) -> str | None:
    """Describe why a page is not a part of the article; None if it is.

    A part has the first one's title, a link back to it, or its canonical address.
    """
    if wall := wall_in(found.title, found.text, html):
        return f"not the part but {wall}"
    if found.canonical_url and found.canonical_url in (first.url, first.canonical_url):
        return None
    if found.first_part or not found.title or is_same_title(found.title, first.title):
        return None
    return f"not the part but “{found.title[:80]}”"


def new_paragraphs(before: Sequence[str], found: Sequence[str]) -> list[str]:
    """Return a part's paragraphs without the ones at its beginning and end that the parts before have too."""
    known = set(before)
    start, end = 0, len(found)
    while start < end and found[start] in known:
        start += 1
    while end > start and found[end - 1] in known:
        end -= 1
    return list(found[start:end])
