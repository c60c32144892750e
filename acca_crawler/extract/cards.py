"""Find cards of other articles: several siblings alike, each a linked headline with at most a few lines below it."""

from __future__ import annotations

from collections import defaultdict

from acca_crawler.extract.class_names import BODY_NAME
from acca_crawler.extract.segments import Layout

MIN_CARDS = 3
MAX_BLOCKS = 5  # of a card: headline, rubric, date, teaser
MAX_TEXT = 400  # characters of a card

_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))


def card_blocks(layout: Layout) -> frozenset[int]:
    """Return the numbers of the blocks in cards; longer sections with linked headings are none, nor is a list
    inside what is named as an article's body.
    """
    places, blocks = layout.places, layout.blocks
    groups: dict[tuple[int, str, str], set[int]] = defaultdict(set)
    for block in blocks:
        if block.tag in _HEADINGS and block.all_linked and not block.marks & BODY_NAME:
            card = places[block.place].parent
            around = places[card].parent
            groups[around, places[card].kind, ""].add(card)
            groups[places[around].parent, places[around].kind, places[card].kind].add(around)
    found: set[int] = set()
    for cards in groups.values():
        if len(cards) >= MIN_CARDS and 0 not in cards:
            inside = [_inside(layout, card) for card in sorted(cards)]
            if all(len(card) <= MAX_BLOCKS and _length(layout, card) <= MAX_TEXT for card in inside):
                found.update(number for card in inside for number in card)
    return frozenset(found)


def _inside(layout: Layout, card: int) -> list[int]:
    last = layout.places[card].last
    return [number for number, block in enumerate(layout.blocks) if card <= block.place <= last]


def _length(layout: Layout, card: list[int]) -> int:
    return sum(len(layout.blocks[number].text) for number in card)
