"""Windows of one or two neighbouring sentences, the rules that hold in each, and where in the world it plays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from acca_crawler.detect.country import Setting, setting_of
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
        self._regional = (reading.language or "en") not in ("en", "ru")
        self._flags = self._marked([self._flags_of(sentence) for sentence in reading.sentences])
        self._title = next((f for s, f in zip(reading.sentences, self._flags, strict=True) if s.field == "title"), 0)
        self._topics = book.topics(self._opening())

    def windows(self) -> list[Window]:
        """Every window in which a lexicon term stands."""
        settings = setting_of(self.sentences)
        context = self.book.holding("title", self._title) | self.book.holding("opening", self._opening())
        return [
            Window(
                tuple(self.sentences[i] for i in indexes),
                self._held(indexes) | context,
                _is_foreign(settings[i] for i in indexes) and not self._sent_home(indexes),
            )
            for indexes in self._indexes()
        ]

    def _sent_home(self, indexes: tuple[int, ...]) -> bool:
        """Whether a report in a language of the region tells of someone handed over: it is one of its own."""
        return self._regional and any(self._flags[i] & self.book.flags.get("transfer:2", 0) for i in indexes)

    def _indexes(self) -> Iterator[tuple[int, ...]]:
        core = self.book.core
        for index, flags in enumerate(self._flags):
            if flags & core:
                yield (index,)
            if index and (flags | self._flags[index - 1]) & core:
                yield (index - 1, index)

    def _held(self, indexes: tuple[int, ...]) -> int:
        union = self._title | self._topics
        held = 0
        for index in indexes:
            union |= self._flags[index]
            held |= self.book.holding("sentence", self._flags[index])
        return held | self.book.holding("window", union)

    def _opening(self) -> int:
        bodies = [f for s, f in zip(self.sentences, self._flags, strict=True) if s.field == "text"]
        opening = self._title
        for flags in bodies[:OPENING]:
            opening |= flags
        return opening

    def _marked(self, flags: list[int]) -> list[int]:
        """The flags with the marks of sentences in or beside which something to look at stands."""
        core = self.book.core
        marked = list(flags)
        for index, own in enumerate(flags):
            around = own | (flags[index - 1] if index else 0) | (flags[index + 1] if index + 1 < len(flags) else 0)
            if own and around & core:
                for mark in marks_of(self.sentences[index]):
                    marked[index] |= self.book.flags.get(mark, 0)
        return marked

    def _flags_of(self, sentence: Sentence) -> int:
        flags = 0
        for found in sentence.found:
            flags |= self.book.flags_of_term(found.term)
        return flags


def _is_foreign(settings: Iterable[Setting]) -> bool:
    """Whether a window plays abroad: some place in it does, and none is in the region."""
    found = set(settings)
    return "foreign" in found and "domestic" not in found
