"""Words that hint at what a block of a page is, from `hints.toml`."""

from __future__ import annotations

from collections.abc import Set

from acca_crawler.text.word_lists import any_of, read_word_lists

KINDS = ("around", "comments", "authors", "prices", "legal")
"""What words hint at; a kind's position is its bit. The model's columns keep this order."""

_LANGUAGES = read_word_lists(__file__, "hints.toml")
_BITS: dict[str, int] = {}
for _number, _kind in enumerate(KINDS):
    for _word in any_of(_LANGUAGES, _kind).split("|"):
        _BITS[_word] = _BITS.get(_word, 0) | 1 << _number
_WORDS = frozenset(_BITS)


def hint_bits(words: Set[str]) -> int:
    """Return the kinds that words in lower case hint at, one bit each."""
    found = 0
    if _WORDS.isdisjoint(words):
        return found
    for word in words & _WORDS:
        found |= _BITS[word]
    return found
