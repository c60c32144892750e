"""Deciding what an article is to the archive: new, another revision, unchanged, or the same under another address."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from acca_crawler.clock import stamp
from acca_crawler.dedup.changes import ChangeKind, classify_change
from acca_crawler.detect.detector import OURS, Detector
from acca_crawler.ingest.page import UNNAMED
from acca_crawler.ingest.recrawl import next_visit
from acca_crawler.ingest.stories import assign_story, join_story
from acca_crawler.items import Article, Page
from acca_crawler.search.indexing import index_article
from storage.articles import visits, write
from storage.articles.write import CurrentArticle, StoreResult


def is_unnamed(current: CurrentArticle) -> bool:
    """Whether an article was imported without an address; the first address that its text stands under becomes its."""
    return current.url.startswith(UNNAMED)


def store_article(
    db: Database,
    article: Article,
    page: Page,
    run_id: int,
    way: str,
    now: datetime,
    detector: Detector = OURS,
) -> StoreResult:
    """Store an article inside the caller's transaction and say what that did.

    `detector` is the one that judged the article: what is held is judged by it too.
    """
    at = stamp(now)
    current = write.by_identity(db, article.outlet, article.identity)
    twin = None if current else write.by_content(db, article.outlet, article.content_sha256)
    if twin and is_unnamed(twin) and not article.url.startswith(UNNAMED):
        write.name_article(db, twin, article.identity, article.url)
        current, twin = twin, None
    if twin:
        stored = StoreResult("duplicate", twin.article_id, twin.revision_id)
        write.record_address(db, article, twin.article_id, "duplicate", "the same text as another address", way, at)
        return stored
    if current:
        stored = _store_over(db, article, current, run_id, now, detector)
    else:
        stored = _store_new(db, article, run_id, now, detector)
    if stored.outcome in ("new", "changed"):
        index_article(db, stored.revision_id, article.extraction.title, article.extraction.text, article.language)
    write.record_address(db, article, stored.article_id, "stored", None, way, at)
    write.record_fetch(
        db, article.outlet, article.addresses[0], article.extraction.modified_at, page.etag, page.last_modified
    )
    return stored


def _store_new(db: Database, article: Article, run_id: int, now: datetime, detector: Detector) -> StoreResult:
    at = stamp(now)
    due = next_visit(flagged=article.detection.level == "alert", first_seen_at=at, now=now)
    assignment = assign_story(db, article, None, at, detector)
    stored = write.insert_article(db, article, run_id, due, at, assignment.alert)
    join_story(db, stored, assignment, run_id)
    return stored


def _store_over(
    db: Database, article: Article, current: CurrentArticle, run_id: int, now: datetime, detector: Detector
) -> StoreResult:
    at = stamp(now)
    flagged = bool(current.flagged) or article.detection.level == "alert"
    due = next_visit(flagged=flagged, first_seen_at=current.first_seen_at, now=now)
    if is_unchanged(current, article):
        write.touch(db, current, due, at)
        stored = StoreResult("unchanged", current.article_id, current.revision_id)
    else:
        assignment = assign_story(db, article, current.article_id, current.first_seen_at, detector)
        change = change_of(current, article, detector)
        stored = write.insert_revision(db, article, current, change, run_id, due, at, assignment.alert)
        join_story(db, stored, assignment, run_id)
    visits.record_visit(db, current, visits.Visit(stored.outcome, None, article.capture_id), run_id, due, at)
    return stored


def is_unchanged(current: CurrentArticle, article: Article) -> bool:
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
    return current.content_sha256 == article.content_sha256 and same_date


def change_of(current: CurrentArticle, article: Article, detector: Detector) -> ChangeKind:
    """How grave the change from the held revision is; another date alone is a correction.

    Both versions are judged by today's detection, so that what we have learned since is not taken for an edit.
    """
    extraction = article.extraction
    stripped = {piece.text for piece in extraction.stripped}
    change = classify_change(
        current.title,
        current.text,
        extraction.title,
        extraction.text,
        old=detector.detect(
            current.text, title=current.title, language=article.language, outlet_countries=article.home_countries
        ),
        new=article.detection,
        boilerplate=stripped.__contains__,
    )
    return "correction" if change == "none" else change
