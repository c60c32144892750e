"""How far two readings of one article agree: the page as the public saw it, and the site's REST interface."""

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

    Two empty texts agree. A layout that changed shows as a fall over many articles.
    """
    first, second = _pairs(a), _pairs(b)
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


def fragment_text(html: str) -> str:
    """A piece of markup (WordPress's `content.rendered`) as text, read the way a page's body is."""
    return join(fragment_paragraphs(html))


def fragment_paragraphs(html: str) -> list[Paragraph]:
    """The paragraphs of a piece of markup."""
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
