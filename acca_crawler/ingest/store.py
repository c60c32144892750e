"""Store an article: find its archived version, compare, assign its story, write, index."""

from __future__ import annotations

from datetime import datetime

from acca_crawler.clock import stamp
from acca_crawler.detect.detector import OURS, Detector
from acca_crawler.ingest.comparison import compare
from acca_crawler.ingest.identity import with_believed_identity
from acca_crawler.ingest.preparation import preparation_of
from acca_crawler.ingest.recrawl import next_visit_of
from acca_crawler.ingest.refusals import require_believable
from acca_crawler.ingest.stories import assign_story, join_story
from acca_crawler.ingest.story_pointers import canonical_links
from acca_crawler.items import Article, ChangeKind, Page
from acca_crawler.search.indexing import index_when_due
from storage.articles.current import by_url, find_current
from storage.articles.posts import save_post
from storage.articles.visits import Visit, record_visit
from storage.articles.write import StoreResult, insert_article, insert_revision
from storage.ledger.addresses import record_stored
from storage.schema.kinds import ArchiveDb


def store_article(
    db: ArchiveDb,
    article: Article,
    page: Page,
    run_id: int,
    way: str,
    now: datetime,
    detector: Detector = OURS,
    visited: bool = True,
) -> StoreResult:
    """Store an article inside the caller's transaction and return the outcome.

    `detector` is the one used for the article; it is applied to the archived version too. `visited` is whether the page
    came from the site itself at `now` (an aware time). Raises as `require_believable`.
    """
    at = stamp(now)
    article = with_believed_identity(db, article)
    current = find_current(db, article)
    change: ChangeKind = "first"
    if current:
        require_believable(db, current, article, page)
        change = compare(current, article, detector)
    due = next_visit_of(current, article, now)
    if current and change in ("duplicate", "none"):
        stored = StoreResult(
            "duplicate" if change == "duplicate" else "unchanged", current.article_id, current.revision_id
        )
    else:
        known_id, first_seen_at = (current.article_id, current.first_seen_at) if current else (None, at)
        prepared = preparation_of(article)
        assignment = assign_story(db, article, prepared, known_id, first_seen_at, detector)
        if current:
            stored = insert_revision(db, article, current, change, run_id, due, at, assignment.alert)
        else:
            stored = insert_article(db, article, run_id, due, at, assignment.alert)
        join_story(db, stored, assignment, run_id)
        index_when_due(db, article, now)
    if (post := article.extraction.post) and stored.outcome != "duplicate":
        save_post(db, stored.article_id, post, canonical_links(post.links), at)
    if current and visited and stored.outcome != "duplicate":
        record_visit(db, current, Visit(stored.outcome, None, article.capture_id), run_id, due, at)
    if visited or current is None or by_url(db, article.outlet, article.addresses[0]) is None:
        record_stored(db, article, page, stored, way, at)
    return stored
