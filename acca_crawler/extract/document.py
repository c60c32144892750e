"""Parse each page once, and compile each CSS selector once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import cast

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement, document_fromstring

from acca_crawler.exceptions import OutletError
from acca_crawler.extract.bounds import bound_markup
from acca_crawler.extract.decoding import as_utf8
from acca_crawler.extract.unshown import without_unshown
from acca_crawler.text.scrub import encoded, scrubbed

# lxml.html's own lookup calls Python for every element, to give forms and inputs classes that nothing here needs.
_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
MIN_NOSCRIPT = 250
"""Characters: what asks for scripts to be switched on is shorter."""
_AROUND_TEXT = etree.XPath(
    "descendant::template[@shadowrootmode or @shadowroot] | descendant::a[not(@href) and (@name or @id) and (p or div)]"
    f" | descendant::noscript[string-length() > {MIN_NOSCRIPT}]"
)
_SHOWN_TEXT = etree.XPath(
    "body//text()[normalize-space() and not(ancestor::script or ancestor::style)]", smart_strings=False
)
_CLASSES = etree.XPath("descendant-or-self::*/@class", smart_strings=False)
_CLASSED = etree.XPath("descendant-or-self::*[@class]")


def parse(html: str | bytes, encoding: str | None = None) -> HtmlElement | None:
    """Parse a page and return the root element without comments, or None if there is nothing to parse."""
    page = as_utf8(html, encoding) if isinstance(html, bytes) else encoded(html)
    data, _ = bound_markup(scrubbed(without_unshown(page)))
    if not data.strip():
        return None
    # A fresh parser per page: lxml's parsers keep a lock and the page's ids.
    # huge_tree: pages that never close their <font> or <b> nest deeper than the default limit of 255.
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True
    )
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        root = cast(HtmlElement, document_fromstring(data, parser=parser))
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    _take_in_strays(root)
    _show_what_is_shown(root)
    return root


def _take_in_strays(root: HtmlElement) -> None:
    """Move what follows `</body>` or `</html>` to the body's end, as browsers do: it may be the whole article."""
    body = root.find("body")
    strays = [*(() if body is None else body.itersiblings()), *root.itersiblings()]
    if body is None and strays:  # a document with a head alone stands before the page's own
        body = cast(HtmlElement, etree.SubElement(root, "body"))
    for stray in strays:
        if stray.tag in ("html", "body"):
            stray.tag = "div"
        body.append(stray)


def _show_what_is_shown(root: HtmlElement) -> None:
    """Make ordinary elements of those that libxml2 or their name hide, but that a browser or a reader sees.

    These are the contents of a shadow root, an anchor (not a link) that is never closed, and most of a page's text in
    `noscript`, which only scripts replace.
    """
    for element in cast("list[HtmlElement]", _AROUND_TEXT(root)):
        if element.tag != "noscript" or _is_most_of(element, root):
            element.tag = "div"


def _is_most_of(element: HtmlElement, root: HtmlElement) -> bool:
    text = len("".join(element.itertext()))
    return text > MIN_NOSCRIPT and 2 * text > sum(map(len, cast("list[str]", _SHOWN_TEXT(root))))


def by_tag(root: HtmlElement, tags: Iterable[str]) -> dict[str, list[HtmlElement]]:
    """Return the page's elements with these tags, each tag's in document order, from one pass over the tree."""
    found: dict[str, list[HtmlElement]] = {tag: [] for tag in tags}
    for element in root.iter(*found):
        found[element.tag].append(element)
    return found


def with_class(element: HtmlElement, pattern: re.Pattern[str]) -> list[HtmlElement]:
    """Return the element and those inside it with a class that the pattern finds, in document order.

    Most pages have none: XPath gives the classes, without their elements, in a third of the time of asking each one.
    """
    classes = cast("list[str]", _CLASSES(element))
    names = set(classes)
    if pattern.search("\n".join(names)) is None:
        return []
    wanted = {name for name in names if pattern.search(name)}
    classed = cast("list[HtmlElement]", _CLASSED(element))
    return [one for one, name in zip(classed, classes, strict=True) if name in wanted]


@lru_cache(maxsize=2048)
def compiled(css: str) -> CSSSelector:
    """Compile a selector; raises `OutletError` for an invalid one."""
    try:
        return CSSSelector(css, translator="html")
    except SelectorError as error:
        raise OutletError(f"{css!r} is not a CSS selector: {error}") from error


def select(element: HtmlElement, css: str) -> list[HtmlElement]:
    """Return every match inside the element in document order; an empty selector matches nothing."""
    return cast("list[HtmlElement]", compiled(css)(element)) if css else []


def first(element: HtmlElement, css: str) -> HtmlElement | None:
    """Return the first match inside the element; an empty selector matches nothing."""
    found = cast("list[HtmlElement]", _compiled_first(css)(element)) if css else []
    return found[0] if found else None


@lru_cache(maxsize=2048)
def _compiled_first(css: str) -> etree.XPath:
    """Compile a selector so that libxml2 stops at its first match."""
    return etree.XPath(f"({compiled(css).path})[1]")
