"""Keys of places of custody: the same for every inflection and word order of a name."""

from __future__ import annotations

from acca_crawler.text.transliterate import name_key

_WORD = 5
_GENERIC = frozenset({"no", "n", "im", "imeni", "g", "v", "in", "at", "near", "pod", "the", "of", "nomer", "number"})

_SPELT_OUT = {
    "sizo": "sledstvennyi izoliator",
    "shizo": "shtrafnoi izoliator",
    "ivs": "izoliator vremennogo soderjania",
    "ik": "ispravitelnaia kolonia",
    "tizo": "tergev izoliatori",
}
"""Abbreviations as folded: texts use them and the words for one place side by side."""


def prison_key(name: str) -> str:
    """Return the key of a prison's name: the beginnings of its words and its numbers, sorted."""
    return " ".join(sorted(_words(name))) or name_key(name)


def same_prison(one: str, other: str) -> bool:
    """Whether two names may be of one place: one has all words and numbers of the other."""
    first, second = _words(one), _words(other)
    return first <= second or second <= first


def may_be_same_prison(one: str, other: str) -> bool:
    """Whether nothing in two names contradicts: "remand prison No. 1" may be the "remand prison of Bishkek"."""
    first, second = _words(one), _words(other)
    numbers = [{word for word in words if word.isdigit()} for words in (first, second)]
    names = [first - numbers[0], second - numbers[1]]
    return all(a <= b or b <= a for a, b in (numbers, names))


def _words(name: str) -> set[str]:
    words = " ".join(_SPELT_OUT.get(word, word) for word in name_key(name).split())
    return {word if word.isdigit() else word[:_WORD] for word in words.split() if word not in _GENERIC}
