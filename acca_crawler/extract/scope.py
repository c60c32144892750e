"""Answer an outlet's selectors from the elements that have the classes and ids they name, found in one pass.

By itself each selector has libxml2 compare the classes of every element, which takes half as long as parsing the page.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, cast

from cssselect.parser import Class, CombinedSelector, Hash, parse
from lxml.cssselect import LxmlHTMLTranslator
from lxml.etree import XPath
from lxml.html import HtmlElement

from acca_crawler.extract.document import compiled, select

HIDDEN = "[hidden]"
"""The key of elements with that attribute, which are never shown."""

MAX_BEGINNINGS = 20  # elements that a selector begins with: each is asked for what is inside it

MAX_CLASSES = 500  # characters of an element's classes that are remembered

_BESIDE = ("+", "~")
_TRANSLATOR = LxmlHTMLTranslator()


class Scope:
    """An element of a page with what is inside it, by class (".name"), id ("#name") and attribute ("[hidden]")."""

    __slots__ = ("_dropped", "_named", "element")

    def __init__(self, element: HtmlElement) -> None:
        self.element = element
        self._named: dict[str, list[HtmlElement]] | None = None
        self._dropped: set[HtmlElement] = set()

    def __contains__(self, key: str) -> bool:
        """Whether an element has a class or an id, or had when the scope was first asked."""
        return key in self._names()

    def with_name(self, key: str) -> list[HtmlElement]:
        """Return the elements with a class or id, in document order, the scope itself among them."""
        found = self._names().get(key, [])
        return found if self._dropped.isdisjoint(found) else [one for one in found if one not in self._dropped]

    def has_name(self, pattern: re.Pattern[str]) -> bool:
        """Whether the pattern finds something in a class or an id."""
        return pattern.search("\n".join(self._names())) is not None

    def select(self, css: str) -> list[HtmlElement]:
        """Return every match in document order; an empty selector matches nothing.

        Raises `OutletError` for an invalid selector.
        """
        if not css:
            return []
        found: dict[HtmlElement, None] = {}
        by_several = False
        for beginning in _beginnings(css):
            if (matches := self._matches(beginning)) is None:
                return select(self.element, css)
            by_several = by_several or bool(found and matches)
            found.update(dict.fromkeys(matches))
        if by_several and len(found) > 1:
            return [one for one in self.element.iter(*{one.tag for one in found}) if one in found]
        return [*found]

    def first(self, css: str) -> HtmlElement | None:
        """Return the first match; raises `OutletError` for an invalid selector."""
        found = self.select(css)
        return found[0] if found else None

    def drop(self, element: HtmlElement) -> None:
        """Take an element out of the page; what follows it stays."""
        self._dropped.update(element.iter())
        element.drop_tree()

    def _names(self) -> dict[str, list[HtmlElement]]:
        if self._named is None:
            self._named = _by_name(self.element)
        return self._named

    def _matches(self, beginning: _Beginning) -> list[HtmlElement] | None:
        """Return the matches of a selector without commas; None if all elements must be asked."""
        if not beginning.key:
            return cast("list[HtmlElement]", beginning.path(self.element))
        elements = self.with_name(beginning.key)
        if len(elements) > MAX_BEGINNINGS or any(one in next_.iterancestors() for one, next_ in pairwise(elements)):
            return None
        return [match for one in elements for match in cast("list[HtmlElement]", beginning.path(one))]


class _Beginning(NamedTuple):
    """The class or id of the element that a selector begins with, and the path from there; without, from the scope."""

    key: str
    path: XPath


@lru_cache(maxsize=2048)
def _beginnings(css: str) -> tuple[_Beginning, ...]:
    """Return one for each selector between commas; raises `OutletError` for an invalid one."""
    compiled(css)
    found: list[_Beginning] = []
    for selector in parse(css):
        key = _key(selector.parsed_tree)
        prefix = "self::" if key else "descendant-or-self::"
        found.append(_Beginning(key, XPath(_TRANSLATOR.selector_to_xpath(selector, prefix))))
    return tuple(found)


def _key(tree: object) -> str:
    """Return a class or an id that every match's first element has; empty if there is none, or a match is beside it."""
    while isinstance(tree, CombinedSelector):
        if tree.combinator in _BESIDE:
            return ""
        tree = tree.selector
    while tree is not None:
        if isinstance(tree, Class) and len(tree.class_name.split()) == 1:
            return f".{tree.class_name}"
        if isinstance(tree, Hash):
            return f"#{tree.id}"
        tree = getattr(tree, "selector", None)
    return ""


def _by_name(scope: HtmlElement) -> dict[str, list[HtmlElement]]:
    found: defaultdict[str, list[HtmlElement]] = defaultdict(list)
    for element in scope.iter():
        if classes := element.get("class"):
            for key in _keys(classes) if len(classes) <= MAX_CLASSES else _keys.__wrapped__(classes):
                found[key].append(element)
        if identifier := element.get("id"):
            found[f"#{identifier}"].append(element)
        if element.get("hidden") is not None:
            found[HIDDEN].append(element)
    return found


@lru_cache(maxsize=4096)  # an outlet's pages have the same classes
def _keys(classes: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f".{name}" for name in classes.split()))
