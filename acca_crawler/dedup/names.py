"""Match names across case endings, scripts and spellings."""

from __future__ import annotations

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
    # An ending may replace the last letter of a name: Никита, Никиты.
    if not longer.startswith(shorter[:-1]) or len(longer) - len(shorter) > _MAX_ENDING:
        return False
    if shorter.endswith(_SURNAME_ENDINGS):
        return True
    # The shorter one may have an ending itself: Карима is Карим, not Каримова.
    derived = shorter[-1] in _VOWELS and longer.startswith(_OF_FATHER, len(shorter) - 1)
    return not derived and not longer.startswith(_SURNAME_ENDINGS, len(shorter))


def _respelt(one: str, other: str) -> bool:
    """Whether the consonants match up to an ending and there are enough of them: Юлдашев, Yoʻldoshev."""
    bones, others = sorted((skeleton(one), skeleton(other)), key=len)
    if len(bones) < _MIN_CONSONANTS or not others.startswith(bones) or one[0] not in _like_initials(other[0]):
        return False
    if len(others) - len(bones) > _MAX_CONSONANT_ENDING - 2 * (len(bones) < _MIN_CONSONANTS + 1):
        return False
    if bones == others:
        return abs(len(one) - len(other)) <= 2
    ending = others[len(bones) :]
    return not (ending.startswith("v") and not bones.endswith("v"))


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
