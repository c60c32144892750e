"""A report as far as its relations to others go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from acca_crawler.dedup.alignment import Sentence, split
from acca_crawler.dedup.anchors import Anchors, anchors
from acca_crawler.text.language import identify
from acca_crawler.text.transliterate import fold


@dataclass(frozen=True)
class Document:
    """Title and body of a report. `language` is a code of `text.language`, None for not known.

    `published` is a day or a time in ISO 8601, or None; `alternates` are the page's own (hreflang, address) pairs.
    """

    title: str
    text: str
    language: str | None = None
    url: str = ""
    published: str | None = None
    alternates: tuple[tuple[str, str], ...] = ()

    @cached_property
    def known_language(self) -> str | None:
        """The language given, or the one its text shows."""
        return self.language or identify(f"{self.title}\n{self.text}")

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The body's sentences."""
        return split(self.text, self.known_language)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of title and body, folded."""
        return frozenset(fold(f"{self.title}\n{self.text}", language=self.known_language).split())

    @cached_property
    def anchors(self) -> Anchors:
        """Names, places and numbers of title and body."""
        return anchors(f"{self.title}\n{self.text}", self.known_language)
