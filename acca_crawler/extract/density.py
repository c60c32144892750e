"""Find the article by prose density: prose counts for an element, links and fragments against it.

A second reading beside the block model's, from the same layout. Every element scores its own prose minus a cost for
its links; an element scores the sum of what is inside it, so the article's element is the one that gains nothing by
growing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acca_crawler.extract.class_names import ARTICLE, BODY_INSIDE, BOILERPLATE, NAMED_BODY, WEAK_BOILERPLATE
from acca_crawler.extract.segments import Block, Layout, Place, PlaceColumns
from acca_crawler.extract.trimming import MIN_SUMMARY, folded

MIN_PROSE = 25  # characters: a sentence, not a label
PROSE_WITHOUT_MARKS = 80  # characters: long enough to be prose without a full stop
FRAGMENT_COST = 10
GROWTH = 1.03  # an element must score this much higher than a smaller one inside it
NAMED_SHARE = 0.3  # of the page's best prose that an element named as a body must contain to be accepted
FIRST_SHARE = 0.5  # of the longest article's prose that an earlier article must contain to be the page's own
WHOLE_SHARE = 0.3  # of the page's prose: an element with more is never boilerplate, whatever its name
RULES_SHARE = 0.6  # of the page's prose: an element with more is not removed by a rule, whatever its class
WEAK_PROSE = 150  # characters: an element with an ambiguous name is boilerplate only if it has less
MAX_WORTH = 300  # characters: one long paragraph must not outweigh a page of links
STRETCH_FRAGMENT_COST = 5
LINK_COST = 10

_NEVER_BOILERPLATE = frozenset(("html", "body", "main", "article"))
_SENTENCE_END = re.compile(r"[.!?…。？！](?:\s|$|[\"”»’)])")

_NAMED_SO = BOILERPLATE | WEAK_BOILERPLATE

Sums = NDArray[np.float64]


@dataclass(slots=True)
class Dense:
    """What the density reading says: the numbers of its blocks, of the article's element, and what was dropped why.

    `standfirst` is the number of the block above the body that repeats the page's summary, or -1. `dropped` has for
    each element of the layout the rule that removed it or an element around it, "boilerplate", or "".
    """

    blocks: set[int] = field(default_factory=set)
    element: int = 0
    dropped: list[str] = field(default_factory=list)
    standfirst: int = -1


def read_densest(layout: Layout, columns: PlaceColumns, summary: str) -> Dense:
    """Return the reading by density. `summary` is the page's own; a block above the body that repeats it belongs."""
    places = layout.places
    last = columns.last + 1
    prose, worth = _counts(columns)
    dropped = [""] * len(places)
    ruled = [number for number, place in enumerate(places) if place.rule]
    inside = _inside(prose, last)
    most = RULES_SHARE * inside[0]
    for number in ruled:
        if not dropped[number] and inside[number] <= most:
            _drop(number, places[number].rule, places, dropped, prose, worth)
    inside = _inside(prose, last) if ruled else inside
    most = WHOLE_SHARE * inside[0] if inside[0] > 0 else math.inf
    for number in np.flatnonzero(columns.own & _NAMED_SO).tolist():
        if number and not dropped[number] and inside[number] < most and _is_boilerplate(places[number], inside[number]):
            _drop(number, "boilerplate", places, dropped, prose, worth)
    element = _article_element(columns, places, _inside(prose, last), _inside(worth, last), dropped)
    if element < 0:
        return Dense(dropped=dropped)
    end = places[element].last
    within = [
        number
        for number, block in enumerate(layout.blocks)
        if element <= block.place <= end and not dropped[block.place] and not places[block.place].caption
    ]
    chosen = [number for number in _best_stretch(layout.blocks, within) if not layout.blocks[number].all_linked]
    standfirst = _standfirst(layout.blocks, chosen, summary)
    return Dense({*chosen, standfirst} - {-1}, element, dropped, standfirst)


def _counts(columns: PlaceColumns) -> tuple[Sums, Sums]:
    """Return the prose and the score of each element's own text."""
    own, linked = columns.prose.astype(np.float64), columns.linked.astype(np.float64)
    is_prose = own >= np.where(columns.sentences, MIN_PROSE, PROSE_WITHOUT_MARKS)
    fragments = np.where(own + linked > 0, -FRAGMENT_COST - linked, 0.0)
    return np.where(is_prose, own, 0.0), np.where(is_prose, own - linked, fragments)


def _inside(own: Sums, last: NDArray[Any]) -> list[float]:
    """Return for each element the sum over it and all elements inside it."""
    below = np.concatenate((np.zeros(1), np.cumsum(own)))
    sums: list[float] = (below[last] - below[:-1]).tolist()
    return sums


def _drop(number: int, rule: str, places: list[Place], dropped: list[str], prose: Sums, worth: Sums) -> None:
    end = places[number].last + 1
    for inner in range(number, end):
        dropped[inner] = dropped[inner] or rule
    prose[number:end] = 0
    worth[number:end] = 0


def _is_boilerplate(place: Place, prose: float) -> bool:
    if place.tag in _NEVER_BOILERPLATE:
        return False
    if place.own & WEAK_BOILERPLATE and prose < WEAK_PROSE:
        return True
    return bool(place.own & BOILERPLATE) and not place.own & BODY_INSIDE


def _article_element(
    columns: PlaceColumns, places: list[Place], prose: list[float], worth: list[float], dropped: list[str]
) -> int:
    """Return the number of the element that contains the article, or -1 if the page has no prose."""
    best = -1
    candidates = [(places[number].last, -number) for number, value in enumerate(worth) if value > 0]
    for _, negative in sorted(candidates):  # inner before outer
        number = -negative
        if dropped[number]:
            continue
        if best < 0 or worth[number] > worth[best] * GROWTH:
            best = number
    if best < 0:
        return -1
    for mark in (NAMED_BODY, ARTICLE):
        named = [number for number in np.flatnonzero(columns.own & mark).tolist() if not dropped[number]]
        if mark == ARTICLE:
            named = [number for number in named if places[number].tag == "article"]
        longest = max((prose[number] for number in named), default=0.0)
        first = next((number for number in named if prose[number] >= FIRST_SHARE * longest), -1)
        if first >= 0 and prose[first] >= NAMED_SHARE * prose[best]:
            return first
    return best


def _best_stretch(blocks: list[Block], within: list[int]) -> list[int]:
    """Return the best-scoring run of blocks: cards and link lists above and below cost more than they add."""
    best = (0.0, 0, 0)
    worth, start = 0.0, 0
    for at, number in enumerate(within):
        if worth <= 0:
            worth, start = 0.0, at
        worth += _worth(blocks[number])
        if worth > best[0]:
            best = (worth, start, at + 1)
    return within[best[1] : best[2]]


def _worth(block: Block) -> float:
    length = len(block.text)
    if block.all_linked:
        return -LINK_COST - length / 2
    if length >= PROSE_WITHOUT_MARKS or _SENTENCE_END.search(block.text):
        return min(length, MAX_WORTH)
    return -STRETCH_FRAGMENT_COST


def _standfirst(blocks: list[Block], chosen: list[int], summary: str) -> int:
    """Return the block above the body that shows the page's summary; -1 if there is none or the body opens with it."""
    wanted = folded(summary)
    if len(wanted) < MIN_SUMMARY or not chosen:
        return -1
    if any(wanted in (text := folded(blocks[number].text)) or text in wanted for number in chosen[:4]):
        return -1
    near = range(len(wanted) // 2, 2 * len(summary))
    for number in range(chosen[0]):
        if len(blocks[number].text) in near and folded(blocks[number].text) == wanted:
            return number
    return -1
