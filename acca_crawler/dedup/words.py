"""Sentences of a text with their folded words: the common input of a text's signature and its profile."""

from __future__ import annotations

from functools import lru_cache

from acca_crawler.text.sentences import sentences
from acca_crawler.text.transliterate import folded_words


@lru_cache(maxsize=4)
def sentence_words(text: str, language: str | None = None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return every sentence and its words, folded as in `text.transliterate.fold`; kept for the next caller."""
    parts = ((text[start:end]) for start, end in sentences(text))
    return tuple((part, tuple(folded_words(part, language=language))) for part in parts)


def words_of(text: str, language: str | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return `sentence_words` in a known language, which matters for a single letter."""
    return sentence_words(text, language if "ý" in text or "Ý" in text else None)
