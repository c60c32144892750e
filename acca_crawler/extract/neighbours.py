"""Tell what markup belongs to other articles on a page: cards, comments, microdata with another headline."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from acca_crawler.extract.paragraphs import inline
from acca_crawler.extract.structured import Own

_OTHERS = re.compile(
    r"(?:^|[\s_-])(?:related|recommend\w*|similar|popular|latest|read-?also|opinions?)(?:$|[\s_-])|"
    r"(?:^|\s)(?:comments?|commentlist|disqus)(?:$|[\s_-])",
    re.IGNORECASE,
)
MAX_TEASERS, MAX_TEASER = 0.8, 0.5  # shares of the text in the page's paragraphs, of all teasers and of one
MIN_OWN = 500  # characters of an article whose headline is a link to itself
_FRAME = frozenset(("html", "body", "main"))
# By way of the attribute, which takes a fifth of the time of asking each element for it.
_SCOPES = XPath("descendant::*[@itemscope and @itemtype]")
_HEADLINE = XPath("(descendant-or-self::*[@itemprop = 'headline'])[1]")
_NAMES = XPath("descendant-or-self::*[@itemprop = 'name']")
_ARTICLE_TYPE = re.compile(r"schema\.org/\w*(?:Article|Posting)\b")


def is_in_others(element: HtmlElement) -> bool:
    """Whether an element is in a box of other articles or of comments, by the names of the elements around it."""
    for one in element.iterancestors():
        if one.tag not in _FRAME and _names_others(one.get("class") or "", one.get("id") or ""):
            return True
    return False


@lru_cache(maxsize=4096)  # many elements of a page have the same ones around them
def _names_others(classes: str, identifier: str) -> bool:
    return _OTHERS.search(f"{classes} {identifier}") is not None


def is_beside(element: HtmlElement) -> bool:
    """Whether an element is beside or below the article: in an aside, a menu or the page's footer."""
    return next(element.iterancestors("aside", "nav", "footer"), None) is not None or is_in_others(element)


def is_foreign_microdata(element: HtmlElement, own: Own) -> bool:
    """Whether a property is that of a microdata article with a headline that is not the page's own."""
    scope = next((one for one in element.iterancestors() if _is_article_scope(one)), None)
    return scope is not None and _is_foreign_scope(scope, own)


def foreign_articles(root: HtmlElement, own: Own) -> frozenset[HtmlElement]:
    """Return the `article` elements of other articles: cards above it, or what endless scrolling adds below.

    Only beside one with the title that the page's head declares, and only those whose headline is a link or an `h1`:
    sections of one article may be such elements too. Those with linked headlines that have most of the page's text are
    entries of the page's own list.
    """
    found = [one for one in root.iter("article") if next(one.iterancestors("article"), None) is None]
    if len(found) < 2:
        return frozenset()
    headlines = [(one, _headline_of(one)) for one in found]
    others = [
        one
        for one, headline in headlines
        if headline is not None
        and not own.declares(inline(headline))
        and (headline.tag == "h1" or _is_linked(headline))
    ]
    if not others or not any(_is_own(one, headline, own) for one, headline in headlines):
        return frozenset()
    return frozenset(others) - _entries(root, [one for one in others if next(one.iter("h1"), None) is None])


def _is_own(article: HtmlElement, headline: HtmlElement | None, own: Own) -> bool:
    """Whether an article has the page's title and is not a card with a similar title."""
    if headline is None or not own.declares(inline(headline)):
        return False
    return not _is_linked(headline) or len(article.text_content()) >= MIN_OWN


def _entries(root: HtmlElement, cards: list[HtmlElement]) -> set[HtmlElement]:
    """Return those among the articles with linked headlines that have too much of the page's text to be teasers."""
    whole = _text_in(root)
    texts = [_text_in(card) for card in cards]
    if sum(texts) > MAX_TEASERS * whole:
        return set(cards)
    return {card for card, text in zip(cards, texts, strict=True) if text > MAX_TEASER * whole}


def _text_in(element: HtmlElement) -> int:
    return sum(len(one.text_content()) for one in element.iter("p"))


def _headline_of(article: HtmlElement) -> HtmlElement | None:
    return next(article.iter("h1"), next(article.iter("h2", "h3", "h4"), None))


def _is_linked(headline: HtmlElement) -> bool:
    return next(headline.iter("a"), None) is not None or next(headline.iterancestors("a"), None) is not None


def foreign_scopes(root: HtmlElement, own: Own) -> frozenset[HtmlElement]:
    """Return the elements of other articles inside an element: by microdata whose headline is not the page's own, or
    as `foreign_articles` does.
    """
    if not own.titles:
        return frozenset()
    return foreign_articles(root, own) | frozenset(
        one
        for one in cast("list[HtmlElement]", _SCOPES(root))
        if _is_article_scope(one) and _is_foreign_scope(one, own)
    )


def _is_article_scope(element: HtmlElement) -> bool:
    return element.get("itemscope") is not None and bool(_ARTICLE_TYPE.search(element.get("itemtype") or ""))


def _is_foreign_scope(scope: HtmlElement, own: Own) -> bool:
    headline = next(iter(cast("list[HtmlElement]", _HEADLINE(scope))), None)
    if headline is None:
        named = cast("list[HtmlElement]", _NAMES(scope))
        headline = next((one for one in named if _scope_of(one) is scope), None)
    if headline is None or next(scope.iter("h1"), None) is not None:
        return False
    return not own.shows(headline.get("content") or inline(headline))


def _scope_of(element: HtmlElement) -> HtmlElement | None:
    return next((one for one in element.iterancestors() if one.get("itemscope") is not None), None)
