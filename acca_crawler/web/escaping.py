"""Makes text from the web safe to display.

Everything is escaped. Characters that could make a line look different from what is stored (bidirectional overrides,
invisible characters, control codes) are shown as their code point. Only http(s) URLs become links.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from storage.articles.read import SpanRecord

PART = 60_000
"""Code points of an article's text per page: an amount that browsers lay out without delay."""

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)


def visible(text: object) -> Markup:
    """Escape text and show its hidden characters by code point and name."""
    return Markup(_HIDDEN.sub(_shown, str(escape("" if text is None else text))))


def short(text: object, most: int) -> Markup:
    """As `visible`, shortened to at most `most` code points."""
    whole = "" if text is None else str(text)
    return visible(whole if len(whole) <= most else f"{whole[:most]}…")


def plain(text: str, most: int) -> str:
    """Return the start of a text without hidden characters, for places that allow no markup, such as a page's title."""
    return _HIDDEN.sub("", text[:most])


def _shown(match: re.Match[str]) -> str:
    code = f"U+{ord(match[0]):04X}"
    return f'<span class="hidden-character" title="{escape(unicodedata.name(match[0], code))}">{code}</span>'


def link(url: str, text: str | None = None) -> Markup:
    """Return a link that sends no referrer if the URL is http(s), else the URL as text."""
    if not is_web_address(url):
        return visible(url)
    return Markup('<a href="{}" rel="noopener noreferrer nofollow external">{}</a>').format(url, visible(text or url))


def is_web_address(url: str) -> bool:
    """Return whether `url` is an http(s) URL without whitespace or control characters."""
    if not url.isascii() and not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"[\s\x00-\x20]", url)


@dataclass(frozen=True, slots=True)
class TextPart:
    """The part of a text shown on one page: code-point offsets, `end` exclusive."""

    number: int
    start: int
    end: int


def parts(text: str) -> list[TextPart]:
    """Split the text into parts of at most `PART` code points, between paragraphs or words if possible."""
    found: list[TextPart] = []
    start = 0
    while start < len(text) or not found:
        end = min(start + PART, len(text))
        if end < len(text):
            cut = max(text.rfind("\n\n", start, end) + 2, text.rfind(" ", end - 200, end) + 1, start)
            end = cut if cut > start + PART // 2 else end
        found.append(TextPart(len(found) + 1, start, end))
        start = end
    return found


@dataclass(frozen=True, slots=True)
class Mark:
    """A span and its position among its flag's spans, which is its anchor on the page."""

    position: int
    span: SpanRecord


def rule_of(span: SpanRecord) -> str:
    """Return the name of a span's rule, untranslated."""
    return f"{span.rule} ({span.gloss})" if span.gloss else span.rule


def marked(
    text: str, marks: Sequence[Mark], start: int = 0, end: int | None = None,
    label: Callable[[SpanRecord], str] = rule_of,
) -> Markup:  # fmt: skip
    """Return the text from `start` to `end` with spans in `<mark>`, their rules (named by `label`) in the title."""
    end = len(text) if end is None else end
    here = [mark for mark in marks if mark.span.start < end and mark.span.end > start]
    edges = sorted({start, end, *(min(max(edge, start), end) for edge in _edges(here))})
    opened: set[int] = set()
    pieces: list[str] = []
    begins = sorted(here, key=lambda mark: mark.span.start)
    active: list[Mark] = []
    for left, right in pairwise(edges):
        while begins and begins[0].span.start <= left:
            active.append(begins.pop(0))
        active = [mark for mark in active if mark.span.end > left]
        pieces.append(_piece(text[left:right], active, opened, label))
    return Markup("".join(pieces))


def highlighted(text: str, marks: Sequence[Mark]) -> Markup:
    """Return the text with spans in plain `<mark>`, as shown in search results."""
    pieces: list[str] = []
    at = 0
    for mark in marks:
        pieces += [
            visible(text[at : mark.span.start]),
            f"<mark>{visible(text[mark.span.start : mark.span.end])}</mark>",
        ]
        at = mark.span.end
    return Markup("".join([*pieces, visible(text[at:])]))


def _edges(marks: Iterable[Mark]) -> Iterable[int]:
    for mark in marks:
        yield mark.span.start
        yield mark.span.end


def _piece(text: str, active: Sequence[Mark], opened: set[int], label: Callable[[SpanRecord], str]) -> str:
    shown = visible(text)
    if not active:
        return shown
    side = "for" if any(mark.span.side == "for" for mark in active) else "against"
    title = " · ".join(label(mark.span) for mark in active)
    anchor = ""
    first = next((mark for mark in active if mark.position not in opened), None)
    if first:
        opened.add(first.position)
        anchor = f' id="w{first.position}"'
    return f'<mark class="{side}"{anchor} title="{visible_title(title)}">{shown}</mark>'


def visible_title(text: str) -> str:
    """Escape text for an attribute and drop hidden characters."""
    return str(escape(_HIDDEN.sub("", text)))
