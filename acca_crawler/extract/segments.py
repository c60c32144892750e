"""Split a page into text blocks in reading order, with features of their markup, in one pass over the tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from acca_crawler.extract.paragraphs import BLOCKS, CELLS, NEVER_READ, clean

MAX_NAME = 60  # characters of a class or id that are examined
MAX_NAMES = 400  # characters of all of an element's classes
MAX_PATH = 60  # recorded ancestors of a block
MAX_BLOCKS = 20_000  # later blocks do not belong to an article
_BREAK = "\x00"
_PARAGRAPH_BREAK = re.compile(rf"{_BREAK}(?:\s*{_BREAK})+")

# Bits of `Block.marks` (the block and all its ancestors) and `Block.own` (the block alone).
NAV, HEADER, FOOTER, ASIDE, FORM, FIGURE, TABLE, LIST, QUOTE, ARTICLE, MAIN, BODY_NAME, COMMENT = (
    1 << n for n in range(13)
)
RELATED, SHARE, META, ADVERT, SUBSCRIBE, CAPTION, TEASER, LEAD, CONTENT_NAME, AUTHOR, HIDDEN, TAGS, DIALOG = (
    1 << n for n in range(13, 26)
)
MARKS = 26
_BY_TAG = {
    "nav": NAV, "header": HEADER, "footer": FOOTER, "aside": ASIDE, "form": FORM, "figure": FIGURE,
    "figcaption": CAPTION, "table": TABLE, "ul": LIST, "ol": LIST, "dl": LIST, "blockquote": QUOTE,
    "article": ARTICLE, "main": MAIN, "dialog": DIALOG, "address": META,
}  # fmt: skip
_BY_NAME = tuple(
    (mark, re.compile(pattern))
    for mark, pattern in (
        (NAV, r"\bnav|navig|menu|breadcrumb|pagination|pager|skip|\btoc\b|table-?of-?contents|toolbar|topbar"),
        (HEADER, r"header|masthead|hero|banner"),
        (FOOTER, r"foot|copyright|disclaimer|legal|colophon"),
        (ASIDE, r"side-?bar|aside|widget|\brail\b|right-?col|secondary"),
        (FORM, r"form\b|search|login|sign-?(?:in|up)|register"),
        (BODY_NAME, r"article-?_?body|articlebody|entry-?_?content|post-?_?content|article-?_*content|post-?body|"
                    r"story-?_?body|article-?_*text|text-?body|body-?text|rich-?text|\bprose\b|news-?text|full-?text"),
        (COMMENT, r"comment|disqus|respond|reply|feedback|review|rating"),
        (RELATED, r"related|recommend|recirc|more-?(?:stories|news|from|articles|posts)|read-?(?:more|also|next)|"
                  r"also-?read|most-?(?:read|popular)|trending|popular|latest|similar|outbrain|taboola|next-?(?:post|article)"),
        (SHARE, r"share|sharing|social|follow|\blike"),
        (META, r"\bmeta|byline|date|time|info\b|credit|views|source|published"),
        (ADVERT, r"advert|\bads?\b|sponsor|promo|\bcta\b|shop|product|price|donat|affiliate"),
        (SUBSCRIBE, r"newsletter|subscri|paywall|cookie|consent|gdpr|premium|member"),
        (CAPTION, r"caption|gallery|carousel|slider|slide|image|photo|media|video|player|embed"),
        (TEASER, r"teaser|card|\bitem|\blist|grid|excerpt|tile|thumb|\bcol\b"),
        (LEAD, r"\blead|standfirst|intro|summary|subtitle|sub-?head|deck|\bdek\b|vorspann|chapo|perex|kicker"),
        (CONTENT_NAME, r"content|article|post|entry|story|text|single|body|page|news|blog|detail"),
        (AUTHOR, r"author|\bbio\b|profile|avatar|contributor|writer"),
        (HIDDEN, r"hidden|screen-?reader|sr-only|invisible|d-none|collapse|tooltip"),
        (TAGS, r"\btags?\b|tag-?(?:list|links|cloud)|categor|keyword|topic|label|badge"),
        (DIALOG, r"modal|popup|pop-up|overlay|lightbox|notice|alert|drawer|toast"),
    )
)  # fmt: skip
_REGIONS = ARTICLE | MAIN | BODY_NAME | COMMENT | RELATED | ASIDE | FOOTER | NAV
_EMPHASIS = frozenset(("b", "strong", "em", "i", "u", "mark"))
_SMALL = frozenset(("small", "sub", "sup", "time", "cite", "label"))


@dataclass(slots=True)
class Block:
    """One text block: a paragraph, heading, list item, table row or loose text between them.

    `path` contains the numbers of all its ancestors from the outermost; `region` is the number of the nearest one whose
    name marks it as an article, a body, comments or similar. `linked` and `bold` count characters inside links and
    emphasis; `links` counts links. `container` is the number of the parent, `outer` that of the grandparent; `kind`
    groups blocks with the same tag and class in the same kind of parent.
    """

    text: str
    tag: str
    marks: int
    own: int
    depth: int
    container: int
    outer: int
    kind: str
    path: tuple[int, ...]
    region: int
    linked: int
    links: int
    bold: int
    small: int

    @property
    def all_linked(self) -> bool:
        return self.linked >= len(self.text) > 0


@lru_cache(maxsize=16384)
def _marks_of_name(name: str) -> int:
    """Return the marks of one class or id."""
    low = name[:MAX_NAME].lower()
    return sum(mark for mark, pattern in _BY_NAME if pattern.search(low))


def _marks_of(names: str) -> int:
    """Return the marks of all names in an attribute."""
    marks = 0
    for name in names[:MAX_NAMES].split():
        marks |= _marks_of_name(name)
    return marks


@dataclass(slots=True)
class _Level:
    tag: str
    marks: int
    own: int
    depth: int
    number: int
    kind: str
    path: tuple[int, ...]
    region: int


def read_blocks(root: HtmlElement) -> list[Block]:
    """Return the element's blocks in document order, without scripts, controls and hidden elements."""
    found: list[Block] = []
    levels = [_Level("body", 0, 0, 0, 0, "", (0,), 0)]
    inline_marks: list[int] = []
    pieces: list[str] = []
    links = linked = bold = small = number = 0
    in_link = in_bold = in_small = 0

    def flush() -> None:
        nonlocal links, linked, bold, small
        whole = "".join(pieces)
        pieces.clear()
        if whole and not whole.isspace():
            level = levels[-1]
            around = levels[-2] if len(levels) > 1 else level
            beyond = levels[-3] if len(levels) > 2 else around
            extra = 0
            for mark in inline_marks:
                extra |= mark
            parts = _PARAGRAPH_BREAK.split(whole) if _BREAK in whole else (whole,)
            loose = len(parts) > 1 or level.tag not in _OF_TEXT
            for part in parts:
                text = clean(part.replace(_BREAK, " "))
                if text and len(found) < MAX_BLOCKS:
                    share = 1.0 if len(parts) == 1 else len(part) / len(whole)
                    found.append(
                        Block(
                            text, level.tag, level.marks | extra, level.own | extra, level.depth,
                            level.number if loose else around.number,
                            around.number if loose else beyond.number,
                            f"{level.kind}<{around.kind}", level.path, level.region,
                            int(linked * share), links, int(bold * share), int(small * share),
                        )
                    )  # fmt: skip
        links = linked = bold = small = 0

    def add(text: str) -> None:
        nonlocal linked, bold, small
        pieces.append(text)
        if in_link or in_bold or in_small:
            length = len(text.strip())
            if in_link:
                linked += length
            if in_bold:
                bold += length
            if in_small:
                small += length

    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if tag in NEVER_READ or (tag == "button" and element.find(".//p") is None):
                walker.skip_subtree()
                continue
            if tag in BLOCKS or (tag in CELLS and tag != "td"):
                flush()
                level = levels[-1]
                name = element.get("class") or ""
                identifier = element.get("id")
                own = _BY_TAG.get(tag, 0)
                if name or identifier:
                    own |= _marks_of(f"{name} {identifier}" if identifier else name)
                if element.get("itemprop") == "articleBody":
                    own |= BODY_NAME
                number += 1
                path = (*level.path, number) if len(level.path) < MAX_PATH else level.path
                region = number if own & _REGIONS else level.region
                levels.append(
                    _Level(tag, level.marks | own, own, level.depth + 1, number, f"{tag}.{name[:40]}", path, region)
                )
            elif tag == "a":
                in_link += 1
                links += 1
            elif tag == "br":
                pieces.append(_BREAK)
            elif tag == "td":
                pieces.append(" ")
            elif tag in _EMPHASIS:
                in_bold += 1
            elif tag in _SMALL:
                in_small += 1
            elif tag == "span" and (name := element.get("class")):
                inline_marks.append(_marks_of(name))
            if element.text:
                add(element.text)
        else:
            if tag in BLOCKS or (tag in CELLS and tag != "td"):
                flush()
                if len(levels) > 1:
                    levels.pop()
            elif tag == "a":
                in_link -= 1
            elif tag == "td":
                pieces.append(" ")
            elif tag in _EMPHASIS:
                in_bold -= 1
            elif tag in _SMALL:
                in_small -= 1
            elif tag == "span" and element.get("class") and inline_marks:
                inline_marks.pop()
            if element is not root and element.tail:
                add(element.tail)
    flush()
    return found


_OF_TEXT = frozenset(
    (
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "tr",
        "pre",
        "dt",
        "dd",
        "figcaption",
        "blockquote",
        "td",
        "th",
        "summary",
    )
)
