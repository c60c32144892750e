"""The body of a page nobody has written selectors for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from acca_crawler.extract import structured
from acca_crawler.extract.agreement import fragment_paragraphs
from acca_crawler.extract.body import take_captions
from acca_crawler.extract.boilerplate import RULES, StripLog, strip_elements
from acca_crawler.extract.density import article_element, blocks, drop_boilerplate
from acca_crawler.extract.metadata import Head, description
from acca_crawler.extract.model import chances
from acca_crawler.extract.paragraphs import Paragraph, clean, paragraphs
from acca_crawler.extract.segments import Block, read_blocks
from acca_crawler.extract.trimming import MIN_SUMMARY, best_stretch, trim, with_summary

# How much longer the JSON-LD's body must be than the page's: then a script or a paywall holds the rest back.
LONGER_IN_JSON_LD = 1.5
RULES_SHARE = 0.6  # of the page's prose: what holds more is not removed by a rule, whatever its class
MAX_REMOVED = 100_000  # characters of what rules removed that blocks are looked up in
# How likely a block must be the article's to be taken: where the second reading agrees, where it does not, and where it
# found nothing. Chosen on pages of sites that the model was not trained on.
AGREED, ALONE, UNSECONDED = 0.18, 0.82, 0.5
NEAR = 0.05  # what is likelier than this, and not taken, is kept beside the revision
MIN_BODY = 250  # characters: less is read a second time
LONGER_AT_SECOND = 1.5  # how much more the second reading must have to be believed

_RULE_NAMES = frozenset(rule.name for rule in RULES)
_CAPTION = re.compile(r"figcaption|wp-caption-text|photo-credit")


@dataclass(frozen=True, slots=True)
class GenericBody:
    """What was found, and by which means ("generic", "json-ld", "trafilatura")."""

    paragraphs: list[Paragraph]
    captions: tuple[str, ...] = ()
    method: str = ""


def generic_body(scope: HtmlElement, head: Head, title: str, log: StripLog) -> GenericBody:
    """The body by the block model and a second reading; by the page's JSON-LD where that has clearly more.

    The second reading goes by where the prose is dense. A block on which both agree is taken sooner than one that only
    the model would take; where the model takes too little for an article, the second reading is believed, and where
    that finds nothing either, trafilatura. Changes the tree. What was nearly taken is logged.
    """
    body = scope.find("body") if scope.tag == "html" else scope
    if body is None:
        return GenericBody([])
    blocks = read_blocks(body)
    likely = chances(blocks, title, description(head)).tolist()
    captions = take_captions(body)
    second_log = StripLog()
    second = _by_density(body, head, title, second_log)
    found = _agreed(blocks, likely, second, second_log, title, log)
    if _length(found) < MIN_BODY and _length(second) > LONGER_AT_SECOND * _length(found):
        found = second
        log.pieces[:] = second_log.pieces
    claimed = _by_json_ld(head)
    if head.article.get("liveBlogUpdate"):  # its first line is on the page, the further entries come by a script
        entries = {paragraph.text for paragraph in claimed}
        claimed = [*(one for one in found if one.text not in entries), *claimed]
    if _length(claimed) > LONGER_IN_JSON_LD * _length(found):
        return GenericBody(claimed, captions, "json-ld")
    if found:
        return GenericBody(found, captions, "generic")
    return GenericBody(_by_trafilatura(body), captions, "trafilatura")


def _agreed(
    blocks: list[Block], likely: list[float], second: list[Paragraph], second_log: StripLog, title: str, log: StripLog
) -> list[Paragraph]:
    """The blocks that are the article's by the model's and the second reading's word, in the page's order.

    What stands in an element that a boilerplate rule removed is not taken, however likely.
    """
    seconded = {paragraph.text for paragraph in second}
    removed = "\n".join(piece.text for piece in second_log.pieces if piece.rule in _RULE_NAMES)[:MAX_REMOVED]
    taken: list[Paragraph] = []
    end = _next_article(blocks, seconded)
    for block, chance in zip(blocks[:end], likely[:end], strict=True):
        if _CAPTION.search(block.kind):
            continue
        if chance < NEAR:
            continue
        if block.text not in seconded and block.text in removed:
            log.add(_rule_of(block.text, second_log), block.text)
        elif chance >= (AGREED if block.text in seconded else ALONE if seconded else UNSECONDED):
            taken.append(Paragraph(block.text, block.all_linked, block.tag))
        else:
            log.add("unlikely", block.text)
    return trim(taken, title, log)


def _next_article(blocks: list[Block], seconded: set[str]) -> int:
    """Where another article begins below this one, as on pages that load the next while scrolling: at its headline."""
    last = max((number for number, block in enumerate(blocks) if block.text in seconded), default=len(blocks))
    return next((number for number in range(last + 1, len(blocks)) if blocks[number].tag == "h1"), len(blocks))


def _rule_of(text: str, log: StripLog) -> str:
    return next(piece.rule for piece in log.pieces if piece.rule in _RULE_NAMES and text in piece.text)


def _by_density(body: HtmlElement, head: Head, title: str, log: StripLog) -> list[Paragraph]:
    summary = description(head)
    # As the page stood before stripping: a standfirst often sits in what the rules take for the page's header.
    page = paragraphs(body) if len(summary) >= MIN_SUMMARY else []
    _strip_by_rules(body, log)
    drop_boilerplate(body, log)
    element = article_element(body)
    if element is None:
        return []
    return with_summary(
        trim([one for one in best_stretch(paragraphs(element), log) if not one.linked], title, log), page, summary
    )


def _strip_by_rules(body: HtmlElement, log: StripLog) -> None:
    """The general rules, sparing what holds much of the page's prose: a class name alone does not condemn it."""
    found = blocks(body)
    total = found[-1].prose if found else 0
    strip_elements(body, RULES, log, keep=tuple(block.element for block in found if block.prose > RULES_SHARE * total))


def _by_json_ld(head: Head) -> list[Paragraph]:
    """The body in the article's own node, whether it holds text or markup."""
    body = structured.body(head.article)
    if re.search(r"<(?:p|br|div)\b", body):
        return fragment_paragraphs(body)
    return [Paragraph(line) for raw in body.split("\n") if (line := clean(raw))]


def _by_trafilatura(body: HtmlElement) -> list[Paragraph]:
    from trafilatura import bare_extraction  # slow to import, rarely needed

    document = bare_extraction(body, include_comments=False, with_metadata=False, fast=True)
    text = getattr(document, "text", None) or ""
    return [Paragraph(line) for raw in text.split("\n") if (line := clean(raw))]


def _length(found: list[Paragraph]) -> int:
    return sum(len(paragraph.text) for paragraph in found)
