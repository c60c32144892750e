"""Branches and stems of all shipped patterns, worked out beforehand: `make stems` writes them.

Cutting a pattern takes longer than everything else when lexicons are loaded. A pattern that the file does not have (an
operator's own, or one changed since) is cut when it is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path

from acca_crawler.detect.lexicon import places_for, terms_for
from acca_crawler.detect.literal_prefixes import branches_of, collapsed, stems_of
from acca_crawler.items import LANGUAGES

FILE = Path(__file__).with_name("stems.json")

Branches = Sequence[tuple[str, Sequence[str]]]
"""The alternatives of a pattern, each with its stems as in a collapsed text."""


@cache
def branches_with_stems(pattern: str) -> Branches:
    """Return a pattern's branches and stems. Raises ValueError if a branch has no literal stem."""
    known = _shipped().get(_key(pattern))
    return known if known is not None else cut(pattern)


def cut(pattern: str) -> Branches:
    """Work out a pattern's branches and stems."""
    return tuple(
        (source, tuple(sorted(_spaced(stem, source) for stem in stems_of(source)))) for source in branches_of(pattern)
    )


def _spaced(stem: str, source: str) -> str:
    if not stem.strip():
        raise ValueError(f"no literal stem begins {source!r}")
    return collapsed(f" {stem}")


@cache
def _shipped() -> dict[str, Branches]:
    if not FILE.is_file():
        return {}
    data: dict[str, Branches] = json.loads(FILE.read_text(encoding="utf-8"))
    return data


def _key(pattern: str) -> str:
    return blake2b(pattern.encode(), digest_size=8).hexdigest()


def shipped_patterns() -> list[str]:
    """Return every pattern of the shipped lexicons and the gazetteer, sorted."""
    terms = {term.pattern for language in LANGUAGES for term in terms_for(language)}
    return sorted(terms | {pattern for language in LANGUAGES for _, pattern in places_for(language)})


def stems_file(patterns: Iterable[str]) -> str:
    """Return the content of the file for these patterns, one line each."""
    rows = [f"{json.dumps(_key(p))}: {json.dumps(cut(p), ensure_ascii=False)}" for p in patterns]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def main() -> int:
    """Write the file."""
    FILE.write_text(stems_file(shipped_patterns()), encoding="utf-8")
    return 0
