"""Reasons to doubt an extraction, so that an unknown layout is noticed and its pages are read again later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from acca_crawler.items import Doubt, Stripped

SHORT = 400  # characters: a longer text is an article's, even if the page has much more
SHARE = 0.25  # of the text in the page's paragraphs: a short text with less is probably not the article
MIN_AGREEMENT = 0.5  # agreement of two readings, 0 to 1, below which one of them is wrong


def text_in_paragraphs(elements: Iterable[HtmlElement]) -> int:
    """Return the characters that begin the page's <p> elements: a quick measure of how much there is to read."""
    return sum(len(text.strip()) for element in elements if (text := element.text))


def little_text(text: str, in_paragraphs: int, stripped: Sequence[Stripped]) -> Doubt | None:
    """Doubt a short text on a page with much more that no boilerplate rule explains."""
    explained = sum(len(piece.text) for piece in stripped if piece.rule != "unlikely")
    unread = in_paragraphs - explained
    if len(text) >= SHORT or len(text) >= SHARE * unread:
        return None
    return Doubt("little_text", f"{len(text)} characters of {unread} in the page's paragraphs")


def readings_differ(agreement: float) -> Doubt | None:
    """Doubt a text on which the block model and the density reading disagree."""
    if agreement >= MIN_AGREEMENT:
        return None
    return Doubt("readings_differ", f"text agreement of model and density: {agreement:.0%}")


def template_unfit(dropped: int, taken: int) -> Doubt | None:
    """Doubt a page most of whose text is where the outlet's template has none: the layout has changed."""
    if not dropped:
        return None
    return Doubt("template_unfit", f"{dropped} of {taken} characters are where the template has no article text")


def rest_differs(agreement: float | None) -> Doubt | None:
    """Doubt a text that is not what the site's REST API gives for the article."""
    if agreement is None or agreement >= MIN_AGREEMENT:
        return None
    return Doubt("rest_differs", f"text agreement of page and REST: {agreement:.0%}")
