"""Windows of one or two neighbouring sentences, the rules that hold in each, and where in the world it plays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acca_crawler.detect.country import setting_of
from acca_crawler.detect.reading import Reading, Sentence
from acca_crawler.detect.rules import RuleBook, marks_of

OPENING = 2
"""Sentences of the text that, with the title, say what an article is about."""


@dataclass(frozen=True, slots=True)
class Window:
    """One or two neighbouring sentences (or the title alone, or with the first sentence)."""

    sentences: tuple[Sentence, ...]
    held: int
    foreign: bool


class Evidence:
    """The rules of `book` that hold in a reading, window by window."""

    def __init__(self, reading: Reading, book: RuleBook) -> None:
        self.book = book
        self.sentences = reading.sentences
        self._flags = [self._flags_of(sentence) for sentence in reading.sentences]
        self._title = next((f for s, f in zip(reading.sentences, self._flags, strict=True) if s.field == "title"), 0)
        self._memo: dict[tuple[str, int], int] = {}

    def windows(self) -> list[Window]:
        """Every window in which a lexicon term stands."""
        settings = setting_of(self.sentences)
        context = self._context()
        return [
            Window(
                tuple(self.sentences[i] for i in indexes),
                self._held(indexes) | context,
                all(settings[i] == "foreign" for i in indexes),
            )
            for indexes in self._indexes()
        ]

    def _indexes(self) -> Iterator[tuple[int, ...]]:
        for index, flags in enumerate(self._flags):
            if flags:
                yield (index,)
            if index and (flags or self._flags[index - 1]):
                yield (index - 1, index)

    def _held(self, indexes: tuple[int, ...]) -> int:
        union = self._title
        held = 0
        for index in indexes:
            union |= self._flags[index]
            held |= self._holding("sentence", self._flags[index])
        return held | self._holding("window", union)

    def _context(self) -> int:
        """The rules on title and opening: the same for every window."""
        titles = [f for s, f in zip(self.sentences, self._flags, strict=True) if s.field == "title"]
        bodies = [f for s, f in zip(self.sentences, self._flags, strict=True) if s.field == "text"]
        opening = 0
        for flags in (*titles, *bodies[:OPENING]):
            opening |= flags
        return self._holding("title", titles[0] if titles else 0) | self._holding("opening", opening)

    def _holding(self, scope: str, flags: int) -> int:
        key = (scope, flags)
        if key not in self._memo:
            self._memo[key] = self.book.holding(scope, flags)
        return self._memo[key]

    def _flags_of(self, sentence: Sentence) -> int:
        flags = 0
        for found in sentence.found:
            flags |= self.book.flags_of_term(found.term)
        if flags:
            for mark in marks_of(sentence):
                flags |= self.book.flags.get(mark, 0)
            if sentence.places and all(found.place.level == "veto" for found in sentence.places):
                flags |= self.book.flags.get("foreign", 0)
        return flags
