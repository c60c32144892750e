"""Find the stages of a case in a report: a plea, a verdict, a sentence, a release ..."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

from acca_crawler.items import Fact, Span
from acca_crawler.text.normalise import APOSTROPHES, TURNED_COMMA
from acca_crawler.text.sentences import sentences

_PATTERNS = Path(__file__).parent / "data" / "developments.toml"
_GIVEN = frozenset(["verdict", "sentence"])
"""Stages whose words are also those of what prosecutors ask for."""
_PLAIN = str.maketrans(dict.fromkeys(APOSTROPHES, TURNED_COMMA) | dict.fromkeys("\u00a0\u2009\u202f", " "))
"""Apostrophes as one, and spaces at which no line breaks as others: "признал&nbsp;вину"."""


def developments(title: str, text: str, language: str | None) -> Iterator[Fact]:
    """Yield the stages a report says its case has reached, each at its first mention, as facts of kind "stage".

    `language` is a code of `text.language`; None or a language without patterns yields nothing.
    """
    fields: tuple[tuple[Literal["title", "text"], str], ...] = (("text", text), ("title", title))
    patterns = _patterns((language or "").split("-")[0])
    lowered = {field: _lowered(whole) for field, whole in fields}
    for stage, pattern in patterns.items():
        for field, whole in fields:
            asked = _asked(patterns, lowered[field]) if stage in _GIVEN else []
            match = next((found for found in pattern.finditer(lowered[field]) if not _within(found, asked)), None)
            if match is not None:
                start, end = match.span()
                first, last = next(((a, b) for a, b in sentences(whole) if a <= start < b), (start, end))
                yield Fact("stage", stage, Span(field, start, end, whole[start:end], stage), whole[first:last], "")
                break


def _asked(patterns: Mapping[str, re.Pattern[str]], lowered: str) -> list[tuple[int, int]]:
    """Return where a text says what prosecutors asked for."""
    pattern = patterns.get("demand")
    return [found.span() for found in pattern.finditer(lowered)] if pattern else []


def _within(found: re.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= found.start() < end for start, end in spans)


@cache
def version() -> str:
    """Return the first 8 hex digits of the SHA-256 of the patterns."""
    return sha256(_PATTERNS.read_bytes()).hexdigest()[:8]


def _lowered(text: str) -> str:
    """Lower the case, with plain spaces and apostrophes, without changing any position."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text.translate(_PLAIN))


@cache
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    found = tomllib.loads(_PATTERNS.read_text(encoding="utf-8"))
    return {stage: re.compile(rf"(?<!\w)(?:{of[language]})") for stage, of in found.items() if language in of}
