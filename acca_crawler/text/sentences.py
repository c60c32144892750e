"""Sentence segmentation for all languages of the region."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from acca_crawler.text.word_lists import any_of, read_word_lists

MAX_LENGTH = 800
"""Code points after which a sentence is cut, to bound the work of code that processes one sentence."""

_MARKS = ".!?…"
# Begins with one set of letters, which the matcher looks for much faster than for the beginnings of alternatives.
_BREAK = re.compile(rf"[{_MARKS}\n](?:(?<=\n)\s*|(?<![{_MARKS}][{_MARKS}])[{_MARKS}]*[\"»”’')\]]*(?=\s))")
_WORDS = read_word_lists(__file__, "abbreviations.toml")
_INSIDE = frozenset(word for listed in _WORDS.values() for word in listed["inside"])
_BEFORE_SMALL = frozenset(word for listed in _WORDS.values() for word in listed.get("before_small", ()))
_INITIALS = re.compile(rf"(?:[^\W\d_]\.)*[^\W\d_]|[\d–]+-(?:{any_of(_WORDS, 'numbered')})")
_APOSTROPHE = re.compile("['‘’`ʼ]")
_CLOSING = {")": "(", "]": "["}
_MAX_ABBREVIATION = 13


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return start and end (exclusive) of every sentence of `text`, in code points, without surrounding whitespace.

    A line break ends a sentence; a full stop after an initial or an abbreviation does not. Case is ignored, so
    text in capitals is segmented like any other. No sentence is longer than `MAX_LENGTH`.
    """
    return tuple(_bounded(text))


def first_sentences(text: str, most: int) -> tuple[tuple[int, int], ...]:
    """Return at most so many of the `sentences`, without reading further."""
    return tuple(islice(_bounded(text), most))


def _bounded(text: str) -> Iterator[tuple[int, int]]:
    for start, end in _raw(text):
        while end - start > MAX_LENGTH:
            cut = text.rfind(" ", start + MAX_LENGTH // 2, start + MAX_LENGTH)
            cut = start + MAX_LENGTH if cut < 0 else cut
            yield start, cut
            start = cut
        if end > start:
            yield start, end


def _raw(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _BREAK.finditer(text):
        at = match.start()
        mark = text[at]
        if mark == "\n":
            end = at
        elif mark == "." and _goes_on(text, start, at, match.end()):
            continue
        else:
            end = match.end()
        yield _trimmed(text, start, end)
        start = match.end()
    yield _trimmed(text, start, len(text))


def _goes_on(text: str, start: int, at: int, end: int) -> bool:
    """Whether the sentence goes on after the full stop at `at`, which closing marks follow up to `end`."""
    if end == at + 1:
        return _is_abbreviated(text, start, at, end)
    opening = _CLOSING.get(text[at + 1 : end])
    return (
        opening is not None
        and text.rfind(opening, start, at) > _trimmed(text, start, at)[0]
        and (_is_abbreviated(text, start, at, end))
    )


def _is_abbreviated(text: str, start: int, at: int, end: int) -> bool:
    """Whether the full stop at `at` belongs to an initial or an abbreviation."""
    tail = text[max(start, at - _MAX_ABBREVIATION) : at]
    cut = max(tail.rfind(" "), tail.rfind("\u00a0"))
    if cut < 0 and at - start > _MAX_ABBREVIATION:
        return False
    word = _APOSTROPHE.sub("ʻ", tail[cut + 1 :].lstrip('([«"“').lower())
    if word in _BEFORE_SMALL:
        return not text[end : end + 2].lstrip()[:1].isupper()
    return word in _INSIDE or _INITIALS.fullmatch(word) is not None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
