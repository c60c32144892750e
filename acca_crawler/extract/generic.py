"""The body of a page nobody has written selectors for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from acca_crawler.extract import structured
from acca_crawler.extract.agreement import fragment_paragraphs
from acca_crawler.extract.body import take_captions
from acca_crawler.extract.boilerplate import RULES, StripLog, strip_elements
from acca_crawler.extract.density import WHOLE_SHARE, article_element, blocks, drop_boilerplate
from acca_crawler.extract.metadata import Head, description
from acca_crawler.extract.paragraphs import Paragraph, clean, paragraphs
from acca_crawler.extract.trimming import MIN_SUMMARY, trim, with_summary

# How much longer the JSON-LD's body must be than the page's: then a script or a paywall holds the rest back.
LONGER_IN_JSON_LD = 1.5


@dataclass(frozen=True, slots=True)
class GenericBody:
    """What was found, and by which means ("generic", "json-ld", "trafilatura")."""

    paragraphs: list[Paragraph]
    captions: tuple[str, ...] = ()
    method: str = ""


def generic_body(scope: HtmlElement, head: Head, title: str, log: StripLog) -> GenericBody:
    """The body by where the prose stands; by the page's JSON-LD where that has clearly more; else by trafilatura.

    Changes the tree. What was removed from it is logged.
    """
    body = scope.find("body") if scope.tag == "html" else scope
    if body is None:
        return GenericBody([])
    captions = take_captions(body)
    found = _by_density(body, head, title, log)
    claimed = _by_json_ld(head)
    if head.article.get("liveBlogUpdate"):  # its first line is on the page, the further entries come by a script
        shown = {paragraph.text for paragraph in claimed}
        claimed = [*(one for one in found if one.text not in shown), *claimed]
    if _length(claimed) > LONGER_IN_JSON_LD * _length(found):
        return GenericBody(claimed, captions, "json-ld")
    if found:
        return GenericBody(found, captions, "generic")
    return GenericBody(_by_trafilatura(body), captions, "trafilatura")


def _by_density(body: HtmlElement, head: Head, title: str, log: StripLog) -> list[Paragraph]:
    summary = description(head)
    # As the page stood before stripping: a standfirst often sits in what the rules take for the page's header.
    page = paragraphs(body) if len(summary) >= MIN_SUMMARY else []
    _strip_by_rules(body, log)
    drop_boilerplate(body, log)
    element = article_element(body)
    if element is None:
        return []
    return with_summary(trim(paragraphs(element), title, log), page, summary)


def _strip_by_rules(body: HtmlElement, log: StripLog) -> None:
    """The general rules, sparing what holds much of the page's prose: a class name alone does not condemn it."""
    found = blocks(body)
    total = found[-1].prose if found else 0
    strip_elements(body, RULES, log, keep=tuple(block.element for block in found if block.prose > WHOLE_SHARE * total))


def _by_json_ld(head: Head) -> list[Paragraph]:
    """The body in the article's own node, whether it holds text or markup."""
    body = structured.body(head.article)
    if re.search(r"<(?:p|br|div)\b", body):
        return fragment_paragraphs(body)
    return [Paragraph(line) for raw in body.split("\n") if (line := clean(raw))]


def _by_trafilatura(body: HtmlElement) -> list[Paragraph]:
    from trafilatura import bare_extraction  # slow to import, rarely needed

    document = bare_extraction(body, include_comments=False, with_metadata=False)
    text = getattr(document, "text", None) or ""
    return [Paragraph(line) for raw in text.split("\n") if (line := clean(raw))]


def _length(found: list[Paragraph]) -> int:
    return sum(len(paragraph.text) for paragraph in found)
