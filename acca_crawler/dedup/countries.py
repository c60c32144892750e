"""Recognise the names of countries and continents outside the region, in any of its languages: they are not persons.

`data/countries.txt` has a line for each: its code, then its names as `text.transliterate.name_key` writes them, those
of Unicode's CLDR in the seven languages and what the news says besides. Names of several words are given by the most
distinctive one; Georgia and Jordan in English are left out, since they are persons too.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from acca_crawler.dedup.case_endings import CASE_ENDINGS

_DATA = Path(__file__).parent / "data" / "countries.txt"
_MIN_BASE = 2
_SHORT = 3
"""Letters of an abbreviation, which has no ending."""
_MAX_ENDING = 4
_OF_A = frozenset(["a", "i", "u", "e", "oi", "ei"])
_OF_IA = frozenset(["ia", "i", "iu", "ei"])
_OF_AI = frozenset(["ai", "aia", "aiu", "aem", "ae"])
"""Russian endings of Польша, Япония and Китай."""


def country_of(folded_word: str) -> str | None:
    """Return the two-letter code of the country or continent that a folded word names in any case, None for others."""
    names, stems = _names()
    for end in range(len(folded_word), max(_MIN_BASE, len(folded_word) - _MAX_ENDING) - 1, -1):
        base, ending = folded_word[:end], folded_word[end:]
        if base in names and (not ending or (end > _SHORT and ending in CASE_ENDINGS)):
            return names[base]
        if base in stems and ending in stems[base][1]:
            return stems[base][0]
    return None


@cache
def _names() -> tuple[dict[str, str], dict[str, tuple[str, frozenset[str]]]]:
    """Map names to codes, and the stems of names that end in a vowel to the code and the endings that may follow."""
    names: dict[str, str] = {}
    stems: dict[str, tuple[str, frozenset[str]]] = {}
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        code, *of_country = line.split(" ")
        names |= dict.fromkeys(of_country, code)
        for name in of_country:
            if name.endswith("ia"):
                stems[name[:-2]] = code, _OF_IA
            elif name.endswith("ai"):
                stems[name[:-2]] = code, _OF_AI
            elif name.endswith("a"):
                stems[name[:-1]] = code, _OF_A
    return names, stems
