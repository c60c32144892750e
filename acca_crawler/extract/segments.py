"""Split a page into text blocks in reading order, with what their markup says, in one pass over the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
from lxml import etree
from lxml.html import HtmlElement
from numpy.typing import NDArray

from acca_crawler.extract.boilerplate import StripLog, combined_rules, rules_by_name
from acca_crawler.extract.class_names import (
    ADVERT,
    ARTICLE,
    ASIDE,
    BODY_NAME,
    BOILERPLATE,
    CAPTION,
    COMMENT,
    DIALOG,
    FIGURE,
    FOOTER,
    FORM,
    HEADER,
    HIDDEN,
    LIST,
    MAIN,
    MAX_NAMES,
    META,
    NAMED_BODY,
    NAV,
    QUOTE,
    RELATED,
    SHARE,
    SUBSCRIBE,
    TABLE,
    TAGS,
    marks_of_names,
)
from acca_crawler.extract.document import select
from acca_crawler.extract.paragraphs import BLOCKS, CELLS, NEVER_READ, clean, inline

MAX_BLOCKS = 20_000  # later blocks do not belong to an article
LEVELS = 6  # elements in the path that names a place
LONG_TEXT = 250  # characters; an element with a longer text is not a menu
MAX_MENUS = 200  # elements of a page that are examined for being a menu
MAX_PLACES = 60_000  # elements beyond are read as if they were part of the last one
_BREAK = "\x00"
_PARAGRAPH_BREAK = re.compile(rf"{_BREAK}(?:\s*{_BREAK})+")
STORY, OUTWARD = 1, 2
MAX_HOST = 60  # characters of an address in which its host is looked for
MIN_STORY = 20  # characters of the last name in the address of a story
_NUMBER = re.compile(r"\d{4}")
_DIGITS = re.compile(r"\d+")
# It begins with a set of characters, so that `re` looks at nothing else.
_SENTENCE_END = re.compile(r"[.!?…。？！,،、，](?:(?<=[,،、，])|\s|$|[\"”»’)])")
_NOT_SHOWN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.IGNORECASE)

_BY_TAG = {
    "nav": NAV | BOILERPLATE, "header": HEADER, "footer": FOOTER | BOILERPLATE, "aside": ASIDE | BOILERPLATE,
    "form": FORM | BOILERPLATE, "figure": FIGURE, "figcaption": CAPTION | BOILERPLATE, "table": TABLE,
    "ul": LIST, "ol": LIST, "dl": LIST, "blockquote": QUOTE, "article": ARTICLE, "main": MAIN, "dialog": DIALOG,
    "address": META,
}  # fmt: skip
# Named as what is beside an article: not read if it has nothing that a text has.
_NAMED_MENU = NAV | FOOTER | ASIDE | SHARE | RELATED | COMMENT | FORM | SUBSCRIBE | ADVERT | TAGS
_REGIONS = ARTICLE | MAIN | BODY_NAME | COMMENT | RELATED | ASIDE | FOOTER | NAV
_ATTRIBUTES = frozenset(("class", "id", "role", "itemprop", "hidden", "style"))
_EMPHASIS = frozenset(("b", "strong", "em", "i", "u", "mark"))
_SMALL = frozenset(("small", "sub", "sup", "time", "cite", "label"))
_WITHOUT_TEXT = ("area", "col")  # not those that libxml2 does not know as empty
_PICTURES = ("img", "video", "iframe")
_OF_TEXT = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "pre", "dt", "dd", "figcaption", "blockquote", "td", "th",
    "summary",
))  # fmt: skip
_MENU_TAGS = frozenset(("nav", "footer", "header", "div", "section", "aside", "ul", "ol", "menu", "form"))
_NEVER_IN_MENUS = ("p", "h1", "br", "article", "main", "figcaption")
_LONG_TEXT = etree.XPath(f"boolean(descendant::text()[string-length() > {LONG_TEXT}])")
# Only a few levels deep, or hidden elements inside each other would take quadratic time.
_LONG_TEXT_NEAR = etree.XPath(f"boolean((.|*|*/*|*/*/*|*/*/*/*)/text()[string-length() > {LONG_TEXT}])")
_CAPTIONS = frozenset(("wp-caption-text", "photo-credit"))
# From BLOCK on, an element's end matters too.
NEVER, PICTURE, INLINE, BREAK, BUTTON, BLOCK, LINK, CELL, EMPHASIS, SMALL, MARKED = range(11)
_KINDS = {
    **dict.fromkeys(BLOCKS, BLOCK), **dict.fromkeys(CELLS, CELL), **dict.fromkeys((*NEVER_READ, *_WITHOUT_TEXT), NEVER),
    **dict.fromkeys(_PICTURES, PICTURE),
    **dict.fromkeys(_EMPHASIS, EMPHASIS), **dict.fromkeys(_SMALL, SMALL),
    "a": LINK, "br": BREAK, "button": BUTTON,
}  # fmt: skip


@dataclass(slots=True)
class Block:
    """One text block: a paragraph, heading, list item, table row or loose text between them.

    `place` is the number of its element in the layout, `container` that of the parent, `outer` that of the
    grandparent; `region` is the number of the nearest element whose name marks it as an article, a body, comments or
    similar. `marks` (the element and all its ancestors) and `own` (the element alone) are bits of `class_names`.
    `linked` and `bold` count characters inside links and emphasis; `links` counts links; `kind` groups blocks with the
    same tag and class in the same kind of parent. `pictures` counts those on the page up to the block's end, videos and
    frames included; `stories` and `outward` count its links to stories of the page's own site and to other sites.
    """

    text: str
    tag: str
    marks: int
    own: int
    depth: int
    place: int
    container: int
    outer: int
    kind: str
    region: int
    linked: int
    links: int
    bold: int
    small: int
    pictures: int
    stories: int
    outward: int

    @property
    def all_linked(self) -> bool:
        """Whether all of its text is in links."""
        return self.linked >= len(self.text) > 0


@dataclass(slots=True)
class Place:
    """A block-level element: its parent's number, the number of the last element inside it, and its own text.

    `prose` and `linked` count characters outside and inside links, `sentences` is whether any of it is punctuated;
    `rule` is the boilerplate rule that names it; `caption` is the number of the caption it is inside, or 0.
    """

    tag: str
    parent: int
    marks: int
    own: int
    depth: int
    kind: str
    region: int
    rule: str
    caption: int
    element: HtmlElement | None = None
    last: int = 0
    prose: int = 0
    linked: int = 0
    sentences: bool = False


@dataclass(slots=True)
class Layout:
    """A page's blocks and block-level elements in document order, and the inline boilerplate left out of their text.

    `menus` are the elements that were not read at all, each with the number of the block after it.
    """

    blocks: list[Block] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    log: StripLog = field(default_factory=StripLog)
    menus: list[tuple[int, HtmlElement]] = field(default_factory=list)


class PlaceColumns(NamedTuple):
    """What is computed over all elements of a layout at once, one array per field of `Place`."""

    last: NDArray[np.int64]
    own: NDArray[np.int64]
    prose: NDArray[np.int64]
    linked: NDArray[np.int64]
    sentences: NDArray[np.int64]

    @classmethod
    def of(cls, places: list[Place]) -> PlaceColumns:
        """Turn the places of a layout into columns."""
        return cls(*np.fromiter(chain.from_iterable(map(_OF_PLACE, places)), dtype=np.int64).reshape(-1, 5).T)


_OF_PLACE = attrgetter(*PlaceColumns._fields)


def read_layout(root: HtmlElement, foreign: frozenset[HtmlElement] = frozenset(), host: str = "") -> Layout:
    """Return the element's blocks and elements, without scripts, controls and inline boilerplate.

    `host` is the page's own, to tell links to the site's stories from those to other sites. `foreign` are elements that
    hold other articles: they are not read, and their text is logged.
    """
    layout = Layout()
    found, places = layout.blocks, layout.places
    places.append(Place("body", 0, 0, 0, 0, "", 0, "", 0))
    levels = [0]
    inline_marks: list[int] = []
    pieces: list[str] = []
    links = linked = bold = small = stories = outward = pictures = 0
    in_link = in_bold = in_small = 0
    combined = False
    menus_left = MAX_MENUS

    def flush() -> None:
        nonlocal links, linked, bold, small, stories, outward
        whole = "".join(pieces) if len(pieces) > 1 else pieces[0]
        pieces.clear()
        length = len(whole.strip())
        if length and len(found) < MAX_BLOCKS:
            number = levels[-1]
            level = places[number]
            parent = level.parent
            extra = 0
            for mark in inline_marks:
                extra |= mark
            level.linked += linked
            if linked < length:
                level.prose += length - linked
                level.sentences = level.sentences or _SENTENCE_END.search(whole) is not None
            marks, own, loose = level.marks | extra, level.own | extra, level.tag not in _OF_TEXT
            kind = f"{level.kind}<{places[parent].kind}"
            if _BREAK not in whole:
                if text := clean(whole):
                    container, outer = (number, parent) if loose else (parent, places[parent].parent)
                    found.append(
                        Block(
                            text, level.tag, marks, own, level.depth, number, container, outer, kind, level.region,
                            linked, links, bold, small, pictures, stories, outward,
                        )
                    )  # fmt: skip
            else:
                parts = _PARAGRAPH_BREAK.split(whole)
                loose = loose or len(parts) > 1
                container, outer = (number, parent) if loose else (parent, places[parent].parent)
                for part in parts:
                    if text := clean(part.replace(_BREAK, " ")):
                        share = len(part) / len(whole) if len(parts) > 1 else 1.0
                        found.append(
                            Block(
                                text, level.tag, marks, own, level.depth, number, container, outer, kind, level.region,
                                int(linked * share), links, int(bold * share), int(small * share), pictures, stories,
                                outward,
                            )
                        )  # fmt: skip
        links = linked = bold = small = stories = outward = 0

    kind_of = _KINDS.get
    around: list[tuple[Iterator[HtmlElement], HtmlElement, int]] = []
    siblings = iter((root,))
    while True:
        element = next(siblings, None)
        if element is None:
            if not around:
                break
            siblings, element, kind = around.pop()
        else:
            tag = element.tag
            kind = kind_of(tag, INLINE)
            inner = element[:] if kind > PICTURE else ()
            if foreign and element in foreign:
                layout.log.add("other-article", inline(element))
                kind = NEVER
            elif kind == BLOCK:
                if pieces:
                    flush()
                number = len(places)
                if not inner and not element.text:
                    kind = NEVER
                elif number < MAX_PLACES:
                    place = _place(element, tag, number, levels[-1], places)
                    if place.own & _NAMED_MENU and tag in _MENU_TAGS and menus_left:
                        menus_left -= 1
                        if _is_menu(element):
                            layout.menus.append((len(found), element))
                            kind = NEVER
                    if kind == BLOCK:
                        combined = combined or place.element is not None
                        places.append(place)
                        levels.append(number)
                else:
                    levels.append(levels[-1])
            elif kind == BREAK:
                pieces.append(_BREAK)
            elif kind == PICTURE:
                pictures += 1
                kind = NEVER
            elif kind == BUTTON and element.find(".//p") is None:
                kind = NEVER
            elif kind != NEVER:
                if name := element.get("class"):
                    named = (_named if len(name) <= MAX_NAMES else _named_at_length)(tag, name, "", "")
                    if (named.rule or named.caption) and element is not root:
                        layout.log.add(named.rule or "caption", inline(element))
                        kind = NEVER
                    elif tag == "span":
                        inline_marks.append(named.own)
                        kind = MARKED
                if kind == LINK:
                    in_link += 1
                    links += 1
                    target = _target(element.get("href"), host)
                    if target == STORY:
                        stories += 1
                    elif target == OUTWARD:
                        outward += 1
                elif kind == CELL:
                    pieces.append(" ")
                elif kind == EMPHASIS:
                    in_bold += 1
                elif kind == SMALL:
                    in_small += 1
            if kind != NEVER:
                if (text := element.text) and (pieces or not text.isspace()):
                    pieces.append(text)
                    if in_link or in_bold or in_small:
                        length = len(text.strip())
                        if in_link:
                            linked += length
                        if in_bold:
                            bold += length
                        if in_small:
                            small += length
                if inner:
                    around.append((siblings, element, kind))
                    siblings = iter(inner)
                    continue
        if kind >= BLOCK:
            if kind == BLOCK:
                if pieces:
                    flush()
                if len(levels) > 1:
                    places[levels.pop()].last = len(places) - 1
            elif kind == LINK:
                in_link -= 1
            elif kind == CELL:
                pieces.append(" ")
            elif kind == EMPHASIS:
                in_bold -= 1
            elif kind == SMALL:
                in_small -= 1
            else:
                inline_marks.pop()
        if element is not root and (text := element.tail) and (pieces or not text.isspace()):
            pieces.append(text)
            if in_link or in_bold or in_small:
                length = len(text.strip())
                if in_link:
                    linked += length
                if in_bold:
                    bold += length
                if in_small:
                    small += length
    if pieces:
        flush()
    places[0].last = len(places) - 1
    if combined:
        _apply_combined_rules(root, places)
    return layout


def host_of(address: str) -> str:
    """Return the host of a page's address without "www."; empty if it has none."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _target(address: str | None, host: str) -> int:
    """Whether a link leads to a story of the page's own site, to another site, or to neither."""
    if not address or address[0] == "#":
        return 0
    if "://" in address[:8]:
        if not host or host not in address[:MAX_HOST]:
            return OUTWARD
    elif ":" in address[:12]:
        return 0
    path = address.rstrip("/")
    last = path[path.rfind("/") + 1 :]
    return STORY if len(last) >= MIN_STORY or _NUMBER.search(last) else 0


def places_of(layout: Layout) -> list[str]:
    """Return a name for each element's place: the tags and classes of the last few elements around it."""
    kinds: list[tuple[str, ...]] = []
    for number, place in enumerate(layout.places):
        own = _DIGITS.sub("0", place.kind)
        kinds.append((*kinds[place.parent], own)[-LEVELS:] if number else ())
    return [" > ".join(chain) for chain in kinds]


def _is_menu(element: HtmlElement) -> bool:
    """Whether an element named as a menu has nothing that a text has. Half of a page's blocks need not be read then."""
    if next(element.iter(*_NEVER_IN_MENUS), None) is not None:
        return False
    # Most menus have less text than one long one, which is seen in a quarter of the time of looking at each.
    whole = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    return len(whole) <= LONG_TEXT or not _LONG_TEXT(element)


def _place(element: HtmlElement, tag: str, number: int, parent: int, places: list[Place]) -> Place:
    """Return the element as a place; it keeps the element if a rule with a combined selector may match it."""
    around = places[parent]
    name = identifier = role = ""
    extra = 0
    for attribute, value in element.items():
        if attribute == "class":
            name = value
        elif attribute not in _ATTRIBUTES:
            continue
        elif attribute == "id":
            identifier = value
        elif attribute == "role":
            role = value
        elif attribute == "itemprop":
            if value == "articleBody":
                extra |= BODY_NAME | NAMED_BODY
        elif attribute == "hidden":
            if not _LONG_TEXT_NEAR(element):  # the rest of an article, which a button shows
                extra |= HIDDEN | BOILERPLATE
        elif _NOT_SHOWN.search(value[:200]):
            extra |= HIDDEN
    read = _named if len(name) + len(identifier) + len(role) <= MAX_NAMES else _named_at_length
    own, rule, caption, combined, kind = read(tag, name, identifier, role)
    own |= extra
    return Place(
        tag, parent, around.marks | own, own, around.depth + 1, kind, number if own & _REGIONS else around.region,
        rule, around.caption or (number if caption else 0), element if combined else None,
    )  # fmt: skip


class _Named(NamedTuple):
    """What an element's tag, classes and id say: its marks, a boilerplate rule, a caption, part of a combined rule."""

    own: int
    rule: str
    caption: bool
    combined: bool
    kind: str


@cache
def _names_in_rules() -> frozenset[str]:
    """Return every class and id that says more than its words do."""
    return frozenset((*(key[1:] for key in (*rules_by_name(), *combined_rules())), *_CAPTIONS))


@lru_cache(maxsize=32768)
def _named(tag: str, classes: str, identifier: str, role: str) -> _Named:
    own = _BY_TAG.get(tag, 0)
    rule = "meta-line" if tag == "nav" else ""
    caption = tag == "figcaption"
    combined = False
    if classes or identifier or role:
        names = f"{classes} {identifier} {role}"
        own |= marks_of_names(names[:MAX_NAMES])
        if not _names_in_rules().isdisjoint(names.split()):
            keys = [f".{one}" for one in classes.split()]
            if identifier:
                keys.append(f"#{identifier}")
            rules = rules_by_name()
            rule = next((rules[key] for key in keys if key in rules), rule)
            caption = caption or any(key[1:] in _CAPTIONS for key in keys)
            combined = not combined_rules().keys().isdisjoint(keys)
    return _Named(own, rule, caption, combined, f"{tag}.{classes[:40]}")


_named_at_length = _named.__wrapped__  # not remembered: pages with endless classes would fill the memory


def _apply_combined_rules(root: HtmlElement, places: list[Place]) -> None:
    """Mark the elements that rules with combined selectors match (`.a .b`)."""
    by_element = {place.element: place for place in places if place.element is not None}
    for rule, css in combined_rules().values():
        for element in select(root, css):
            place = by_element.get(element)
            if place is not None and not place.rule:
                place.rule = rule
