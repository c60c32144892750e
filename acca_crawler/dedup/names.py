"""Match names across case endings, scripts and spellings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from acca_crawler.dedup.case_endings import CASE_ENDINGS
from acca_crawler.text.transliterate import skeleton

_MIN_STEM = 5
_MIN_CONSONANTS = 3
_SHORT = ""
"""Key of the names with fewer letters."""
_MAX_ENDING = 6
_MAX_CONSONANT_ENDING = 4
# Suffixes that derive a different name: Ali, Aliyev; Karim, Karimov. The feminine form of a surname is the same name.
_SURNAME_ENDINGS = ("ov", "ev", "iev", "in", "bek", "bai", "hon", "han", "jon", "jan", "zoda", "zade", "ulu", "uli")

_OF_FATHER = ("ov", "ev")
"""Beginnings of what makes a surname or a patronymic of a father's name."""
_VOWELS = "aeiou"
_BETWEEN_CONSONANTS = re.compile(f"[^{_VOWELS}]")
_NO_RESPELLING = frozenset(map(frozenset, ("au", "ai")))
"""Vowels that no language spells for each other: Марат, Мурат; Камал, Камил; twins are called Хасан and Хусан."""
_NO_RESPELT_INITIAL = _NO_RESPELLING | {frozenset("ae")}
"""The same for the first letter: Асанов, Эсенов."""
_LAST = frozenset(f"{_VOWELS}nmhgs")
"""Last letters of case endings: not Нурбай, Нурбек."""
_INSTEAD = {"k": "g", "p": "b", "m": "gh", "h": "km"}
"""Last letters and what stands for them in other forms: Мырзабек, Мырзабегі; Народном, Народного; Yandex, Яндекс."""


@lru_cache(maxsize=1 << 16)
def same_name(one: str, other: str) -> bool:
    """Whether two folded names (`text.transliterate.name_key`) can be forms of one name. Symmetric."""
    if one == other:
        return True
    return _inflected(one, other) or _respelt(one, other)


def _inflected(one: str, other: str) -> bool:
    """Whether the two differ only in a case ending."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < _MIN_STEM:
        return longer.startswith(shorter) and longer[len(shorter) :] in CASE_ENDINGS
    if not _goes_on(shorter, longer) or len(longer) - len(shorter) > _MAX_ENDING:
        return False
    # Whatever a name ends with, this makes another one of it: Нурбек, Нурбеков. Карима may be Карим, not Каримова.
    bare = len(shorter) - (shorter[-1] in _VOWELS)
    if longer.startswith(_OF_FATHER, len(shorter)) or (bare < len(shorter) and longer.startswith(_OF_FATHER, bare)):
        return False
    return shorter.endswith(_SURNAME_ENDINGS) or not longer.startswith(_SURNAME_ENDINGS, len(shorter))


def _goes_on(shorter: str, longer: str) -> bool:
    """Whether the longer form begins as the shorter one, but for a last letter that an ending replaces.

    That is a vowel (Никита, Никиты) or one of a few consonants; Жанат and Жанар are two names.
    """
    if longer.startswith(shorter):
        return True
    last, instead = shorter[-1], longer[len(shorter) - 1]
    return longer.startswith(shorter[:-1]) and (last in _VOWELS or instead in _INSTEAD.get(last, ""))


def _respelt(one: str, other: str) -> bool:
    """Whether the consonants match up to an ending and there are enough of them: Юлдашев, Yoʻldoshev."""
    bones, others = sorted((skeleton(one), skeleton(other)), key=len)
    if len(bones) < _MIN_CONSONANTS or not others.startswith(bones) or one[0] not in _like_initials(other[0]):
        return False
    if len(others) - len(bones) > _MAX_CONSONANT_ENDING - 2 * (len(bones) < _MIN_CONSONANTS + 1):
        return False
    if _differ_in_vowels(one, other, len(bones)):
        return False
    if bones == others:
        return abs(len(one) - len(other)) <= 2
    ending = others[len(bones) :]
    if (ending.startswith("v") and not bones.endswith("v")) or ending.startswith("zd"):
        return False
    longer = one if skeleton(one) == others else other
    return longer[-1] in _LAST and _are_parted_alike(one, other, len(bones))


def _differ_in_vowels(one: str, other: str, consonants: int) -> bool:
    """Whether before one of the first consonants, which are the same, the vowels are not spellings of each other."""
    groups = zip(_BETWEEN_CONSONANTS.split(one), _BETWEEN_CONSONANTS.split(other), range(consonants), strict=False)
    return any(
        bool(here and there)
        and all(frozenset(a + b) in (_NO_RESPELLING if place else _NO_RESPELT_INITIAL) for a in here for b in there)
        for here, there, place in groups
    )


def _are_parted_alike(one: str, other: str, consonants: int) -> bool:
    """Whether vowels are between the same ones of the first consonants: not in Рахим and Рахман."""
    groups = zip(_BETWEEN_CONSONANTS.split(one), _BETWEEN_CONSONANTS.split(other), range(consonants), strict=False)
    return all(bool(here) is bool(there) for here, there, _ in groups)


def _like_initials(letter: str) -> str:
    """Return the letters another spelling of the name may begin with."""
    return "aeiou" if letter in _VOWELS else letter


class NameSet:
    """Set of folded names that finds another form of a name without comparing it with every member.

    Two forms of a name share either their first three letters or their first three consonants; a name with fewer
    letters is compared with all.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)
        self._sharing: dict[str, list[str]] = {}
        for name in self.names:
            for key in _keys(name):
                self._sharing.setdefault(key, []).append(name)

    def has(self, name: str) -> bool:
        """Whether the set contains a form of `name`."""
        if name in self.names:
            return True
        keys = _keys(name)
        if keys[0] == _SHORT:
            return any(same_name(name, other) for other in self.names)
        for key in (*keys, _SHORT):
            for other in self._sharing.get(key, ()):
                if same_name(name, other):
                    return True
        return False

    def known_to(self, other: NameSet) -> frozenset[str]:
        """Return the names that `other` has a form of."""
        one, another = self._sharing, other._sharing
        known = set(self.names & other.names)
        both = [(one[key], another[key]) for key in one.keys() & another.keys()]
        if _SHORT in one:
            both.append((one[_SHORT], [*other.names]))
        if _SHORT in another:
            both.append(([*self.names], another[_SHORT]))
        for names, others in both:
            for name in names:
                if name not in known and any(same_name(name, form) for form in others):
                    known.add(name)
        return frozenset(known)


@lru_cache(maxsize=1 << 16)
def _keys(name: str) -> tuple[str, ...]:
    """Return what every form of a name shares at least one of."""
    if len(name) < _MIN_CONSONANTS:
        return (_SHORT,)
    bones = skeleton(name)
    first = name[:_MIN_CONSONANTS]
    return (first, f"-{bones[:_MIN_CONSONANTS]}") if len(bones) >= _MIN_CONSONANTS else (first,)
