"""The body of a page nobody has written selectors for."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from lxml.html import HtmlElement

from acca_crawler.extract.metadata import Head
from acca_crawler.extract.paragraphs import Paragraph, clean


@dataclass(frozen=True, slots=True)
class GenericBody:
    """What was found, and by which means ("generic", "json-ld")."""

    paragraphs: list[Paragraph]
    captions: tuple[str, ...] = ()
    method: str = ""


def generic_body(scope: HtmlElement, head: Head, title: str) -> GenericBody:
    """The body by trafilatura."""
    from trafilatura import bare_extraction

    document = bare_extraction(deepcopy(scope), include_comments=False, with_metadata=False)
    text = getattr(document, "text", None) or ""
    found = [Paragraph(line) for raw in text.split("\n") if (line := clean(raw))]
    return GenericBody(found, method="generic")
