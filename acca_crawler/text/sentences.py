"""Where sentences begin and end, for all languages of the region alike."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

LONGEST = 800
"""Code points after which a sentence is cut, so that whatever runs over one sentence does bounded work."""

_BREAK = re.compile(r"[.!?…]+[\"»”’')\]]*(?=\s)|\n\s*")
_BEYOND = 1 << 60
_OPENING = " \t\n\r\"«“„'([—–-•\u00a0"
_ABBREVIATIONS = re.compile(
    # ru, and what the other Cyrillic languages share
    r"гг?|стр?|ч|пп?|им|ул|д|обл|р-н|пр|просп|см|т|тыс|млн|млрд|долл|руб|сом|вв?|н|э|др|прим|тел|рис|коп|кв"
    r"|акад|проф|ген|полк|подп|лейт|сер|ж|б|м|с|ф"
    # en, uz, tk
    r"|mrs?|ms|dr|prof|st|nos?|art|vol|vs|etc|inc|ltd|gen|col|capt|lt|sgt|rep|sen|gov|jr|sr|fig|e\.g|i\.e|u\.s|[ap]\.m"
    r"|yy?|sh|son|j|ý"
)


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end (exclusive) of every sentence of `text`, in code points, blanks left out.

    A line break ends a sentence; a full stop after an initial, an abbreviation or a number's ordinal does not.
    No sentence is longer than `LONGEST`.
    """
    return tuple(_bounded(text))


def sentence_at(spans: Sequence[tuple[int, int]], offset: int) -> int:
    """The index of the sentence that holds `offset`, or the last one that begins before it."""
    return max(0, bisect_right(spans, (offset, _BEYOND)) - 1)


def _bounded(text: str) -> Iterator[tuple[int, int]]:
    for start, end in _raw(text):
        while end - start > LONGEST:
            cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
            cut = start + LONGEST if cut < 0 else cut
            yield start, cut
            start = cut
        if end > start:
            yield start, end


def _raw(text: str) -> Iterator[tuple[int, int]]:
    start = _skip_blanks(text, 0)
    for match in _BREAK.finditer(text):
        if match.start() < start:
            continue
        if text[match.start()] not in "\n" and not _ends_here(text, start, match):
            continue
        end = match.start() if text[match.start()] == "\n" else match.end()
        yield start, _without_trailing_blanks(text, start, end)
        start = _skip_blanks(text, match.end())
    yield start, _without_trailing_blanks(text, start, len(text))


def _ends_here(text: str, start: int, match: re.Match[str]) -> bool:
    if match.group() != ".":
        return True
    follower = _skip(text, match.end())
    if follower < len(text) and text[follower].islower():
        return False
    at = match.start()
    begin = max(start, text.rfind(" ", start, at) + 1)
    word = text[begin:at].lstrip('(«"“')
    if len(word) == 1 and word.isalpha() and word.isupper():
        return False
    return not _ABBREVIATIONS.fullmatch(word.lower())


def _skip(text: str, at: int) -> int:
    end = min(len(text), at + 20)
    while at < end and text[at] in _OPENING:
        at += 1
    return at


def _skip_blanks(text: str, at: int) -> int:
    length = len(text)
    while at < length and text[at].isspace():
        at += 1
    return at


def _without_trailing_blanks(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end
