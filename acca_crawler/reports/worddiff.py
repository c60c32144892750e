"""Diff of two revisions by paragraph and word, with a bounded running time for any texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from acca_crawler.dedup.changes import word_diff

Sign = Literal["same", "gone", "new"]
MAX_PARAGRAPHS = 2_000
MAX_LETTERS = 20_000
"""Comparing longer texts would take seconds; they are shown whole, as removed and as added."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text that was kept, removed or added."""

    sign: Sign
    text: str


Changed = tuple[Piece, ...]


def changed_paragraphs(before: str, after: str) -> Iterator[Changed]:
    """Yield the paragraphs that differ, each as pieces in order; unchanged paragraphs are omitted."""
    old, new = before.split("\n\n"), after.split("\n\n")
    if max(len(old), len(new)) > MAX_PARAGRAPHS:
        yield words(before, after)
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield words("\n\n".join(old[i1:i2]), "\n\n".join(new[j1:j2]))


def words(before: str, after: str) -> Changed:
    """Compare two texts word by word."""
    if before == after:
        return (Piece("same", after),)
    if max(len(before), len(after)) > MAX_LETTERS:
        return (Piece("gone", before), Piece("new", after))
    pieces: list[Piece] = []
    for edit in word_diff(before, after):
        if edit.kind == "equal":
            pieces.append(Piece("same", edit.new))
            continue
        pieces += [Piece("gone", edit.old)] if edit.old else []
        pieces += [Piece("new", edit.new)] if edit.new else []
    return tuple(pieces)
