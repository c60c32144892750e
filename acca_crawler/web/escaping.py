"""Text from the net, made safe to look at.

Everything is escaped. Characters that could make a line read otherwise than it is stored (bidirectional overrides,
invisible characters, control codes) are shown by their code point. An address becomes a link only if it is http(s).
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
"""Code points of an article's text on one page: a browser lays that out at once."""

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)


def visible(text: object) -> Markup:
    """The text escaped, its hidden characters shown by code point and name."""
    return Markup(_HIDDEN.sub(_shown, str(escape("" if text is None else text))))


def short(text: object, most: int) -> Markup:
    """As `visible`, of at most so many code points."""
    whole = "" if text is None else str(text)
    return visible(whole if len(whole) <= most else f"{whole[:most]}…")


def plain(text: str, most: int) -> str:
    """The beginning of a text without hidden characters, where no markup can stand: a page's title."""
    return _HIDDEN.sub("", text[:most])


def _shown(match: re.Match[str]) -> str:
    code = f"U+{ord(match[0]):04X}"
    return f'<span class="hidden-character" title="{escape(unicodedata.name(match[0], code))}">{code}</span>'


def link(url: str, text: str | None = None) -> Markup:
    """A link that tells the other side nothing, if the address is http(s); else the address as text."""
    if not is_web_address(url):
        return visible(url)
    return Markup('<a href="{}" rel="noopener noreferrer nofollow external">{}</a>').format(url, visible(text or url))


def is_web_address(url: str) -> bool:
    """Whether it is an http(s) address without blanks or control characters."""
    if not url.isascii() and not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"[\s\x00-\x20]", url)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text, as long as one page shows: code-point offsets, `end` exclusive."""

    number: int
    start: int
    end: int


def parts(text: str) -> list[Part]:
    """The text in stretches of at most `PART`, cut between paragraphs or words where there are any."""
    found: list[Part] = []
    start = 0
    while start < len(text) or not found:
        end = min(start + PART, len(text))
        if end < len(text):
            cut = max(text.rfind("\n\n", start, end) + 2, text.rfind(" ", end - 200, end) + 1, start)
            end = cut if cut > start + PART // 2 else end
        found.append(Part(len(found) + 1, start, end))
        start = end
    return found


@dataclass(frozen=True, slots=True)
class Mark:
    """A span with its place among its flag's spans, which is its anchor on the page."""

    position: int
    span: SpanRecord


def rule_of(span: SpanRecord) -> str:
    """What a span's rule is called where nobody's language is known."""
    return f"{span.rule} ({span.gloss})" if span.gloss else span.rule


def marked(
    text: str, marks: Sequence[Mark], start: int = 0, end: int | None = None,
    told: Callable[[SpanRecord], str] = rule_of,
) -> Markup:  # fmt: skip
    """The text from `start` to `end` with the marks' stretches in `<mark>`, their rules, as `told`, in the title."""
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
        pieces.append(_piece(text[left:right], active, opened, told))
    return Markup("".join(pieces))


def highlighted(text: str, marks: Sequence[Mark]) -> Markup:
    """The text with the marks' stretches in plain `<mark>`, as a search result shows them."""
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


def _piece(text: str, active: Sequence[Mark], opened: set[int], told: Callable[[SpanRecord], str]) -> str:
    shown = visible(text)
    if not active:
        return shown
    side = "for" if any(mark.span.side == "for" for mark in active) else "against"
    title = " · ".join(told(mark.span) for mark in active)
    anchor = ""
    first = next((mark for mark in active if mark.position not in opened), None)
    if first:
        opened.add(first.position)
        anchor = f' id="w{first.position}"'
    return f'<mark class="{side}"{anchor} title="{visible_title(title)}">{shown}</mark>'


def visible_title(text: str) -> str:
    """For an attribute: escaped, hidden characters left out."""
    return str(escape(_HIDDEN.sub("", text)))
