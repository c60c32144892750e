"""Parse numbers, including the number words in `numerals.toml`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from acca_crawler.text.transliterate import name_key
from acca_crawler.text.word_lists import read_word_lists

_LANGUAGES = read_word_lists(__file__, "numerals.toml")
_VALUE_OF = {
    language: {form: int(value) for value, forms in listed["words"].items() for form in forms}
    for language, listed in _LANGUAGES.items()
}
_FOLDED = {
    language: frozenset(part for word in value_of for part in name_key(word, language=language).split())
    for language, value_of in _VALUE_OF.items()
}
"""Number words as `name_key` writes them, to see at once that a sentence has none."""
_NO_WORDS: frozenset[str] = frozenset()
_ONES = frozenset(form for listed in _LANGUAGES.values() for form in listed.get("after_tens", ()))
_ORDINAL_OF = {
    form: int(value) for listed in _LANGUAGES.values() for value, forms in listed["ordinals"].items() for form in forms
}
"""Ordinals below ten, which count after a ten only."""
_APOSTROPHE = re.compile("['’‘ʼ]")
_TENS = frozenset(range(10, 100, 10))
# 23 000, 23,000 and 23.000 are the same number; so are 4,6 and 4.6.
# A number after a letter and a hyphen is part of a name: U-23, Т-34, COVID-19; but ИК-6 and СИЗО-1 differ by theirs.
# Begins with a digit, which the matcher looks for much faster than for a place without one before it.
_NAMED = r"(?<!(?<!\w)[^\W\d_]-\d)(?<![Cc][Oo][Vv][Ii][Dd]-\d)(?<![Кк][Оо][Вв][Ии][Дд]-\d)"
_FIGURE = re.compile(rf"\d(?<!\d\d){_NAMED}(?:\d{{0,2}}(?:[ \u00a0\u202f.,]\d{{3}})+(?!\d)|\d*(?:[.,]\d+)?)")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+(?:ʻ[^\W\d_]+)*")


def numbers(text: str, language: str | None, folded: Collection[str]) -> list[str]:
    """Return every number in `text` as digits with a decimal point; number words per `language` (`text.language`).

    `folded` are the words of the text, folded as in `text.transliterate`.
    """
    found = [_figure(written) for written in _FIGURE.findall(text)] if _DIGIT.search(text) else []
    if language and not _FOLDED.get(language, _NO_WORDS).isdisjoint(folded):
        found += map(str, _spelled_out(text, _VALUE_OF[language]))
    return found


def _figure(written: str) -> str:
    if re.fullmatch(r"\d{1,3}(?:\D\d{3})+", written):
        return re.sub(r"\D", "", written)
    return written.replace(",", ".")


def _spelled_out(text: str, value_of: dict[str, int]) -> Iterator[int]:
    """Yield number words' values; a ten followed by a unit (он сегіз, twenty-two) is one number."""
    ten = 0
    for word in _WORD.findall(_APOSTROPHE.sub("ʻ", text.lower())):
        value = value_of.get(word, 0)
        if ten:
            value = 1 if word in _ONES else _ORDINAL_OF.get(word, value)
        if ten and not 0 < value < 10:
            yield ten
            ten = 0
        if value in _TENS:
            ten = value
        elif value:
            yield ten + value
            ten = 0
    if ten:
        yield ten
