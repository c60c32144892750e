"""Find what is beside an article: readers' comments, and cards of other articles, several siblings alike, each a linked
headline with at most a few lines below it.
"""

from __future__ import annotations

from collections import defaultdict

from acca_crawler.extract.class_names import BODY_NAME
from acca_crawler.extract.segments import Layout

MIN_CARDS = 3
MAX_BLOCKS = 5  # of a card: headline, rubric, date, teaser
MAX_TEXT = 400  # characters of a card
MAX_WRAPPERS = 4  # elements around a card's headline

_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))


def card_blocks(layout: Layout) -> frozenset[int]:
    """Return the numbers of the blocks in cards, and of a heading right above them.

    Longer sections with linked headings are none, nor is a list inside what is named as an article's body.

    A card may wrap its headline in several elements: of all elements around a linked heading, those are cards that
    have enough siblings of their kind with such a heading.
    """
    places, blocks = layout.places, layout.blocks
    groups: dict[tuple[int, str], set[int]] = defaultdict(set)
    for block in blocks:
        if block.tag in _HEADINGS and block.all_linked:
            kinds, card = "", places[block.place].parent
            for _ in range(MAX_WRAPPERS):
                around = places[card].parent
                kinds = f"{places[card].kind}>{kinds}"
                if not places[around].marks & BODY_NAME:
                    groups[around, kinds].add(card)
                if not around:
                    break
                card = around
    enough = [cards for cards in groups.values() if len(cards) >= MIN_CARDS and 0 not in cards]
    if not enough:
        return frozenset()
    at = _blocks_at(layout)
    found: set[int] = set()
    for cards in enough:
        inside = [_inside(layout, card, at) for card in sorted(cards)]
        if all(len(card) <= MAX_BLOCKS and _length(layout, card) <= MAX_TEXT for card in inside):
            found.update(number for card in inside for number in card)
    return frozenset(found | {number - 1 for number in found if number and blocks[number - 1].tag in _HEADINGS})


def comment_blocks(layout: Layout) -> frozenset[int]:
    """Return the numbers of the blocks in elements that the rules know as readers' comments."""
    named = [number for number, place in enumerate(layout.places) if place.rule == "comments"]
    if not named:
        return frozenset()
    at = _blocks_at(layout)
    found: set[int] = set()
    end = -1
    for number in named:
        place = layout.places[number]
        if number > end:
            end = place.last
            found.update(_inside(layout, number, at))
    return frozenset(found)


def _blocks_at(layout: Layout) -> dict[int, list[int]]:
    """Return the numbers of the blocks by the number of their element."""
    at: dict[int, list[int]] = defaultdict(list)
    for number, block in enumerate(layout.blocks):
        at[block.place].append(number)
    return at


def _inside(layout: Layout, element: int, at: dict[int, list[int]]) -> list[int]:
    return sorted(number for place in range(element, layout.places[element].last + 1) for number in at.get(place, ()))


def _length(layout: Layout, card: list[int]) -> int:
    return sum(len(layout.blocks[number].text) for number in card)
