"""What an article is to the archive: new, another revision and of which kind, unchanged, or a duplicate."""

from __future__ import annotations

from acca_crawler.dedup.changes import classify_change
from acca_crawler.dedup.volatile import settled
from acca_crawler.detect import Detector
from acca_crawler.items import Article, ChangeKind
from storage.articles.current import CurrentArticle


def compare(current: CurrentArticle | None, article: Article, detector: Detector) -> ChangeKind:
    """What the article is to the one that the archive holds: another date alone is a correction.

    Both versions are judged by today's detection, so that what we have learned since is not taken for an edit.
    """
    if current is None:
        return "first"
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
    """Whether title, text and date of publication are what the archive holds; a date newly unknown is no change.

    Nor is "5 hours ago" where the first visit read "2 hours ago", on the page or in a listing: the first came closest.
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
    """Whether two versions differ only in what changes by itself."""
    extraction = article.extraction
    return current.title == extraction.title and settled(current.text) == settled(extraction.text) != ""
