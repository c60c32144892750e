"""Comparison of persons' names across scripts, spellings, inflections and orders of the parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations

from acca_crawler.text.transliterate import name_key, skeleton

MIN_LIKENESS, MIN_LIKENESS_OF_LONG = 0.75, 0.55
"""Minimum share of equal letters of two spellings of one part with the same consonants; less for four and more."""
_KEY = 4
_PATRONYMIC = re.compile(r"(?:ovich|evich|ovna|evna|ichna)\w{0,2}$")
_CHILD_OF = frozenset({"ulu", "uli", "uluu", "kizi", "gizi", "ugli", "ogli", "oglu", "kizy"})
_FEMININE = re.compile(r"(?:ov|ev|in)a$|(?:skaia|skaya)$|zodai$")
_SURNAME = re.compile(r"(?:ov|ev|iev|ov|in)a?$|(?:ow|ew)a?$|sk(?:i|ii|aia)$|(?:zoda|zade|bek|bai|ian)$")
_GENDERED = re.compile(r"(?:ov|ev|in|sk\w{1,6})a?$")
_ENDING = re.compile(r"(?:ova|ov|eva|ev|ina|in|skaia|skii|ski)$")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name taken apart: given names and surname in the order of the text, folded; and the patronymic, if any."""

    parts: tuple[str, ...]
    patronymic: str
    feminine: bool | None

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the index keys of every two parts: shared by all spellings, whatever the order."""
        stems = [_stem(part) for part in self.parts]
        short = [(skeleton(stem) or stem)[:_KEY] for stem in stems]
        return tuple(sorted({" ".join(sorted(two)) for two in combinations(short, 2)}))


@lru_cache(maxsize=1 << 14)
def name_of(text: str) -> PersonName:
    """Take a name in the nominative apart; a name of one part has no keys."""
    words = [word for word in name_key(text).split() if len(word) > 1]
    patronymic = next((word for word in words if _PATRONYMIC.search(word)), "")
    parts = tuple(word for word in words if word != patronymic and word not in _CHILD_OF)
    surname = next((part for part in reversed(parts) if _SURNAME.search(part)), "")
    child = next((word for word in words if word in _CHILD_OF), "")
    feminine = bool(_FEMININE.search(surname)) if surname and _GENDERED.search(surname) else None
    if child:
        feminine = child in ("kizi", "gizi", "kizy")
    return PersonName(parts, patronymic, feminine)


def same_name(one: PersonName, other: PersonName) -> bool:
    """Return True if two names may be one person's: every part of the shorter has its counterpart in the longer."""
    shorter, longer = sorted((one.parts, other.parts), key=len)
    if len(shorter) < 2 or (one.patronymic and other.patronymic and not _alike(one.patronymic, other.patronymic)):
        return False
    if one.feminine is not None and other.feminine is not None and one.feminine != other.feminine:
        return False
    left = list(longer)
    for part in shorter:
        found = next((other_part for other_part in left if _alike(part, other_part)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _alike(one: str, other: str) -> bool:
    a, b = _stem(one), _stem(other)
    if a == b:
        return True
    if skeleton(a) != skeleton(b):
        return False
    return _likeness(a, b) >= (MIN_LIKENESS if len(skeleton(a)) < _KEY else MIN_LIKENESS_OF_LONG)


def _stem(part: str) -> str:
    """Return a part of a name without the ending of a surname, which differs by sex and language."""
    return _ENDING.sub("", part) if len(part) > 5 else part


def _likeness(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio()
