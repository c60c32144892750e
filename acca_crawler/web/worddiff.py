"""What changed between two revisions: paragraphs first, then the words of those that changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Sign = Literal["same", "gone", "new"]
MOST_PARAGRAPHS = 2_000
MOST_WORDS = 3_000
"""Beyond these the comparison would take seconds; what is beyond is shown whole, as gone and as new."""

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, went or came."""

    sign: Sign
    text: str


Changed = tuple[Piece, ...]


def changed_paragraphs(before: str, after: str) -> Iterator[Changed]:
    """The paragraphs that differ, each as pieces in order; what stayed the same is left out."""
    old, new = before.split("\n\n"), after.split("\n\n")
    for tag, i1, i2, j1, j2 in _opcodes(old, new, MOST_PARAGRAPHS):
        if tag != "equal":
            yield words("\n\n".join(old[i1:i2]), "\n\n".join(new[j1:j2]))


def words(before: str, after: str) -> Changed:
    """One text against another, word by word."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in _opcodes(old, new, MOST_WORDS):
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i1:i2])))
            continue
        pieces += [Piece("gone", "".join(old[i1:i2]))] if i2 > i1 else []
        pieces += [Piece("new", "".join(new[j1:j2]))] if j2 > j1 else []
    return tuple(pieces)


def _opcodes(old: Sequence[str], new: Sequence[str], most: int) -> Sequence[tuple[str, int, int, int, int]]:
    if len(old) > most or len(new) > most:
        return [("equal" if old == new else "replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
