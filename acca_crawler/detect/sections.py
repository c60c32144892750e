"""Split an article into parts: title, lead, body, background, and lines that link to other articles."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from acca_crawler.detect.annotate import Sentence, without_invisible
from acca_crawler.text.normalise import with_plain_letters

Part = Literal["title", "lead", "body", "background", "related"]

FILE = Path(__file__).with_name("sections.toml")
LEAD = 2
"""Sentences of the text that, with the title, give the article's topic."""

MIN_BULLETS = 3
"""Minimum number of bulleted lines for a text to count as a news roundup."""

_LINK = re.compile(r"[\W_]*+https?://\S++[\W_]*+")

_FINISHED = re.compile(r"[.!…]\W*$")
"""The end of a sentence; a headline has none."""

MAX_RELATED = 160
"""Maximum code points of a line that links to another article; a longer one is a sentence of this article."""


def parts_of(sentences: Sequence[Sentence]) -> list[Part]:
    """Return the part of the article each sentence belongs to.

    Background starts with a phrase such as "Напомним" after the lead and extends to the end of the text. A line that
    announces other articles and ends with a colon takes the headlines after it along: lines without a full stop.
    """
    parts: list[Part] = []
    position = 0
    is_background = is_announced = is_listed = False
    for sentence in sentences:
        if sentence.field == "title":
            parts.append("title")
            continue
        plain = with_plain_letters(without_invisible(sentence).plain)
        is_short = len(plain) <= MAX_RELATED
        is_listed = is_short and (is_announced or (is_listed and not _FINISHED.search(plain)))
        points_away = is_listed or (is_short and bool(_patterns().related.match(plain)))
        is_announced = points_away and plain.endswith(":")
        if position >= LEAD and _patterns().background.match(plain):
            is_background = True
        if points_away:
            parts.append("related")
        else:
            parts.append("background" if is_background else "lead" if position < LEAD else "body")
        position += 1
    return parts


class Opening(NamedTuple):
    """What a sentence begins as: one that recalls what was reported before, a line that points to another article."""

    recalls: bool
    points_away: bool


def opening_of(sentence: str) -> Opening:
    """Return what a sentence begins as."""
    plain = with_plain_letters(sentence)
    background, related, _ = _patterns()
    points_away = len(sentence) <= MAX_RELATED and related.match(plain) is not None
    return Opening(background.match(plain) is not None, points_away)


def is_overview(sentences: Sequence[Sentence]) -> bool:
    """Whether a text is a news roundup, so that adjacent lines are unrelated.

    Its items begin with bullets (in posts, with emoji), or each ends with a link on a line of its own.
    """
    bullet = _patterns().bullet
    lines = [sentence for sentence in sentences if sentence.field == "text"]
    return (
        sum(bool(bullet.match(line.plain)) for line in lines) >= MIN_BULLETS
        or sum(bool(_LINK.fullmatch(line.quote)) for line in lines) >= MIN_BULLETS
    )


class _Patterns(NamedTuple):
    """The openings of background, of lines linking to other articles, and of a roundup's lines."""

    background: re.Pattern[str]
    related: re.Pattern[str]
    bullet: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    opening = r"[\W_]*(?:{})(?!\w)"
    background = re.compile(opening.format("|".join(data["background"])))
    related = re.compile(r"[\W_]*(?:{})".format("|".join(data["related"])))
    return _Patterns(background, related, re.compile(data["bullet"]))
