"""A report as an input to comparison."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from acca_crawler.dedup.profile import Profile, profile_of
from acca_crawler.dedup.signature import Signature, signature
from acca_crawler.dedup.words import Reading, read
from acca_crawler.text.language import identify


@dataclass(frozen=True)
class Document:
    """Title and body of a report. `language` is a code of `text.language`, None if unknown.

    `published` is a day or a time in ISO 8601, or None; `alternates` are the page's own (hreflang, address) pairs.
    """

    title: str
    text: str
    language: str | None = None
    url: str = ""
    published: str | None = None
    alternates: tuple[tuple[str, str], ...] = ()
    outlet: str = ""

    @cached_property
    def known_language(self) -> str | None:
        """The given language, or the one identified from the text."""
        return self.language or identify(f"{self.title}\n{self.text}")

    @cached_property
    def reading(self) -> Reading:
        """The report's first sentences with their words."""
        return read(self.title, self.text, self.known_language)

    @cached_property
    def profile(self) -> Profile:
        """The report's profile, used for comparison."""
        return profile_of(self.reading)

    @cached_property
    def signature(self) -> Signature:
        """The keys of the body's sentences, by which copies are found."""
        return signature(self.reading.parts)
