"""What a run brought held against what the outlet declares to expect: a dead feed must not look like a quiet day."""

from __future__ import annotations

from collections.abc import Iterator

from acca_crawler.clock import earlier, utc_stamp
from acca_crawler.crawl.run import OutletRun
from acca_crawler.items import Article
from storage.ledger import addresses

ENOUGH_ARTICLES = 5
"""Articles of a run, at least, before shares of them say anything."""

MIN_VOLUME = 0.25
"""A week with a smaller share of the usual number of articles is too quiet to be true."""

MAX_SHORT = 0.5
"""A larger share of articles below the outlet's shortest: the body is not found any more."""


def count_fields(run: OutletRun, article: Article) -> None:
    """Count an article that was read, and what is missing from it."""
    extraction = article.extraction
    missing = {
        "no_date": extraction.published is None,
        "no_author": not extraction.authors,
        "no_language": article.language is None,
        "no_category": not extraction.categories,
        "short_text": len(extraction.text.split()) < run.outlet.expected.min_words,
    }
    run.count("read")
    for name, is_missing in missing.items():
        if is_missing:
            run.count(name)


def shortfalls(run: OutletRun) -> Iterator[str]:
    """What lies outside of what the outlet declares, or of what a page may take, each as a clause."""
    expected, counts = run.outlet.expected, run.context.counts.of(run.name)
    if run.answered_way and run.limit is None:
        yield from _volume(run)
    if heavy := counts.get("too_heavy"):
        yield f"pages too heavy to read: {heavy}"
    read = counts.get("read", 0)
    if read < ENOUGH_ARTICLES:
        return
    short, undated, unsigned = (counts.get(name, 0) for name in ("short_text", "no_date", "no_author"))
    if short > MAX_SHORT * read:
        yield f"{short} of {read} articles have fewer than {expected.min_words} words"
    if undated > expected.max_without_date * read:
        yield f"{undated} of {read} articles have no date"
    if unsigned > expected.max_without_author * read:
        yield f"{unsigned} of {read} articles have no author"


def _volume(run: OutletRun) -> Iterator[str]:
    """A week's articles, once the outlet has been followed for a week."""
    usual, now = run.outlet.expected.articles_per_week, utc_stamp()
    week_ago = earlier(now, days=7)
    if not usual or not addresses.was_listed_before(run.db, run.name, week_ago):
        return
    listed = addresses.listed_since(run.db, run.name, week_ago)
    if listed < MIN_VOLUME * usual:
        yield f"{listed} articles were listed in the last 7 days, about {usual} are usual"
