"""Which law an article in a sentence is of, if not of the criminal code: words in `other_laws.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

OtherLaw = Literal["administrative", "other"]

FILE = Path(__file__).with_name("other_laws.toml")
NEAR = 200
"""Characters before and behind an article in which its law is looked for."""

_QUOTED = r"[«\"“„‘](?:19\b[\w\s-]*|[^\W\d]+\s19)(?=[»\"”“’])"
_RIGHTS_GROUP = re.compile(rf"ARTICLE\s19|{_QUOTED}|Article\s19(?=,?\s(?!of\b|and\b|or\b|to\b)[a-z])")
"""The organisation Article 19, which writes its name in capitals; others quote it or go on with what it is or says."""

_ASIDE = re.compile(r"\([^()]*\)|«(?!об?\s)[^«»]*»|\"(?!об?\s)[^\"]*\"", re.IGNORECASE)
"""Titles of articles, which may name a law; those of laws are kept: the code «On marriage»."""


@dataclass(frozen=True, slots=True)
class _Words:
    law: re.Pattern[str]
    """The name of a law; the group `administrative` matches if it is the code of administrative offences."""
    between: re.Pattern[str]
    """What may stand between an article and its law: other numbers, "and", "part"."""
    is_before: bool
    close: re.Pattern[str] | None


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def _words(language: str) -> _Words:
    table = _data().get(language) or _data()[language.split("-")[0]]
    return _Words(
        law=_compiled(rf"(?<!\w)(?:(?P<administrative>{table['administrative']})|{table['other']})(?!\w)"),
        between=_compiled(rf"(?:[^\w!?;]|(?<!\w)(?:\d\w*|{table['list']})(?!\w))*"),
        is_before=table["law_is"] == "before",
        close=_compiled(rf"(?<!\w)(?:{table['close']})[\s(:]*$") if "close" in table else None,
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def other_law(text: str, start: int, end: int, language: str) -> OtherLaw | None:
    """Return of which law the article at `start` to `end` of a sentence is: None for the criminal code or no law.

    `language` is a reading language. Only a law that is named with the article counts, not one elsewhere in the text.
    The name of the organisation Article 19 is taken for an article of another law.
    """
    group = _RIGHTS_GROUP.match(text, max(0, start - 1)) or _RIGHTS_GROUP.match(text, start)
    if group and group.end() >= end:
        return "other"
    words = _words(language)
    before, behind = _without_asides(text[max(0, start - NEAR) : start]), _without_asides(text[end : end + NEAR])
    if words.is_before:
        named = list(words.law.finditer(before))[-1:]
        gap = before[named[0].end() :] if named else ""
    else:
        close = words.close and words.close.search(before)
        named = [found] if (found := words.law.search(behind)) else []
        gap = behind[: named[0].start()] if named else ""
        if close and not (named and words.between.fullmatch(gap)):
            return "administrative" if re.search("коа[по]|адм|admin", close[0], re.IGNORECASE) else "other"
    if not named or not words.between.fullmatch(gap):
        return None
    return "administrative" if named[0]["administrative"] else "other"


def _without_asides(text: str) -> str:
    return _ASIDE.sub(lambda aside: " " * len(aside[0]), text)
