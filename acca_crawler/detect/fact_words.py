"""Words for fact extraction from `facts.toml`, compiled for one language at a time."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from acca_crawler.detect.legal import NUMBER
from acca_crawler.text.normalise import APOSTROPHES, TURNED_COMMA

FILE = Path(__file__).with_name("facts.toml")
ROLES = ("official", "lawyer", "relative", "suspect", "witness")


@dataclass(frozen=True, slots=True)
class FactWords:
    """Patterns of one language; all ignore case and match within a single sentence."""

    count: re.Pattern[str]
    numbers: dict[str, int]
    """Number words in lower case, with U+02BB in oʻ and gʻ."""
    date: re.Pattern[str]
    months: tuple[re.Pattern[str], ...]
    article: re.Pattern[str]
    """Has the groups `number` and `number2`; one of them matches the article's number."""
    roles: dict[str, re.Pattern[str]]
    civic: re.Pattern[str]
    """Bodies whose heads are no officials: a union, a movement, a congregation."""
    harmed: re.Pattern[str] | None
    """Words before the name of a victim: избиение (блогера) Асанова."""
    accused: re.Pattern[str] | None
    """Words after the name of an accused or convicted person."""
    says: re.Pattern[str] | None
    """A word of speaking behind a name, or before it and a bar: (пишет) Асанов|."""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def fact_words(language: str) -> FactWords:
    """Return the words of a reading language; Uzbek has them in both scripts, Kazakh only in Cyrillic."""
    table = _data().get(language) or _data()[language.split("-")[0]]
    words = "|".join(sorted(table["numbers"], key=len, reverse=True))
    months = "|".join(table["months"])
    return FactWords(
        count=_compiled(
            rf"(?<![\w.,/№-])(?<!№[ \u00a0])(?P<number>\d{{1,3}}(?:[ ,.\u00a0]\d{{3}})+|\d{{1,6}}|{words})(?![\w/%])"
            rf"(?:[ -](?:ta|nafar|sany))?(?P<what>(?:[ -]+\w[\w'’]*){{0,3}}?[ -]+{table['counted']})"
        ),
        numbers=table["numbers"],
        date=_compiled(rf"\b(?:{table['date'].replace('{months}', months)})"),
        months=tuple(_compiled(stem) for stem in table["months"]),
        article=_compiled(_article(table["article"])),
        roles={role: _compiled(rf"\b{table[role]}") for role in ROLES},
        civic=_compiled(rf"\b{table['civic']}\b"),
        harmed=_compiled(rf"\b{table['harmed']}\W+(?:[\w-]+\W+){{0,2}}$") if "harmed" in table else None,
        accused=_compiled(rf"(?:\W+\([^()]*\))?\W+(?:\w+\W+)?{table['accused']}") if "accused" in table else None,
        says=_compiled(rf"\W+{table['says']}\b|\b{table['says']}\W+(?:[\w«»\".]+\W+){{0,2}}\|")
        if "says" in table
        else None,
    )


def _article(pattern: str) -> str:
    filled = pattern.replace("{number}", NUMBER)
    return rf"\b(?:{filled})" if "number2" in filled else rf"\b(?:{filled}|(?!)(?P<number2>))"


def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile the pattern ignoring case; oʻ and gʻ match any apostrophe variant."""
    return re.compile(pattern.replace(TURNED_COMMA, f"[{APOSTROPHES}]"), re.IGNORECASE)
