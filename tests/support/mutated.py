"""Pages damaged at random, as by broken templates, truncated transfers or attackers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

PIECES = (
    "<div>",
    "</div>",
    "<p>",
    "<a href=x>",
    "</a>",
    "<table><tr><td>",
    "<b>",
    "<!--",
    "<script>",
    "<button>",
    "&",
    "\x00",
)


def mutated(pages: Sequence[str], count: int, seed: int = 0) -> Iterator[str]:
    """Yield `count` damaged pages, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        page = chance.choice(pages)
        for _ in range(chance.randint(1, 6)):
            at, end = sorted((chance.randrange(len(page) + 1), chance.randrange(len(page) + 1)))
            kind = chance.randrange(5)
            if kind == 0:
                page = page[:at] + page[end:]
            elif kind == 1:
                page = page[:at] + chance.choice(PIECES) * chance.choice((1, 3, 200)) + page[at:]
            elif kind == 2:
                page = page[:end] + page[at : min(end, at + 5000)] * chance.choice((1, 2, 5)) + page[end:]
            elif kind == 3:
                page = page[:end] + page[end:].replace(chance.choice('<>"=/'), "", chance.randint(1, 30))
            else:
                page = page[: max(end, 1)]
            page = page[:200_000]
        yield page
