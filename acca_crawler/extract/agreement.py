"""Measure the agreement between two texts of an article: the public page and the site's REST API."""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree
from lxml.html import HtmlElement, fragment_fromstring

from acca_crawler.extract.paragraphs import Paragraph, join, paragraphs
from acca_crawler.text.scrub import scrub

_WORD = re.compile(r"\w+")


def agreement(a: str, b: str) -> float:
    """Dice coefficient of two texts' word pairs, 0 (nothing in common) to 1 (the same words in the same order).

    Two empty texts agree. A layout change shows as a drop across many articles.
    """
    first, second = _pairs(a), _pairs(b)
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


def fragment_text(html: str) -> str:
    """Convert an HTML fragment (WordPress's `content.rendered`) to text, the same way as a page's body."""
    return join(fragment_paragraphs(html))


def fragment_paragraphs(html: str) -> list[Paragraph]:
    """Return the paragraphs of an HTML fragment."""
    root = _fragment(html)
    return paragraphs(root) if root is not None else []


def _fragment(html: str) -> HtmlElement | None:
    try:
        return fragment_fromstring(scrub(html), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _pairs(text: str) -> Counter[tuple[str, str]]:
    words = _WORD.findall(text.lower())
    return Counter(zip(words, [*words[1:], ""], strict=False))
