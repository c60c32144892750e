"""Articles on several pages among imported files: their pages are collected, then read together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from acca_crawler.dedup.address import canonical_address


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page among the imported files: its file, its outlet and its capture."""

    file: Path
    outlet: str
    capture_id: int


@dataclass(slots=True)
class SavedArticle:
    """An article on several pages: the first page, if there is one, and the further ones by number."""

    outlet: str
    url: str
    first: SavedPage | None = None
    further: dict[int, SavedPage] = field(default_factory=dict)

    @property
    def known(self) -> dict[int, int]:
        """Captures of the further pages, by number."""
        return {number: page.capture_id for number, page in self.further.items()}


class SavedArticles:
    """The articles on several pages among the imported files."""

    def __init__(self) -> None:
        self._articles: dict[tuple[str, str], SavedArticle] = {}

    def add_first(self, page: SavedPage, url: str) -> None:
        """Add a first page, whose address is `url`. Of several captures of it, each makes an article of its own."""
        article = self._article(page.outlet, url)
        if article.first is not None:
            key = (page.outlet, f"{canonical_address(url)}#{page.capture_id}")
            article = self._articles[key] = SavedArticle(page.outlet, url)
        article.first = page

    def add_further(self, page: SavedPage, first: str, number: int) -> None:
        """Add a further page of the article whose first page is at the address `first`."""
        self._article(page.outlet, first).further.setdefault(number, page)

    def __iter__(self) -> Iterator[SavedArticle]:
        """Yield the articles in the order in which their pages were added."""
        yield from self._articles.values()

    def _article(self, outlet: str, url: str) -> SavedArticle:
        return self._articles.setdefault((outlet, canonical_address(url)), SavedArticle(outlet, url))
