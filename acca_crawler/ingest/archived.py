"""Store a page from a web archive: in its place in time, and without saying anything about the site of today."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from acca_crawler.clock import parse_stamp, stamp
from acca_crawler.detect.detector import Detector
from acca_crawler.ingest.store import store_article
from acca_crawler.items import Article, Page
from storage.articles.current import by_identity
from storage.articles.earlier import captured_at, has_text, insert_earlier
from storage.schema.kinds import ArchiveDb

ArchivedOutcome = Literal["new", "changed", "unchanged", "duplicate", "earlier"]


def store_archived(
    db: ArchiveDb, article: Article, page: Page, run_id: int, way: str, now: datetime, detector: Detector
) -> ArchivedOutcome:
    """Store an archived page inside the caller's transaction and return the outcome.

    A page captured before our current revision becomes an earlier revision if no revision has its text; one captured
    after it is compared as in a crawl. Neither counts as a visit: an article that the site took down stays missing.
    `now` is aware. Raises `NotThisArticle`.
    """
    current = by_identity(db, article.outlet, article.identity)
    before = current is not None and parse_stamp(page.fetched_at or stamp(now)) < parse_stamp(captured_at(db, current))
    if current is None or not before:
        return store_article(db, article, page, run_id, way, now, detector, visited=False).outcome
    if has_text(db, current.article_id, article.content_sha256):
        return "unchanged"
    insert_earlier(db, article, current, run_id, stamp(now))
    return "earlier"
