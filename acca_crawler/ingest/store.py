"""Store an article: find its archived version, compare, assign its story, write, index."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from acca_crawler.clock import stamp
from acca_crawler.detect.detector import OURS, Detector
from acca_crawler.exceptions import NotThisArticle, TextOfOthers
from acca_crawler.extract.walls import MAX_WORDS, shares_little, shows_beginning_only
from acca_crawler.ingest.comparison import compare
from acca_crawler.ingest.recrawl import next_visit_of
from acca_crawler.ingest.stories import assign_story, join_story
from acca_crawler.ingest.story_pointers import canonical_links
from acca_crawler.items import UNNAMED, Article, Page
from acca_crawler.search.indexing import index_article
from storage.articles import posts
from storage.articles.current import CurrentArticle, by_identity, by_url, find_current
from storage.articles.visits import record_seen
from storage.articles.write import StoreResult, write_article, write_duplicate, write_unchanged
from storage.ledger.addresses import copies_of, record_stored
from storage.schema.kinds import ArchiveDb

MAX_TORN = 20
"""Characters at the end of a page that breaks off that may be read differently: half a word, half a letter."""

MIN_KNOWN_OF_PART = 0.9
"""Share of a page's text that must be in the archived article for the page to be only a part of it."""


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
    came from the site itself just now.
    Raises `NotThisArticle` for a page that has almost nothing in common with the archived version, that breaks off in
    the middle, or of which a part is missing that the archived version has; `TextOfOthers` for a short one that several
    addresses answer with.
    """
    at = stamp(now)
    article = _with_believed_identity(db, article)
    current = find_current(db, article)
    if current and current.identity == article.identity:
        _require_same_article(current, article)
        _require_no_fewer_parts(current, article)
        _require_whole_text(current, article, page)
    change = "none" if current and _is_part_alone(current, article) else compare(current, article, detector)
    due = next_visit_of(current, article, now)
    if current and change == "duplicate":
        _require_few_addresses(db, current, article)
        stored = write_duplicate(current)
    elif current and change == "none":
        unseen = StoreResult("unchanged", current.article_id, current.revision_id)
        stored = write_unchanged(db, current, due, at) if visited else unseen
    else:
        known_id, first_seen_at = (current.article_id, current.first_seen_at) if current else (None, at)
        assignment = assign_story(db, article, known_id, first_seen_at, detector)
        stored = write_article(db, article, current, change, run_id, due, at, assignment.alert)
        join_story(db, stored, assignment, run_id)
        index_article(db, stored.revision_id, article)
    if article.extraction.post is not None and stored.outcome != "duplicate":
        links = canonical_links(article.extraction.post.links)
        posts.save_post(db, stored.article_id, article.extraction.post, links, at)
    if visited:
        record_seen(db, current, stored.outcome, article.capture_id, run_id, due, at)
    if visited or current is None or by_url(db, article.outlet, article.addresses[0]) is None:
        record_stored(db, article, page, stored, way, at)
    return stored


def _with_believed_identity(db: ArchiveDb, article: Article) -> Article:
    """Return the article with its own URL if the page's canonical URL belongs to another article.

    Some templates declare one canonical URL on every page. A second URL with the same title is the same article.
    """
    if article.found_identity in ("", article.identity):
        return article
    claimed = by_identity(db, article.outlet, article.identity)
    if claimed is None or claimed.content_sha256 == article.content_sha256:
        return article
    at_address = by_url(db, article.outlet, article.addresses[0])
    own = at_address is not None and at_address.identity == article.found_identity
    same = at_address is not None and at_address.article_id == claimed.article_id
    if not own and (same or claimed.title.casefold() == article.extraction.title.casefold()):
        return article
    addresses = tuple(url for url in article.addresses if url != article.url)
    return replace(article, identity=article.found_identity, url=article.found_at, addresses=addresses)


def _require_same_article(current: CurrentArticle, article: Article) -> None:
    extraction = article.extraction
    if extraction.post is not None:
        return  # its number is the post, whatever it says today
    if _may_be_another_page(current) and len(extraction.text) > len(current.text):
        return  # else what was met at the first visit would keep the article out for ever
    if shares_little(extraction.title, extraction.text, current.title, current.text):
        raise NotThisArticle(
            f"doubtful: “{extraction.title[:80]}” has next to nothing in common with the version in the archive"
        )


def _may_be_another_page(current: CurrentArticle) -> bool:
    """Whether the archived version is so short, and was so little, that it may be a notice in the article's place."""
    return not current.flagged and len(current.text.split()) <= MAX_WORDS


def _require_few_addresses(db: ArchiveDb, current: CurrentArticle, article: Article) -> None:
    """Doubt a short page that a third address answers with: it is a notice, whatever it says, and no copy."""
    if current.url.startswith(UNNAMED) or not article.url or len(current.text.split()) > MAX_WORDS:
        return
    if copies := copies_of(db, current.article_id, article.identity):
        said = f"doubtful: the text of {copies + 1} other addresses: “{current.title[:80]}”"
        raise TextOfOthers(said, current.article_id)


def _require_no_fewer_parts(current: CurrentArticle, article: Article) -> None:
    """Keep the archived version while a page of the article can't be fetched: the text was not shortened."""
    missing = [part for part in article.parts if part.missing]
    if missing and current.parts > len(article.parts) - len(missing):
        raise NotThisArticle(f"page {missing[0].number} of the article is missing: {missing[0].missing}")


def _require_whole_text(current: CurrentArticle, article: Article, page: Page) -> None:
    """Keep the archived version if a page has only the beginning of its text, or none of it: nothing was taken out.

    It breaks off in the middle, its theme is broken, or the site asks readers to subscribe.
    """
    if article.extraction.post is not None or not current.text:
        return
    if not article.extraction.text:
        raise NotThisArticle("a page without its text")
    if 2 * len(article.extraction.text) < len(current.text) and shows_beginning_only(article.extraction.paragraphs):
        raise NotThisArticle("only the beginning of the article, and a form to sign in or to subscribe")
    text, end = article.extraction.text, page.html[-4096:].rstrip().lower()
    if not end or end.endswith(b">") or b"</html" in end or len(text) >= len(current.text):
        return
    if current.text.startswith(text[: -max(MAX_TORN, len(text) // 10)]):
        raise NotThisArticle("the page breaks off in the middle of the article")


def _is_part_alone(current: CurrentArticle, article: Article) -> bool:
    """Whether this is one further page of an archived article on several, saved under the article's address."""
    if not current.parts or article.parts:
        return False
    archived, found = current.text.split("\n\n"), article.extraction.paragraphs
    known = sum(len(paragraph) for paragraph in found if paragraph in archived)
    return archived[0] not in found and known >= MIN_KNOWN_OF_PART * sum(map(len, found)) > 0
