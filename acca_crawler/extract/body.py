"""Extract the body with the outlet's selectors."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from acca_crawler.extract.boilerplate import CAPTIONS, RULES, StripLog, strip_elements, strip_paragraphs
from acca_crawler.extract.document import first
from acca_crawler.extract.paragraphs import Paragraph, inline, paragraphs
from acca_crawler.extract.scope import Scope
from acca_crawler.outlets import BoilerplateRule, Outlet

_TEXT_TAGS = frozenset(["p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "figure", "table"])
_CAPTION_NAMES = re.compile("caption|photo-credit")  # a part of every class in `CAPTIONS`


def selected_body(scope: Scope, outlet: Outlet, log: StripLog) -> list[Paragraph]:
    """Return the paragraphs matched by the outlet's body selector, after the boilerplate rules."""
    rules = rules_of(outlet)
    parts = _parts(scope, outlet.selectors.body)
    strip_elements(scope, rules, log, keep=tuple(parts))
    found = [paragraph for part in parts for paragraph in paragraphs(part)]
    return strip_paragraphs(found, rules, log)


def rules_of(outlet: Outlet | None) -> tuple[BoilerplateRule, ...]:
    """Return the outlet's own rules, then the general ones."""
    return (*outlet.boilerplate, *RULES) if outlet else RULES


def take_captions(scope: Scope, selector: str = "") -> tuple[str, ...]:
    """Remove captions and photo credits from the scope and return their texts."""
    taken: list[str] = []
    named = selector.split(", ") if selector else []
    seen = next(scope.element.iter("figcaption"), None) is not None or scope.has_name(_CAPTION_NAMES)
    others = ", ".join(one for one in CAPTIONS.split(", ") if one not in named) if seen else ""
    for element in scope.select(f"{selector}, {others}" if selector and others else selector or others):
        if element is not scope.element and element.getparent() is not None:
            taken.append(inline(element))
            scope.drop(element)
    return tuple(dict.fromkeys(text for text in taken if text))


def _parts(scope: Scope, selector: str) -> list[HtmlElement]:
    """Return the body's elements: every match that is a paragraph, or the first container and its matching siblings.

    Cards of other articles reuse the body's class, but are never siblings of the body.
    """
    matches = scope.select(selector)
    chosen = {id(element) for element in matches}
    matches = [e for e in matches if not any(id(a) in chosen for a in e.iterancestors())]
    if not matches or matches[0].tag in _TEXT_TAGS:
        return matches
    parent = matches[0].getparent()
    return [element for element in matches if element.getparent() is parent]


def scope_of(root: HtmlElement, outlet: Outlet) -> HtmlElement | None:
    """Return the article's element: the scope selector's first match, or the whole page without a scope selector."""
    return first(root, outlet.selectors.scope) if outlet.selectors.scope else root
