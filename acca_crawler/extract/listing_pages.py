"""Detect pages that list articles (a tag, a section, a search)."""

from __future__ import annotations

import re
from collections import defaultdict

from lxml.html import HtmlElement

from acca_crawler.extract import structured
from acca_crawler.extract.metadata import read_head

MIN_HEADLINES = 5
"""Minimum number of linked headlines outside boilerplate; fewer may be related articles."""

MAX_OWN_WORDS = 40
"""Maximum words that a list has outside its cards, headings, menus and footers."""

MIN_TITLE_WORDS = 3
"""Minimum words of a link that is a headline."""

LIST_CLASSES = frozenset(
    ("archive", "category", "tag", "search", "search-results", "blog", "author", "tax", "taxonomy", "date")
)
"""Classes of `body` that WordPress and similar systems give to their lists."""

LIST_TYPES = frozenset(("CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage"))

_HEADLINES = (
    "descendant::*[self::h2 or self::h3 or self::h4][descendant::a[@href] or parent::a[@href]]"
    "[not(ancestor::aside or ancestor::footer or ancestor::nav)]"
)
_NO_TEXT = frozenset(
    ("head", "script", "style", "noscript", "template", "nav", "aside", "header", "footer", "form", "h1", "h2", "h3")
)
_RELATED = re.compile(r"relat|recommend|similar|more-?news|read-?also|popular|latest|sidebar|widget", re.IGNORECASE)


def is_listing(root: HtmlElement, url: str) -> bool:
    """Whether a page lists articles: it declares so, or has several linked headlines and no article markup.

    The headlines may be links in several alike elements rather than headings, if the page has next to nothing else.
    """
    head = read_head(root, url)
    if structured.ARTICLE_TYPES & structured.types(head.article) or head.get("og:type").lower() == "article":
        return False
    found = [element for element in root.xpath(_HEADLINES) if not _is_related(element)]
    if len(found) < MIN_HEADLINES:
        return _is_all_cards(root)
    body = root.find("body")
    classes = set((body.get("class") or "").lower().split()) if body is not None else set()
    says_so = bool(classes & LIST_CLASSES) or any(LIST_TYPES & structured.types(node) for node in head.nodes)
    return says_so or _linked_share(root) > 0.5


def _is_all_cards(root: HtmlElement) -> bool:
    cards = {
        card
        for parent in root.iter("body", "main", "section", "div", "ul", "ol", "tbody", "table", "article")
        for card in _cards_in(parent)
    }
    return bool(cards) and _words_outside(root, cards) <= MAX_OWN_WORDS


def _cards_in(parent: HtmlElement) -> list[HtmlElement]:
    """Return an element's children of one kind with a linked headline each, if they are many."""
    kinds: dict[tuple[str, str], list[HtmlElement]] = defaultdict(list)
    for child in parent.iterchildren("div", "li", "article", "section", "tr", "p", "a"):
        links = [child] if child.tag == "a" else child.iterdescendants("a")
        if any(link.get("href") and len(link.text_content().split()) >= MIN_TITLE_WORDS for link in links):
            kinds[child.tag, child.get("class") or ""].append(child)
    most = max(kinds.values(), key=len, default=[])
    return most if len(most) >= MIN_HEADLINES else []


def _words_outside(element: HtmlElement, cards: set[HtmlElement]) -> int:
    """Count the words of an element outside cards and other text that is not an article's."""
    words, pending = 0, [element]
    while pending:
        one = pending.pop()
        if one in cards or one.tag in _NO_TEXT or not isinstance(one.tag, str):
            continue
        words += len((one.text or "").split())
        for child in one:
            words += len((child.tail or "").split())
            pending.append(child)
    return words


def _is_related(element: HtmlElement) -> bool:
    """Whether a headline is in a box of related articles."""
    around = (f"{one.get('class') or ''} {one.get('id') or ''}" for one in element.iterancestors() if one.tag != "body")
    return any(_RELATED.search(names) for names in around)


def _linked_share(root: HtmlElement) -> float:
    """Share of the words in headlines and paragraphs that are in cards with a linked headline."""
    prose = sum(len(element.text_content().split()) for element in root.iter("p"))
    cards = 0
    for element in root.xpath(_HEADLINES):
        card = element.getparent()
        cards += sum(len(inner.text_content().split()) for inner in card.iter("p")) if card.tag != "body" else 0
    return cards / prose if prose else 1.0
