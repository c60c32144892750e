"""Deciding what an article is to the archive: new, another revision, unchanged, or the same under another address."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from acca_crawler.clock import stamp
from acca_crawler.items import Article, Page
from acca_crawler.process import UNNAMED
from acca_crawler.revisits import next_visit
from storage import archive, visits
from storage.archive import Held, Stored


def is_unnamed(held: Held) -> bool:
    """Whether an article was imported without an address; the first address that its text stands under becomes its."""
    return held.url.startswith(UNNAMED)


def store_article(db: Database, article: Article, page: Page, run_id: int, way: str, now: datetime) -> Stored:
    """Store an article inside the caller's transaction and say what that did."""
    at = stamp(now)
    held = archive.held_as(db, article.outlet, article.identity)
    twin = None if held else archive.held_with(db, article.outlet, article.content_sha256)
    if twin and is_unnamed(twin) and not article.url.startswith(UNNAMED):
        archive.name_article(db, twin, article.identity, article.url)
        held, twin = twin, None
    if twin:
        stored = Stored("duplicate", twin.article_id, twin.revision_id)
        archive.record_address(db, article, twin.article_id, "duplicate", "the same text as another address", way, at)
        return stored
    stored = _store_over(db, article, held, run_id, now) if held else _store_new(db, article, run_id, now)
    archive.record_address(db, article, stored.article_id, "stored", None, way, at)
    archive.record_fetch(
        db, article.outlet, article.addresses[0], article.extraction.modified_at, page.etag, page.last_modified
    )
    return stored


def _store_new(db: Database, article: Article, run_id: int, now: datetime) -> Stored:
    at = stamp(now)
    return archive.insert_article(db, article, run_id, next_visit(article.detection.level, at, now), at)


def _store_over(db: Database, article: Article, held: Held, run_id: int, now: datetime) -> Stored:
    at = stamp(now)
    due = next_visit(article.detection.level, held.first_seen_at, now)
    if is_unchanged(held, article):
        archive.touch(db, held, due, at)
        stored = Stored("unchanged", held.article_id, held.revision_id)
    else:
        stored = archive.insert_revision(db, article, held, "changed", run_id, due, at)
    visits.record_visit(db, held, visits.Visit(stored.outcome, None, article.capture_id), run_id, due, at)
    return stored


def is_unchanged(held: Held, article: Article) -> bool:
    """Whether title, text and date of publication are what the archive holds; a date newly unknown is no change."""
    published = article.extraction.published_at
    same_date = published is None or held.published_at is None or published == held.published_at
    return held.content_sha256 == article.content_sha256 and same_date
