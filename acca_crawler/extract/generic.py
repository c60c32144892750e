"""Extract the body of a page without selectors."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
from lxml import etree
from lxml.html import HtmlElement

from acca_crawler.extract import structured
from acca_crawler.extract.agreement import fragment_paragraphs
from acca_crawler.extract.boilerplate import StripLog
from acca_crawler.extract.cards import card_blocks, comment_blocks
from acca_crawler.extract.class_names import EMBED, LEAD, QUOTE
from acca_crawler.extract.density import Dense, read_densest
from acca_crawler.extract.features import Declared, Matrix, features
from acca_crawler.extract.metadata import Head, description
from acca_crawler.extract.model import forest
from acca_crawler.extract.neighbours import foreign_articles, foreign_scopes
from acca_crawler.extract.paragraphs import HEADINGS, NEVER_READ, Paragraph, clean, role_of
from acca_crawler.extract.segments import Block, Layout, PlaceColumns, host_of, places_of, read_layout
from acca_crawler.extract.trimming import trim
from acca_crawler.uncollected import uncollected

# How much longer the JSON-LD's body must be than the page's: then a script or a paywall hides the rest.
LONGER_IN_JSON_LD = 1.5
# Minimum probability of a block: if the density reading agrees, and if it does not or found nothing.
# Tuned on pages of sites that the model was not trained on.
AGREED, ALONE = 0.4, 0.5
# Minimum probability where the page's JSON-LD has this share of the selected text, but not the block.
UNCONFIRMED, CLAIMED_SHARE = 0.8, 0.6
MIN_CLAIMED = 200  # characters: a shorter text in the JSON-LD is a summary
COMPARED = 30  # characters at a block's start and end that are looked for in the JSON-LD's text
MAX_SEARCHED = 30_000_000  # characters of the JSON-LD's text times blocks; a page of news has a tenth of it at the most
MAX_IN_TEMPLATE = 0.5  # share of the text in places of the template: with more, the layout has changed
MIN_BESIDE = 60  # characters outside cards and comments: with fewer, these may be the page's own text
NEAR = 0.05  # rejected blocks with a higher probability are stored with the revision
MIN_BODY = 250  # characters: a shorter body is compared with the density reading's
LONGER_BY_DENSITY = 1.5  # factor by which the density reading's body must be longer to be preferred
MAX_DEPTH = 30  # levels, for the last extractor only; one real page in seventy has text below
_NOT_UNWRAPPED = NEVER_READ | {"p"}
MAX_ELEMENTS = 10_000  # for the last extractor only, which takes quadratic time; twice the largest page of news known
MAX_NESTED_TABLES = 4  # layouts of old sites nest tables, but no deeper


@dataclass(frozen=True, slots=True)
class GenericBody:
    """The body and the method that found it ("generic", "json-ld", "trafilatura").

    `agreement` (0 to 1) is how much of the text the model and the density reading share. `unfit` is not 0 if the
    outlet's template was not used: the characters of the text that it would have dropped.
    """

    paragraphs: list[Paragraph]
    captions: tuple[str, ...] = ()
    method: str = ""
    agreement: float = 1.0
    unfit: int = 0


@dataclass(frozen=True, slots=True)
class SetApart:
    """A block that is not read: the number of the block after it, and the reason ("teaser", "comments")."""

    number: int
    rule: str
    block: Block


@dataclass(frozen=True, slots=True)
class BlockReading:
    """A page's blocks, what the density reading says of them, and each block's probability of being article text.

    `apart` are blocks in cards of other articles and in readers' comments: both readings are made without them.
    `claimed` is the text in the JSON-LD of the page's own article, in one line.
    """

    layout: Layout
    dense: Dense
    likely: list[float]
    apart: tuple[SetApart, ...] = ()
    claimed: str = ""


def read_page(body: HtmlElement, head: Head, title: str) -> BlockReading:
    """Read the page's blocks twice: by prose density and by the block model, which knows the density's result."""
    reading, matrix = read_blocks(body, head, title)
    return replace(reading, likely=forest().chance(matrix).tolist()) if len(matrix) else reading


def read_blocks(body: HtmlElement, head: Head, title: str) -> tuple[BlockReading, Matrix]:
    """Return the reading without probabilities, and the figures from which the model tells them."""
    foreign: frozenset[HtmlElement] = frozenset()
    if head.has_microdata:
        foreign = foreign_scopes(body, head.own)
    elif len(head.elements["article"]) > 1:
        foreign = foreign_articles(body, head.own)
    layout = read_layout(body, foreign, host_of(head.base))
    columns = PlaceColumns.of(layout.places)
    declared = Declared(title, description(head), _kind(head))
    reading = _without_neighbours(layout, columns, declared.summary) or BlockReading(
        layout, read_densest(layout, columns, declared.summary), []
    )
    if not layout.blocks:
        return reading, np.empty((0, 0), dtype=np.float32)
    reading = replace(reading, claimed=clean(structured.body(head.article)))
    return reading, features(reading.layout, columns, reading.dense, declared)


def _without_neighbours(layout: Layout, columns: PlaceColumns, summary: str) -> BlockReading | None:
    """Return the reading without cards and comments; None if there are none, or little else: then they are the text."""
    rules = dict.fromkeys(card_blocks(layout), "teaser") | dict.fromkeys(comment_blocks(layout), "comments")
    if not rules:
        return None
    rest: list[Block] = []
    apart: list[SetApart] = []
    for number, block in enumerate(layout.blocks):
        if rule := rules.get(number):
            apart.append(SetApart(len(rest), rule, block))
        else:
            rest.append(block)
    alone = replace(layout, blocks=rest)
    dense = read_densest(alone, columns, summary)
    if sum(len(rest[number].text) for number in dense.blocks) < MIN_BESIDE:
        return None
    return BlockReading(alone, dense, [], tuple(apart))


def _kind(head: Head) -> int:
    """Return what the page says that it is: 2 for a news article, 1 for another article, else 0."""
    named = structured.types(head.article)
    if any("NewsArticle" in name for name in named):
        return 2
    return int(bool(named & structured.ARTICLE_TYPES) or head.get("og:type") == "article")


@uncollected()
def generic_body(
    scope: HtmlElement, head: Head, title: str, log: StripLog, template: frozenset[str] = frozenset()
) -> GenericBody:
    """Extract the body with the block model and the density reading, or from JSON-LD if that is clearly longer.

    A block on which both agree needs a lower probability than one that only the model selects. If the model selects
    too little for an article, the density reading's result is used; if that is empty too, trafilatura's, unless the
    page has next to no text or too many elements. Near misses are logged. `template` are places of the outlet's pages
    whose text is dropped, unless that is most of the text: then the layout has changed. Does not modify the tree.
    """
    body = scope.find("body") if scope.tag == "html" else scope
    if body is None:
        return GenericBody([])
    reading = read_page(body, head, title)
    found = chosen(reading, title, log)
    found, unfit = _without_template(reading, found, template, log)
    captions = _captions(reading.layout)
    claimed = _by_json_ld(head)
    if head.article.get("liveBlogUpdate"):  # the page has only the first line, a script loads the other entries
        entries = {paragraph.text for paragraph in claimed}
        claimed = [*(one for one in found if one.text not in entries), *claimed]
    if _length(claimed) > LONGER_IN_JSON_LD * _length(found):
        return GenericBody(claimed, captions, "json-ld")
    if found:
        return GenericBody(found, captions, "generic", _agreement(reading, found), unfit)
    return GenericBody(_by_trafilatura(body) if _is_readable(body) else [], captions, "trafilatura")


def chosen(reading: BlockReading, title: str, log: StripLog) -> list[Paragraph]:
    """Return the article's paragraphs in document order; what was nearly taken is logged."""
    found = _agreed(reading, title, log)
    if _length(found) >= MIN_BODY:
        return found
    second_log = StripLog()
    blocks = reading.layout.blocks
    second = trim(
        [_paragraph(reading, number) for number in sorted(reading.dense.blocks)],
        title,
        second_log,
    )
    if _length(second) <= LONGER_BY_DENSITY * _length(found):
        return found
    log.pieces[:] = second_log.pieces
    for number, block in enumerate(blocks):
        if (rule := reading.dense.dropped[block.place]) and number not in reading.dense.blocks:
            log.add(rule, block.text)
    return second


def _agreed(reading: BlockReading, title: str, log: StripLog) -> list[Paragraph]:
    """Return the blocks selected by the model and the density reading.

    Text inside an element removed by a boilerplate rule is never selected, however likely.
    """
    blocks, places, dense = reading.layout.blocks, reading.layout.places, reading.dense
    taken: list[int] = []
    end = _next_article(reading)
    log.pieces.extend(reading.layout.log.pieces)
    for one in reading.apart:
        log.add(one.rule, one.block.text)
    near = ((number, chance) for number, chance in enumerate(reading.likely[:end]) if chance >= NEAR)
    for number, chance in near:
        block = blocks[number]
        if places[block.place].caption:
            continue
        seconded = number in dense.blocks
        rule = dense.dropped[block.place]
        if rule and rule != "boilerplate" and not seconded:
            log.add(rule, block.text)
        elif chance >= (AGREED if seconded else ALONE):
            taken.append(number)
        else:
            log.add("unlikely", block.text)
    unclaimed = _unclaimed(reading, taken)
    for number in sorted(unclaimed):
        log.add("unlikely", blocks[number].text)
    return trim([_paragraph(reading, number) for number in taken if number not in unclaimed], title, log)


def _unclaimed(reading: BlockReading, taken: list[int]) -> set[int]:
    """Return those of the selected blocks that the JSON-LD's text lacks, if it has most of the others.

    It often lacks headings and the lead, and may be cut off: a block that is nearly certain needs no confirmation.
    None is returned if the text is too long for that many blocks.
    """
    whole, blocks = reading.claimed, reading.layout.blocks
    if len(whole) < MIN_CLAIMED or len(whole) * len(taken) > MAX_SEARCHED:
        return set()
    confirmed = {number for number in taken if _is_in(blocks[number].text, whole)}
    if sum(len(blocks[number].text) for number in confirmed) < CLAIMED_SHARE * sum(
        len(blocks[number].text) for number in taken
    ):
        return set()
    first = min(confirmed, default=len(blocks))
    return {
        number
        for number in taken
        if number > first
        and number not in confirmed
        and reading.likely[number] < UNCONFIRMED
        and blocks[number].tag not in HEADINGS
    }


def _is_in(text: str, whole: str) -> bool:
    """Whether a text has a block's beginning or end."""
    return text[:COMPARED] in whole or text[-COMPARED:] in whole


def _paragraph(reading: BlockReading, number: int) -> Paragraph:
    block, places = reading.layout.blocks[number], reading.layout.places
    parent = places[places[block.place].parent].tag
    role = role_of(block.tag, parent, quoted=bool(block.marks & QUOTE), embedded=bool(block.marks & EMBED))
    if role == "paragraph" and (number == reading.dense.standfirst or block.own & LEAD):
        role = "lead"
    return Paragraph(block.text, block.all_linked, role)


def _without_template(
    reading: BlockReading, found: list[Paragraph], template: frozenset[str], log: StripLog
) -> tuple[list[Paragraph], int]:
    """Return the paragraphs that are not in a place of the template, and 0; all of them if most are."""
    if not template:
        return found, 0
    paths = places_of(reading.layout)
    inside = {block.text for block in reading.layout.blocks if paths[block.place] in template}
    dropped = [paragraph for paragraph in found if paragraph.text in inside]
    if _length(dropped) > MAX_IN_TEMPLATE * _length(found):
        return found, _length(dropped)
    for paragraph in dropped:
        log.add("template", paragraph.text)
    return [paragraph for paragraph in found if paragraph.text not in inside], 0


def _agreement(reading: BlockReading, found: list[Paragraph]) -> float:
    """Return the Dice coefficient (0 to 1) of the characters that were taken and those of the density reading."""
    taken = {paragraph.text for paragraph in found}
    dense = {reading.layout.blocks[number].text for number in reading.dense.blocks}
    total = sum(map(len, taken)) + sum(map(len, dense))
    return 2 * sum(map(len, taken & dense)) / total if total and dense else 1.0


def _next_article(reading: BlockReading) -> int:
    """Return where another article begins, at its headline, as on pages that load the next one on scrolling."""
    blocks = reading.layout.blocks
    last = max(reading.dense.blocks, default=len(blocks))
    return next((number for number in range(last + 1, len(blocks)) if blocks[number].tag == "h1"), len(blocks))


def _captions(layout: Layout) -> tuple[str, ...]:
    """Return the texts of captions and photo credits, each of which may be several blocks."""
    found: dict[int, list[str]] = {}
    for block in layout.blocks:
        if caption := layout.places[block.place].caption:
            found.setdefault(caption, []).append(block.text)
    inline = [piece.text for piece in layout.log.pieces if piece.rule == "caption"]
    return tuple(dict.fromkeys((*(" ".join(texts) for texts in found.values()), *inline)))


def _by_json_ld(head: Head) -> list[Paragraph]:
    """Return the body in the article's own node, as text or markup."""
    body = structured.body(head.article)
    if re.search(r"<(?:p|br|div)\b", body):
        return fragment_paragraphs(body)
    return [Paragraph(line) for raw in body.split("\n") if (line := clean(raw))]


def _is_readable(body: HtmlElement) -> bool:
    """Whether trafilatura may find an article: not in too many elements, nor in more elements than letters of text."""
    elements = characters = 0
    for element in body.iter("*"):
        elements += 1
        if elements > MAX_ELEMENTS:
            return False
        characters += len((element.tail or "").strip())
        if element.tag not in ("script", "style"):
            characters += len((element.text or "").strip())
    return characters >= elements


def _by_trafilatura(body: HtmlElement) -> list[Paragraph]:
    from trafilatura import bare_extraction  # slow to import, rarely needed

    body = deepcopy(body)
    _flatten_tables(body)
    _flatten_depths(body)
    document = bare_extraction(body, include_comments=False, with_metadata=False, fast=True)
    text = getattr(document, "text", None) or ""
    return [Paragraph(line) for raw in text.split("\n") if (line := clean(raw))]


def _flatten_tables(body: HtmlElement) -> None:
    """Turn tables within tables within tables into plain blocks: trafilatura takes quadratic time for those."""
    for table in body.xpath(f"descendant::table[count(ancestor::table) >= {MAX_NESTED_TABLES}]"):
        if table.tag == "table":  # not yet as a part of one around it
            for element in list(table.iter("table", "tbody", "tr", "td", "th")):
                element.tag = "div"


def _flatten_depths(body: HtmlElement) -> None:
    """Unwrap what lies deeper than pages are nested, except paragraphs: trafilatura reads all text again per level."""
    level = [body]
    for _ in range(MAX_DEPTH):
        level = [inner for element in level for inner in element]
    for element in level:
        etree.strip_tags(element, *{inner.tag for inner in element.iterdescendants("*")} - _NOT_UNWRAPPED)


def _length(found: list[Paragraph]) -> int:
    return sum(len(paragraph.text) for paragraph in found)
