"""What the pages of one outlet have in common around their articles: places in the markup that never hold any.

Learned from pages alone, not from what was extracted from them, which would repeat its mistakes: a place is part of the
template if on nearly all pages its text comes again on other pages, or is the headline of another article. Only used
for dropping text, and never for text that an outlet's selectors chose.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from acca_crawler.extract.document import parse
from acca_crawler.extract.metadata import read_head, title
from acca_crawler.extract.scope import Scope
from acca_crawler.extract.segments import places_of, read_layout
from acca_crawler.items import TemplatePlace
from acca_crawler.uncollected import uncollected

MIN_PAGES = 10  # pages on which a place must be seen
REPEATED = 3  # pages on which a text must be seen to be repeated
MIN_SHARE = 0.9  # share of a place's text, and of the pages with it, that must come from elsewhere
MIN_HEADLINE = 12  # characters: a shorter text that equals a headline may be chance
MAX_EXAMPLE = 80

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class SeenPage:
    """One page: its headline, and each block's place and text."""

    title: str
    blocks: tuple[tuple[str, str], ...]


@uncollected()
def see(html: str | bytes, url: str, encoding: str | None = None) -> SeenPage | None:
    """Return what learning needs of a page; None if there is nothing to read."""
    root = parse(html, encoding)
    body = root.find("body") if root is not None else None
    if root is None or body is None:
        return None
    layout = read_layout(body)
    paths = places_of(layout)
    blocks = tuple((paths[block.place], block.text) for block in layout.blocks)
    return SeenPage(title(read_head(root, url), Scope(root), ""), blocks)


def learn(pages: Sequence[SeenPage], headlines: Collection[str]) -> tuple[TemplatePlace, ...]:
    """Return the places that hold text from elsewhere on nearly every page, by their path.

    `headlines` are those of the outlet's articles. Empty for fewer than `MIN_PAGES` pages.
    """
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    pages_with: Counter[str] = Counter()
    folded = [[_folded(text) for _, text in page.blocks] for page in pages]
    for page, texts in zip(pages, folded, strict=True):
        pages_with.update({path for path, _ in page.blocks})
        for path, text in {(path, text) for (path, _), text in zip(page.blocks, texts, strict=True)}:
            seen[path][text] += 1
    known = {_folded(headline) for headline in headlines if len(headline) >= MIN_HEADLINE}
    foreign: dict[str, Counter[str]] = defaultdict(Counter)
    examples: dict[str, str] = {}
    for page, texts in zip(pages, folded, strict=True):
        for path, (total, repeated, of_others) in _shares(page, texts, seen, known).items():
            if repeated + of_others >= MIN_SHARE * total:
                foreign[path]["headlines" if of_others > repeated else "repeated"] += 1
        examples.update((path, text) for path, text in page.blocks)
    return tuple(
        TemplatePlace(path, foreign[path].most_common(1)[0][0], pages_with[path], examples[path][:MAX_EXAMPLE])
        for path in sorted(foreign)
        if pages_with[path] >= MIN_PAGES and foreign[path].total() >= MIN_SHARE * pages_with[path]
    )


def _shares(
    page: SeenPage, texts: Sequence[str], seen: dict[str, Counter[str]], known: Collection[str]
) -> dict[str, tuple[int, int, int]]:
    """Return for each place its characters: all, those of texts seen on other pages, those of other headlines.

    `texts` are those of the page's blocks, folded.
    """
    own = _folded(page.title)
    found: dict[str, tuple[int, int, int]] = {}
    for (path, text), folded in zip(page.blocks, texts, strict=True):
        total, repeated, of_others = found.get(path, (0, 0, 0))
        if folded != own and folded in known:
            of_others += len(text)
        elif folded != own and seen[path][folded] >= REPEATED:
            repeated += len(text)
        found[path] = (total + len(text), repeated, of_others)
    return found


def _folded(text: str) -> str:
    """Fold a text for comparison: counters and dates change, the words around them do not."""
    return _DIGITS.sub("0", text).casefold()
