"""Which word is a place of the region, in any of its languages and scripts."""

from __future__ import annotations

from functools import cache

from acca_crawler.detect.lexicon import Place, places_for
from acca_crawler.text.transliterate import fold, skeleton

_LANGUAGES = ("ru", "en", "kk", "ky", "tg", "uz", "tk")
_ANY_ENDING = r"\w*"
_SHORTEST_STEM = 4


def place_of(folded_word: str) -> str | None:
    """The gazetteer's id of the place that a folded word names, in whatever form; None where it names none."""
    stems = _stems()
    for end in range(len(folded_word), 1, -1):
        place = stems.get(folded_word[:end])
        if place is not None and (end >= _SHORTEST_STEM or len(folded_word) - end <= _SHORTEST_STEM):
            return place
    return None


@cache
def _stems() -> dict[str, str]:
    """Folded stem to id; names of several words are left out, their first word would match too much."""
    stems: dict[str, str] = {}
    for language in _LANGUAGES:
        for place, pattern in places_for(language):
            if place.level in ("veto", "institution"):
                continue
            stem = pattern.removesuffix(_ANY_ENDING)
            key = fold(stem)
            if stem.replace("-", "").replace("ʻ", "").isalpha() and key.isalpha() and len(key) > 1:
                stems.setdefault(key, _id(place, key))
    return stems


def _id(place: Place, key: str) -> str:
    """One id for a place's names; towns stand in the gazetteer by country, and go by their consonants."""
    if place.level == "town":
        return f"{place.country} {skeleton(key)}"
    return place.id.removesuffix("-city")
