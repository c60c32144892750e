"""Windows of one or two adjacent sentences, with the matching rules and the setting of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from acca_crawler.detect.annotate import Annotated, Sentence
from acca_crawler.detect.concepts import count_concepts, settings_of
from acca_crawler.detect.country import Setting, setting_of
from acca_crawler.detect.rules import RuleBook, marks_of
from acca_crawler.detect.sections import LEAD, Part, is_overview, parts_of


@dataclass(frozen=True, slots=True)
class Window:
    """One or two adjacent sentences (or the title alone, or with the first sentence).

    `part` is the part of its first sentence.
    """

    sentences: tuple[Sentence, ...]
    matched: int
    foreign: bool
    part: Part


class RuleMatcher:
    """Match the rules of `book` in an annotated article, window by window."""

    def __init__(self, annotated: Annotated, book: RuleBook) -> None:
        self.book = book
        self.sentences = annotated.sentences
        self._regional = (annotated.language or "en") not in ("en", "ru")
        self._parts = parts_of(annotated.sentences)
        self._features = self._marked(
            [
                0 if part == "related" else self._features_of(sentence)
                for sentence, part in zip(annotated.sentences, self._parts, strict=True)
            ]
        )
        self._is_overview = is_overview(annotated.sentences)
        self._title = next(
            (f for s, f in zip(annotated.sentences, self._features, strict=True) if s.field == "title"), 0
        )
        self._topics = book.topics(self._opening())

    def windows(self) -> list[Window]:
        """Return every window that contains a lexicon term."""
        settings = setting_of(self.sentences)
        context = self.book.matching("title", self._title)
        if not self._is_overview:
            context |= self.book.matching("opening", self._opening())
        return [
            Window(
                tuple(self.sentences[i] for i in indexes),
                self._matched(indexes) | context,
                _is_foreign(settings[i] for i in indexes) and not self._sent_home(indexes),
                self._parts[indexes[0]],
            )
            for indexes in self._indexes()
        ]

    def concepts(self) -> Counter[str]:
        """Count the concepts of the article and their pairs, sentence by sentence."""
        return count_concepts(
            (frozenset((*self.book.names_of(features), *settings_of(sentence))), part)
            for sentence, features, part in zip(self.sentences, self._features, self._parts, strict=True)
            if part != "related"
        )

    def _sent_home(self, indexes: tuple[int, ...]) -> bool:
        """Whether a report in a language of the region is about an extradition: the person is from the region."""
        return self._regional and any(self._features[i] & self.book.features.get("transfer:2", 0) for i in indexes)

    def _indexes(self) -> Iterator[tuple[int, ...]]:
        core = self.book.core
        for index, features in enumerate(self._features):
            if features & core:
                yield (index,)
            if index and not self._is_overview and (features | self._features[index - 1]) & core:
                yield (index - 1, index)

    def _matched(self, indexes: tuple[int, ...]) -> int:
        union = 0 if self._is_overview else self._title | self._topics
        matched = 0
        for index in indexes:
            union |= self._features[index]
            matched |= self.book.matching("sentence", self._features[index])
        return matched | self.book.matching("window", union)

    def _opening(self) -> int:
        bodies = [f for s, f in zip(self.sentences, self._features, strict=True) if s.field == "text"]
        opening = self._title
        for features in bodies[:LEAD]:
            opening |= features
        return opening

    def _marked(self, features: list[int]) -> list[int]:
        """Add marks to the features of sentences that contain, or are adjacent to, something relevant."""
        core = self.book.core
        marked = list(features)
        for index, own in enumerate(features):
            around = (
                own | (features[index - 1] if index else 0) | (features[index + 1] if index + 1 < len(features) else 0)
            )
            if own and around & core:
                for mark in marks_of(self.sentences[index]):
                    marked[index] |= self.book.features.get(mark, 0)
        return marked

    def _features_of(self, sentence: Sentence) -> int:
        features = 0
        for found in sentence.found:
            features |= self.book.features_of_term(found.term)
        return features


def _is_foreign(settings: Iterable[Setting]) -> bool:
    """Whether a window is set abroad: it has a foreign place and none in the region."""
    found = set(settings)
    return "foreign" in found and "domestic" not in found
