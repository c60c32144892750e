"""Compare an article with its archived version: changed (and how), unchanged, or a duplicate."""

from __future__ import annotations

from acca_crawler.dedup.changes import classify_change
from acca_crawler.dedup.volatile import settled
from acca_crawler.detect import Detector
from acca_crawler.items import Article, ChangeKind
from storage.articles.current import CurrentArticle

MIN_KNOWN_OF_PART = 0.9
"""Share of a page's text that must be in the archived article for the page to be only a part of it."""


def compare(current: CurrentArticle, article: Article, detector: Detector) -> ChangeKind:
    """Classify the article against the archived one; a change of date alone is a correction.

    A single further page of an archived article on several pages changes nothing. Both versions use today's detection,
    so that improved detection is not mistaken for an edit.
    """
    if _is_part_alone(current, article):
        return "none"
    if current.identity != article.identity:
        return "duplicate"
    if _is_unchanged(current, article):
        return "none"
    extraction = article.extraction
    stripped = {piece.text for piece in extraction.stripped}
    before = detector.detect(
        current.text, title=current.title, language=article.language, outlet_countries=article.home_countries
    )
    change = classify_change(
        current.title, current.text, extraction.title, extraction.text,
        old=before, new=article.detection, boilerplate=stripped.__contains__,
    )  # fmt: skip
    return "correction" if change == "none" else change


def _is_unchanged(current: CurrentArticle, article: Article) -> bool:
    """Whether title, text and publication date match the archive; a date that became unknown is not a change.

    Nor is "5 hours ago" after "2 hours ago" on the first visit, on the page or in a listing: the first was most exact.
    """
    published = article.extraction.published
    same_date = (
        published is None
        or current.published_at is None
        or published.value == current.published_at
        or published.source in ("relative", "listing")
    )
    return same_date and (current.content_sha256 == article.content_sha256 or _is_settled(current, article))


def _is_settled(current: CurrentArticle, article: Article) -> bool:
    """Whether two versions differ only in volatile text."""
    extraction = article.extraction
    return current.title == extraction.title and settled(current.text) == settled(extraction.text) != ""


def _is_part_alone(current: CurrentArticle, article: Article) -> bool:
    """Whether this is one further page of an archived article on several, saved under the article's address."""
    if not current.parts or article.parts:
        return False
    archived, found = current.text.split("\n\n"), article.extraction.paragraphs
    known = sum(len(paragraph) for paragraph in found if paragraph in archived)
    return archived[0] not in found and known >= MIN_KNOWN_OF_PART * sum(map(len, found)) > 0
