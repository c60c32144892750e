"""Keys of places of custody: the same for every inflection and word order of a name."""

from __future__ import annotations

from acca_crawler.text.transliterate import fold

_WORD = 5
_GENERIC = frozenset({"no", "n", "im", "imeni", "g", "v", "in", "at", "near", "pod", "the", "of", "nomer", "number"})


def prison_key(name: str) -> str:
    """Return the key of a prison's name: the beginnings of its words and its numbers, sorted."""
    return " ".join(sorted(_words(name))) or fold(name)


def same_prison(one: str, other: str) -> bool:
    """Whether two names may be of one place: one has all words and numbers of the other."""
    first, second = _words(one), _words(other)
    return first <= second or second <= first


def _words(name: str) -> set[str]:
    return {word if word.isdigit() else word[:_WORD] for word in fold(name).split() if word not in _GENERIC}
