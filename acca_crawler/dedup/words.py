"""Sentences of a text with their folded words: the common input of a text's signature and its profile."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from acca_crawler.text.sentences import sentences
from acca_crawler.text.transliterate import folded_words


class Part(NamedTuple):
    """A sentence, the position in its text, and its words, folded as in `text.transliterate.fold`."""

    start: int
    text: str
    words: tuple[str, ...]


@lru_cache(maxsize=4)
def sentence_words(text: str, language: str | None) -> tuple[Part, ...]:
    """Return every sentence with its words; kept for the next caller."""
    parts = ((start, text[start:end]) for start, end in sentences(text))
    return tuple(Part(start, part, tuple(folded_words(part, language=language))) for start, part in parts)


def words_of(text: str, language: str | None) -> tuple[Part, ...]:
    """Return `sentence_words` in a known language, which matters for a single letter."""
    return sentence_words(text, language if "ý" in text or "Ý" in text else None)
