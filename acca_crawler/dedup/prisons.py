"""Keys of places of custody: the same for every inflection and word order of a name."""

from __future__ import annotations

from acca_crawler.text.transliterate import fold

_WORD = 5
_GENERIC = frozenset({"no", "n", "im", "imeni", "g", "v", "in", "at", "near", "pod", "the", "of", "nomer", "number"})


def prison_key(name: str) -> str:
    """Return the key of a prison's name: the beginnings of its words and its numbers, sorted."""
    words = {word for word in fold(name).split() if word not in _GENERIC}
    return " ".join(sorted({word if word.isdigit() else word[:_WORD] for word in words})) or fold(name)
