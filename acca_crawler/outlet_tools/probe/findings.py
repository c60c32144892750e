"""Findings of a probe: the ways that answered, and how well different extractions of the site's articles agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from acca_crawler.discovery import Way
from acca_crawler.items import Listed


@dataclass(frozen=True, slots=True)
class WayChecked:
    """Result of one way: whether it answered, how much it listed, the newest date, and why it failed, if it did."""

    way: Way
    listed: tuple[Listed, ...] = ()
    newest: str | None = None
    failure: str = ""

    def summary(self) -> str:
        """One line of text for display."""
        refs = ", ".join(getattr(self.way, "refs", ()) or ("",))
        if self.failure:
            return f"{self.way.name} ({refs}): no: {self.failure}"
        return f"{self.way.name} ({refs}): lists {len(self.listed)}, the newest {self.newest or 'without a date'}"


@dataclass(frozen=True, slots=True)
class ArticleRead:
    """One article as each extractor reads it: word counts, dates, and agreement (0 to 1)."""

    url: str
    title: str = ""
    method: str = ""
    words: int = 0
    generic_words: int = 0
    published: str | None = None
    language: str | None = None
    agreements: dict[str, float] = field(default_factory=dict)
    known: bool = True
    failure: str = ""

    def summary(self) -> str:
        """One line of text for display."""
        if self.failure:
            return f"{self.url}: {self.failure}"
        agreed = ", ".join(f"{name} {value:.0%}" for name, value in self.agreements.items())
        return (
            f"{self.url}: “{self.title}”, {self.words} words by {self.method or 'nothing'}, published "
            f"{self.published or 'unknown'}, in {self.language or 'no language known'}; agreement with "
            f"{agreed or 'nothing'}"
        )


@dataclass(frozen=True)
class Findings:
    """All findings of a probe."""

    family: str
    crawl_delay: float | None
    ways: tuple[WayChecked, ...]
    articles: tuple[ArticleRead, ...]

    @cached_property
    def answering(self) -> tuple[WayChecked, ...]:
        """The ways that listed something, in order."""
        return tuple(checked for checked in self.ways if checked.listed)
