"""Take apart sentences that a feed or an import ran together when it dropped the markup between them.

"... передаёт агентство.Продолжение■Дожди на юге15 апреля 2024 14:53В Оше ..." is a sentence, a pointer to another
article with the time of its publication, and the next sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

MAX_HEADLINE = 200
"""Characters of a headline with a time after it; a longer text is a sentence."""

MAX_DATE = 40
"""Characters of a date with a time; the longest has 33."""

_LETTER = r"[^\W\d_]"
_MARKS = ".!?…"
_TIME = (
    r"(?:\d{1,2}[ .-]{1,2}[^\W\d_]{3,9}[ ,.-]{1,2}20\d\d|\d{1,2}\.\d{1,2}\.20\d\d"
    r"|20\d\d[ -]?[^\W\d_]{0,4}[ ,]{1,2}\d{1,2}[ -][^\W\d_]{3,9})(?: ?г\.?)?,? ?\d{1,2}:\d{2}(?![\d:])"
)
_DATED = re.compile(rf"{_TIME}\W*$")
# After a word of four letters or more, a site's name or a quotation: a shorter one is abbreviated (г.Ош, им.Абая).
_BREAK = re.compile(
    rf"[{_MARKS}](?:(?<={_LETTER}{{4}}.)|(?<=\.[a-z]{{2}}.)|(?<=\.[a-z]{{3}}.)|(?<=[\"»”)].))(?=[\"«“]?{_LETTER})"
    rf"|:\d\d(?:(?<=\d\d:..)|(?<=\D\d:..))(?={_LETTER}|[\"«“■])|■(?<={_LETTER}.)"
)


def separated(text: str, sentences: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Return start and end of each sentence after taking apart those that were run together; usually they are as given.

    `sentences` are in text order.
    """
    if not sentences or not _BREAK.search(text, 0, sentences[-1][1]):
        return iter(sentences)
    return chain.from_iterable(_taken_apart(text, start, end) for start, end in sentences)


def _taken_apart(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence in `text[start:end]`, usually the whole part."""
    for match in _BREAK.finditer(text, start, end):
        mark, at = match[0], match.end()
        if mark in _MARKS and not _begins(text[at : at + 3]):
            continue
        if mark[0] == ":" and not _DATED.search(text, max(start, at - MAX_DATE), at):
            continue
        yield start, at
        start = at
    yield start, end


def is_dated_headline(sentence: str) -> bool:
    """Whether a sentence is a headline with the time of publication of another article."""
    return len(sentence) <= MAX_HEADLINE and ":" in sentence[-8:] and _DATED.search(sentence) is not None


def _begins(text: str) -> bool:
    """Whether a text begins with a capital letter and a small one, as a sentence does and a site's name does not."""
    beginning = text.lstrip('"«“')[:2]
    return beginning[:1].isupper() and (beginning[1:].islower() or beginning[1:] == " ")
