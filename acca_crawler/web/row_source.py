"""Who says what a report tells: relatives and lawyers named right beside a word of saying."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from storage.review.row_facts import KeyFact, KeyWord

SAYING = "allegation"
"""Lexicon group of words of saying and complaining."""
TELLERS = ("lawyer", "relative")
MAX_BETWEEN = 12
"""Most characters between a source and its word of saying: room for an auxiliary, not for a clause."""
MAX_BLANKS = 2
_ANOTHER_CLAUSE = re.compile(r"[.!?;:—–]|\w[^\w,]*,|,[^\w,]*\w")


def sources(words: Iterable[KeyWord], persons: Iterable[KeyFact], fields: Mapping[str, str]) -> list[str]:
    """Return the kinds of sources (`lawyer`, `relative`) in the order in which they speak.

    `fields` are the report's `title` and `text`, to which the words' and persons' positions refer.
    """
    words, persons = tuple(words), tuple(persons)
    tellers = [(_teller(word), word.field, word.start, _end(word, persons)) for word in words]
    tellers += [(one.detail, one.field, one.start, one.end) for one in persons]
    found = [
        (said.field != "title", said.start, teller)
        for said in words
        if said.group == SAYING
        for teller, field, start, end in tellers
        if teller in TELLERS and field == said.field and _beside(said, start, end, fields[field])
    ]
    return list(dict.fromkeys(teller for _, _, teller in sorted(found)))


def _teller(word: KeyWord) -> str:
    if word.group == "relative":
        return "relative"
    return "lawyer" if word.gloss.partition(" (")[0] == "lawyer" else ""


def _end(word: KeyWord, persons: Iterable[KeyFact]) -> int:
    """Return where a word ends with the name right behind it: the lawyer of Asanov, the mother of Asanov."""
    behind = (one.end for one in persons if one.field == word.field and 0 <= one.start - word.end <= MAX_BLANKS)
    return next(behind, word.end)


def _beside(said: KeyWord, start: int, end: int, text: str) -> bool:
    first, last = min(said.end, end), max(said.start, start)
    between = text[first:last]
    return len(between) <= MAX_BETWEEN and not _ANOTHER_CLAUSE.search(between)
