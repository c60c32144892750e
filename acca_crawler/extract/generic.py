"""Extract the body of a page without selectors."""

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

# How much longer the JSON-LD's body must be than the page's: then a script or a paywall hides the rest.
LONGER_IN_JSON_LD = 1.5
RULES_SHARE = 0.6  # of the page's prose: an element with more is not removed by a rule, whatever its class
MAX_REMOVED = 100_000  # characters of removed text in which blocks are looked up
# Minimum probability of a block: if the second method agrees, if it does not, and if it found nothing.
# Tuned on pages of sites that the model was not trained on.
AGREED, ALONE, UNSECONDED = 0.18, 0.82, 0.5
NEAR = 0.05  # rejected blocks with a higher probability are stored with the revision
MIN_BODY = 250  # characters: a shorter body is compared with the second method's
LONGER_AT_SECOND = 1.5  # factor by which the second method's body must be longer to be preferred

_RULE_NAMES = frozenset(rule.name for rule in RULES)
_CAPTION = re.compile(r"figcaption|wp-caption-text|photo-credit")


@dataclass(frozen=True, slots=True)
class GenericBody:
    """The body and the method that found it ("generic", "json-ld", "trafilatura")."""

    paragraphs: list[Paragraph]
    captions: tuple[str, ...] = ()
    method: str = ""


def generic_body(scope: HtmlElement, head: Head, title: str, log: StripLog) -> GenericBody:
    """Extract the body with the block model and a second method, or from the page's JSON-LD if that is clearly longer.

    The second method uses prose density. A block on which both agree needs a lower probability than one that only
    the model selects. If the model selects too little for an article, the second method's result is used; if that
    is empty too, trafilatura's. Modifies the tree. Near misses are logged.
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
    if head.article.get("liveBlogUpdate"):  # the page has only the first line, a script loads the other entries
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
    """Return the blocks selected by the model and the second method, in document order.

    Text inside an element removed by a boilerplate rule is never selected, however likely.
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
    """Return where another article begins, at its headline, as on pages that load the next one on scrolling."""
    last = max((number for number, block in enumerate(blocks) if block.text in seconded), default=len(blocks))
    return next((number for number in range(last + 1, len(blocks)) if blocks[number].tag == "h1"), len(blocks))


def _rule_of(text: str, log: StripLog) -> str:
    return next(piece.rule for piece in log.pieces if piece.rule in _RULE_NAMES and text in piece.text)


def _by_density(body: HtmlElement, head: Head, title: str, log: StripLog) -> list[Paragraph]:
    summary = description(head)
    # The page before stripping: a standfirst is often inside what the rules consider the page's header.
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
    """Apply the general rules, except to elements with much of the page's prose: a class name is not enough there."""
    found = blocks(body)
    total = found[-1].prose if found else 0
    strip_elements(body, RULES, log, keep=tuple(block.element for block in found if block.prose > RULES_SHARE * total))


def _by_json_ld(head: Head) -> list[Paragraph]:
    """Return the body in the article's own node, as text or markup."""
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
