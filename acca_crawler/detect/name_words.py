"""Word lists for recognising persons' names, from `names.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from acca_crawler.text.transliterate import name_key

FILE = Path(__file__).with_name("names.toml")


@dataclass(frozen=True, slots=True)
class CaseEndings:
    """A language's case endings after a vowel and after a consonant; `doubtful` ones also end surnames."""

    vowel: frozenset[str]
    consonant: frozenset[str]
    doubtful: frozenset[str]
    longest_first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameWords:
    """Word lists from `names.toml`; keys of `prepositions`, `masculine` and `feminine` are pymorphy3's case names."""

    patronymics: tuple[str, ...]
    surname_end: re.Pattern[str]
    rare_end: re.Pattern[str]
    family_end: re.Pattern[str]
    patronymic_end: re.Pattern[str]
    women: frozenset[str]
    """Given names of women as `text.transliterate.name_key` has them."""
    men: frozenset[str]
    given: frozenset[str]
    """All given names."""
    given_end: re.Pattern[str]
    not_name: re.Pattern[str]
    named_before: re.Pattern[str]
    """Words before the name of a street, a monument or a school."""
    named_after: re.Pattern[str]
    openings: Mapping[str, re.Pattern[str]]
    """Per language, endings of a word before a name that no given name has."""
    slavic: frozenset[str]
    """Given names, as folded, whose surnames end in -ин."""
    endings: Mapping[str, CaseEndings]
    relations: frozenset[str]
    counsel: frozenset[str]
    prepositions: Mapping[str, frozenset[str]]
    masculine: Mapping[str, tuple[str, ...]]
    feminine: Mapping[str, tuple[str, ...]]
    """Endings in place of the -а or -я of a woman's name."""


@cache
def name_words() -> NameWords:
    """Load the bundled word lists."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    russian = data["russian"]
    women, men = (frozenset(name_key(name) for name in data[key]) for key in ("women", "men"))
    return NameWords(
        patronymics=tuple(data["patronymics"]),
        surname_end=_ending(data["surname_endings"]),
        rare_end=_ending(data["rare_endings"]),
        family_end=_ending(data["family_endings"]),
        patronymic_end=_ending(data["patronymic_endings"]),
        women=women,
        men=men,
        given=women | men,
        given_end=_ending([f".{{2,}}{ending}" for ending in data["given_endings"]]),
        not_name=re.compile(f"(?:{'|'.join(word for words in data['not_names'].values() for word in words)})$"),
        named_before=re.compile(rf"(?<!\w)(?:{'|'.join(data['named']['before'])})\s+$", re.IGNORECASE),
        named_after=re.compile(rf"\s+(?:{'|'.join(data['named']['after'])})", re.IGNORECASE),
        openings={language: _ending(endings) for language, endings in data["openings"].items()},
        slavic=frozenset(name_key(name) for name in data["slavic"]),
        endings={language: _case_endings(table) for language, table in data["endings"].items()},
        relations=frozenset(russian["relations"]),
        counsel=frozenset(russian["counsel"]),
        prepositions={case: frozenset(words) for case, words in russian["prepositions"].items()},
        masculine={case: tuple(endings) for case, endings in russian["masculine"].items()},
        feminine={case: tuple(endings) for case, endings in russian["feminine"].items()},
    )


def _ending(endings: Sequence[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(endings)})$")


def _case_endings(table: Mapping[str, str]) -> CaseEndings:
    vowel, consonant, doubtful = (table.get(key, "").split() for key in ("vowel", "consonant", "doubtful"))
    longest = sorted({*vowel, *consonant, *doubtful}, key=lambda ending: (-len(ending), ending))
    return CaseEndings(frozenset(vowel), frozenset(consonant), frozenset(doubtful), tuple(longest))
