"""The parts of an article: title, lead, body, background, and lines that point to other articles."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from acca_crawler.detect.annotate import Sentence
from acca_crawler.text.normalise import APOSTROPHES, TURNED_COMMA

Part = Literal["title", "lead", "body", "background", "related"]

FILE = Path(__file__).with_name("parts.toml")
LEAD = 2
"""Sentences of the text that, with the title, say what an article is about."""

MIN_BULLETS = 3
"""Lines that begin with a bullet from which on a text is an overview of several pieces of news."""

MAX_RELATED = 160
"""Code points of a line that points to another article; a longer one is a sentence of this article."""


_ALIKE = str.maketrans({"ё": "е"} | dict.fromkeys(APOSTROPHES, TURNED_COMMA))


def parts_of(sentences: Sequence[Sentence]) -> list[Part]:
    """The part of the article that each sentence belongs to.

    Background begins with a phrase such as "Напомним" after the lead and lasts to the end of the text.
    """
    background, related, _ = _patterns()
    parts: list[Part] = []
    position = 0
    is_background = is_announced = False
    for sentence in sentences:
        if sentence.field == "title":
            parts.append("title")
            continue
        plain = sentence.plain.lower().translate(_ALIKE)
        points_away = len(plain) <= MAX_RELATED and (is_announced or bool(related.match(plain)))
        is_announced = points_away and plain.endswith(":")
        if position >= LEAD and background.match(plain):
            is_background = True
        if points_away:
            parts.append("related")
        else:
            parts.append("background" if is_background else "lead" if position < LEAD else "body")
        position += 1
    return parts


def is_overview(sentences: Sequence[Sentence]) -> bool:
    """Whether a text lists several pieces of news, so that neighbouring lines have nothing to do with each other."""
    bullet = _patterns()[2]
    return sum(bool(bullet.match(s.plain)) for s in sentences if s.field == "text") >= MIN_BULLETS


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Beginnings of background, of lines that point away, and of an overview's lines."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    opening = r"[\W_]*(?:{})(?!\w)"
    background = re.compile(opening.format("|".join(data["background"])))
    related = re.compile(r"[\W_]*(?:{})".format("|".join(data["related"])))
    return background, related, re.compile(data["bullet"])
