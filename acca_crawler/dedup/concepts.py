"""Words of different languages that mean the same, so that reports are compared across languages by what they say.

`data/concepts/*.txt` map a language's stems to Russian ones, one pair per line. `benchmarks/fit_concepts.py` learns
them from parallel texts: NTREX-128, FLORES-200 (both CC BY-SA 4.0) and the two editions of a news site. A stem without
a line is its own concept: names and loanwords have the same fold in every language.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "concepts"
PIVOT = "ru"
"""Language whose stems are the concepts."""


@cache
def concepts_in(language: str | None) -> Mapping[str, str]:
    """Return the concepts of a base language's stems, empty for the pivot and for a language without data."""
    path = DATA / f"{language}.txt"
    if language is None or not path.exists():
        return {}
    return dict(line.split(" ") for line in path.read_text(encoding="utf-8").splitlines())
