"""Recognise place names of the region in any of its languages and scripts, and countries outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from functools import cache

from acca_crawler.dedup.case_endings import CASE_ENDINGS
from acca_crawler.dedup.countries import country_of
from acca_crawler.detect.lexicon import GazetteerPlace, places_for
from acca_crawler.items import LANGUAGES
from acca_crawler.outlets import REGION
from acca_crawler.text.transliterate import name_key, skeleton

# Not places: Monday in Uzbek (Dushanba, душанба), and adjectives derived from Uralsk or the Urals (Уральская).
_NO_PLACE = re.compile(r"dushanba|uralsk(?:aia|oi|oe|ii|ie|ih|ogo|omu|uiu|im)")
OUR_COUNTRIES = frozenset(map(str.lower, REGION))
"""The gazetteer's ids of the region's countries."""
_ANY_ENDING = r"\w*"
_MIN_STEM = 4
_MIN_BONES = 4
_BONES = "-"
"""Prefix of a consonant key, to distinguish it from a name in the same mapping."""


def place_of(folded_word: str) -> str | None:
    """Return the gazetteer id of the place a folded word names in any form; None if it is not a place.

    A country outside the region has two letters. A local spelling missing from the gazetteer is recognised by its
    consonants: Xoʻjand, Худжанд.
    """
    if _NO_PLACE.match(folded_word):
        return None
    stems = _stems()
    for end in range(len(folded_word), 1, -1):
        place = stems.get(folded_word[:end])
        if place is not None and (end >= _MIN_STEM or len(folded_word) - end <= _MIN_STEM):
            return place
    if country := country_of(folded_word):
        return country
    place, spelling = _by_consonants().get(skeleton(folded_word), (None, ""))
    return place if place and _one_vowel_apart(folded_word, spelling) else None


def _one_vowel_apart(one: str, other: str) -> bool:
    """Whether two words with the same consonants differ in one letter, ignoring endings.

    True for Xoʻjand and Худжанд, false for the name Сардор and Сырдарья.
    """
    return sum(a != b for a, b in zip(one, other, strict=False)) <= 1


@cache
def _stems() -> dict[str, str]:
    """Map folded stems to ids; multi-word names are omitted because their first word would match too much."""
    found = [(place, key) for place, key in _keys() if place.level not in ("veto", "institution")]
    regions: dict[tuple[str, str], str] = {}
    for place, key in found:
        if place.level != "town":
            regions.setdefault((place.country, key), place.id.removesuffix("-city"))
            regions.setdefault((place.country, _BONES + skeleton(key)), place.id.removesuffix("-city"))
    towns = {(place.country, key) for place, key in found if place.level == "town"}
    stems: dict[str, str] = {}
    for place, key in found:
        stems.setdefault(key, _id(place, key, regions, towns))
    return stems


def _keys() -> Iterator[tuple[GazetteerPlace, str]]:
    for language in LANGUAGES:
        for place, pattern in places_for(language):
            stem = pattern.removesuffix(_ANY_ENDING)
            key = name_key(stem)
            if stem.replace("-", "").replace("ʻ", "").isalpha() and key.isalpha() and len(key) > 1:
                yield place, key


@cache
def _by_consonants() -> dict[str, tuple[str, str]]:
    """Map a name's consonants to its id and a spelling, if there are enough of them and no other place has the same."""
    ids: dict[str, dict[str, str]] = {}
    for key, place in _stems().items():
        ids.setdefault(skeleton(key), {}).setdefault(place, key)
    return {bones: next(iter(of.items())) for bones, of in ids.items() if len(bones) >= _MIN_BONES and len(of) == 1}


def _id(place: GazetteerPlace, key: str, regions: Mapping[tuple[str, str], str], towns: Set[tuple[str, str]]) -> str:
    """Return one id for all names of a place; the gazetteer lists towns by country, identified by their consonants.

    A town entry may be another spelling, or an inflected form, of a region's, a large city's or a town's name.
    """
    if place.level != "town":
        return place.id.removesuffix("-city")
    bones = skeleton(_without_ending(place.country, key, towns))
    spellings = [_BONES + bones, *(key[:end] for end in range(len(key), _MIN_STEM, -1))]
    known = (regions[place.country, one] for one in spellings if (place.country, one) in regions)
    return next(known, f"{place.country} {bones}")


def _without_ending(country: str, key: str, towns: Set[tuple[str, str]]) -> str:
    """Return the name of the town of which a key is a form with a case ending: Ақтауда is listed beside Актау."""
    shorter = (key[:end] for end in range(_MIN_STEM, len(key)) if key[end:] in CASE_ENDINGS)
    return next((one for one in shorter if (country, one) in towns), key)
