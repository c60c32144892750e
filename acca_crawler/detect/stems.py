"""Branches and stems of all shipped patterns, worked out beforehand: `make stems` writes them, a pattern a line.

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
from acca_crawler.detect.literal_prefixes import branches_of, collapsed, later_stems_of, stems_of
from acca_crawler.items import LANGUAGES
from acca_crawler.text.normalise import PLAIN_LETTERS

FILE = Path(__file__).with_name("stems.json")

Branches = Sequence[tuple[str, Sequence[str], Sequence[str]]]
"""The alternatives of a pattern, each with its stems as in a collapsed text.

Behind them are those of which a match has one at a later word, empty where none are worth looking for.
"""

KEY_LENGTH = 16
"""Hex digits of a pattern's hash."""

MIN_LATER = 3
"""Letters from which on stems of later words are rare enough to be looked for."""

MAX_COMMON = 10
"""Code points of a collapsed stem, blanks included, beyond which it is so rare that a later one is not needed."""


@cache
def branches_with_stems(pattern: str) -> Branches:
    """Return a pattern's branches and stems. Raises ValueError if a branch has no literal stem."""
    line = _shipped().get(_key(pattern).encode())
    if line is None:
        return cut(pattern)
    known: Branches = json.loads(line.decode())
    return known


def cut(pattern: str) -> Branches:
    """Work out a pattern's branches and stems."""
    return tuple((source, *_stems(source)) for source in branches_of(pattern))


def _stems(source: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    stems = tuple(sorted(_spaced(stem, source) for stem in stems_of(source)))
    later = later_stems_of(source) if min(map(len, stems)) <= MAX_COMMON else frozenset()
    is_rare = min((len(stem.strip()) for stem in later), default=0) >= MIN_LATER
    return stems, tuple(sorted({_spaced(stem, source) for stem in later})) if is_rare else ()


def _spaced(stem: str, source: str) -> str:
    if not stem.strip():
        raise ValueError(f"no literal stem begins {source!r}")
    return collapsed(f" {stem}")


@cache
def _shipped() -> dict[bytes, bytes]:
    """Return the value of each key as JSON: a process reads one language, and decoding all would take it longest."""
    lines = FILE.read_bytes().splitlines()[1:-1] if FILE.is_file() else []
    return {line[1 : KEY_LENGTH + 1]: line[KEY_LENGTH + 4 :].removesuffix(b",") for line in lines}


def _key(pattern: str) -> str:
    return blake2b(pattern.encode(), digest_size=KEY_LENGTH // 2).hexdigest()


def shipped_patterns() -> list[str]:
    """Return every pattern of the shipped lexicons and the gazetteer, also without special letters, sorted."""
    found: set[str] = set()
    for language in LANGUAGES:
        patterns = {term.pattern for term in terms_for(language)} | {pattern for _, pattern in places_for(language)}
        plain = PLAIN_LETTERS.get(language, {})
        found |= patterns | {pattern.translate(plain) for pattern in patterns}
    return sorted(found)


def stems_file(patterns: Iterable[str]) -> str:
    """Return the content of the file for these patterns, one line each."""
    rows = [f"{json.dumps(_key(p))}: {json.dumps(cut(p), ensure_ascii=False)}" for p in patterns]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def main() -> int:
    """Write the file."""
    FILE.write_text(stems_file(shipped_patterns()), encoding="utf-8")
    return 0
