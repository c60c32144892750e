"""Word lists for recognising persons' names, from `names.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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
    """Word lists from `names.toml`; keys of `prepositions` and `masculine` are pymorphy3's case names."""

    patronymics: tuple[str, ...]
    surname_end: re.Pattern[str]
    endings: Mapping[str, CaseEndings]
    relations: frozenset[str]
    counsel: frozenset[str]
    prepositions: Mapping[str, frozenset[str]]
    masculine: Mapping[str, tuple[str, ...]]


@cache
def name_words() -> NameWords:
    """Load the bundled word lists."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    russian = data["russian"]
    return NameWords(
        patronymics=tuple(data["patronymics"]),
        surname_end=re.compile(f"(?:{'|'.join(data['surname_endings'])})$"),
        endings={language: _case_endings(table) for language, table in data["endings"].items()},
        relations=frozenset(russian["relations"]),
        counsel=frozenset(russian["counsel"]),
        prepositions={case: frozenset(words) for case, words in russian["prepositions"].items()},
        masculine={case: tuple(endings) for case, endings in russian["masculine"].items()},
    )


def _case_endings(table: Mapping[str, str]) -> CaseEndings:
    vowel, consonant, doubtful = (table.get(key, "").split() for key in ("vowel", "consonant", "doubtful"))
    longest = sorted({*vowel, *consonant, *doubtful}, key=lambda ending: (-len(ending), ending))
    return CaseEndings(frozenset(vowel), frozenset(consonant), frozenset(doubtful), tuple(longest))
