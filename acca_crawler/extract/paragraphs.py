"""Convert markup to paragraphs of clean text; used for pages, REST bodies and text dumps alike."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from acca_crawler.extract.class_names import EMBEDS
from acca_crawler.items import Role

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead",
    "tr", "ul",
})  # fmt: skip
CELLS = frozenset(("td", "th"))
NEVER_READ = frozenset({
    "audio", "canvas", "datalist", "embed", "head", "iframe", "input", "link", "map", "meta", "noscript", "object",
    "script", "select", "style", "svg", "template", "textarea", "title", "video",
})  # fmt: skip

# Lexicon tables name soft hyphen, zero-width space and joiners, and the byte order mark; the rest are the
# direction marks and other invisible characters that editors paste in and that would break a match.
_INVISIBLE = dict.fromkeys(
    [
        *(0x00AD, 0x034F, 0x061C, 0x180E, 0xFEFF, 0x7F),
        *(*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x2070)),
        *(*range(0x09), 0x0B, *range(0x0E, 0x1C)),
    ]
)
# Every browser reads &#147; and similar as windows-1252 (HTML Living Standard, numeric character references).
_C1 = {code: bytes([code]).decode("windows-1252", errors="ignore") for code in range(0x80, 0xA0) if code != 0x85}
_CLEANING = _INVISIBLE | _C1
# Python calls every other character in `_CLEANING` unprintable, and no other one whitespace.
_PRINTABLE_INVISIBLE, _VERTICAL_TAB = "\u034f", "\x0b"

_SPACED = BLOCKS | CELLS | {"br"}

# XML can't contain a zero byte, so this mark can't occur in a page.
_BREAK = "\x00"
_PARAGRAPH_BREAK = re.compile(rf"{_BREAK}(?:\s*{_BREAK})+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `linked` if all its text is inside links."""

    text: str
    linked: bool = False
    role: Role = "paragraph"


def clean(text: str) -> str:
    """Normalise to one line: NFC, whitespace of any kind collapsed to single spaces, invisible characters removed.

    Quotation marks and dashes stay as published.
    """
    if text.isprintable() and "  " not in text and _PRINTABLE_INVISIBLE not in text:
        line = text.strip()  # as most paragraphs: nothing to collapse
    else:
        line = " ".join(text.split())
        if not line.isprintable() or _PRINTABLE_INVISIBLE in line or _VERTICAL_TAB in text:
            line = " ".join(text.translate(_CLEANING).split())
    return line if line.isascii() else unicodedata.normalize("NFC", line)


def inline(element: HtmlElement) -> str:
    """Return all text of an element on one line, with a space between blocks and for line breaks."""
    pieces: list[str] = []
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, one in walker:
        tag = one.tag
        if event == "start":
            if tag in NEVER_READ or (tag == "button" and never_read(one)):
                walker.skip_subtree()
                continue
            text = one.text
        else:
            text = one.tail if one is not element else None
        if tag in _SPACED:
            pieces.append(" ")
        if text:
            pieces.append(text)
    return clean("".join(pieces))


def never_read(element: HtmlElement) -> bool:
    """Whether an element's text is not part of the page: scripts, controls, alternatives.

    An unclosed button swallows the rest of the page, so its text is read.
    """
    tag = element.tag
    return tag in NEVER_READ or (tag == "button" and element.find(".//p") is None)


def join(found: list[Paragraph]) -> str:
    """Join paragraphs as they are stored: separated by one blank line."""
    return "\n\n".join(paragraph.text for paragraph in found)


def paragraphs(root: HtmlElement) -> list[Paragraph]:
    """Return the element's text in document order: each block is a paragraph, and two <br> start a new one."""
    reader = _Reader()
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if never_read(element):
                walker.skip_subtree()
                continue
            reader.open(tag, element)
            if element.text:
                reader.add(element.text)
        else:
            if not never_read(element):
                reader.close(tag)
            if element is not root and element.tail:
                reader.add(element.tail)
    reader.flush()
    return reader.found


def role_of(tag: str, parent: str, *, quoted: bool, embedded: bool) -> Role:
    """Return the role of a block by its element's tag, its parent's, and what is around it."""
    if embedded:
        return "embed"
    if tag in HEADINGS:
        return "heading"
    if tag in _ITEMS or parent in _ITEMS:
        return "list"
    if tag in _ROWS:
        return "table"
    return "quote" if quoted else "paragraph"


HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ITEMS = frozenset(("li", "dt", "dd"))
_ROWS = frozenset(("tr", "td", "th"))


class _Reader:
    """Collect text until a block ends."""

    def __init__(self) -> None:
        self.found: list[Paragraph] = []
        self._pieces: list[str] = []
        self._unlinked = False
        self._links = 0
        self._around: list[str] = ["", ""]
        self._embed_at: list[int] = []

    def open(self, tag: str, element: HtmlElement) -> None:
        if tag in BLOCKS:
            self.flush()
            self._around.append(tag)
            if (name := element.get("class")) and not EMBEDS.isdisjoint(name.split()):
                self._embed_at.append(len(self._around))
        elif tag == "a":
            self._links += 1
        elif tag == "br":
            self._pieces.append(_BREAK)
        elif tag in CELLS:
            self._pieces.append(" ")

    def close(self, tag: str) -> None:
        if tag in BLOCKS:
            self.flush()
            if self._embed_at and self._embed_at[-1] == len(self._around):
                self._embed_at.pop()
            self._around.pop()
        elif tag == "a":
            self._links -= 1
        elif tag in CELLS:
            self._pieces.append(" ")

    def add(self, text: str) -> None:
        self._pieces.append(text)
        if not self._links and not self._unlinked and not text.isspace():
            self._unlinked = True

    def flush(self) -> None:
        if self._pieces:
            whole = "".join(self._pieces)
            parts = _PARAGRAPH_BREAK.split(whole) if _BREAK in whole else [whole]
            for part in parts:
                if text := clean(part.replace(_BREAK, " ")):
                    role = role_of(
                        self._around[-1], self._around[-2], quoted="blockquote" in self._around,
                        embedded=bool(self._embed_at),
                    )  # fmt: skip
                    self.found.append(Paragraph(text, not self._unlinked, role))
            self._pieces.clear()
        self._unlinked = False
