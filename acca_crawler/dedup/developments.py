"""Find the stages of a case in a report: a plea, a verdict, an acquittal, a release, a transfer."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from acca_crawler.items import Fact, Span
from acca_crawler.text.normalise import APOSTROPHES, TURNED_COMMA
from acca_crawler.text.sentences import sentences

_PATTERNS = Path(__file__).parent / "data" / "developments.toml"
_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES, TURNED_COMMA))


def developments(text: str, language: str | None) -> Iterator[Fact]:
    """Yield the stages a text reports, each at its first mention, as facts of kind "stage".

    `language` is a code of `text.language`; None or a language without patterns yields nothing.
    """
    lowered = text.translate(_APOSTROPHE).lower()
    for stage, pattern in _patterns((language or "").split("-")[0]).items():
        match = pattern.search(lowered)
        if match is not None:
            start, end = match.span()
            first, last = next(((a, b) for a, b in sentences(text) if a <= start < b), (start, end))
            span = Span("text", start, end, text[start:end], stage)
            yield Fact("stage", stage, span, text[first:last], "")


@cache
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    found = tomllib.loads(_PATTERNS.read_text(encoding="utf-8"))
    return {stage: re.compile(rf"(?<!\w)(?:{of[language]})") for stage, of in found.items() if language in of}
