"""Compares a run's results with what the outlet declares, so that a dead feed does not look like a quiet day."""

from __future__ import annotations

from collections.abc import Iterator

from acca_crawler.clock import earlier, utc_stamp
from acca_crawler.counting import counted
from acca_crawler.crawl.run import OutletRun
from acca_crawler.items import Article
from storage.ledger import addresses

ENOUGH_ARTICLES = 5
"""Minimum number of articles in a run before we judge shares of them."""

MIN_VOLUME = 0.25
"""Below this share of the usual articles per week, the outlet is suspiciously quiet."""

MAX_SHORT = 0.5
"""Above this share of articles shorter than `min_words`, body extraction has probably stopped working."""


def count_fields(run: OutletRun, article: Article) -> None:
    """Count an article, its missing fields, the roles of its paragraphs and the doubts about its text."""
    extraction = article.extraction
    missing = {
        "no_date": extraction.published is None,
        "no_author": not extraction.authors,
        "no_language": article.language is None,
        "no_category": not extraction.categories,
        "short_text": len(extraction.text.split()) < run.outlet.expected.min_words,
    }
    run.count("read")
    for role in extraction.roles:
        run.count(f"role:{role}")
    for doubt in extraction.doubts:
        run.count(f"doubt:{doubt.kind}")
    for name, is_missing in missing.items():
        if is_missing:
            run.count(name)


def shortfalls(run: OutletRun) -> Iterator[str]:
    """Yield each deviation from the outlet's declared expectations or from the page limits, as a clause."""
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
    """Check the articles of the last week, once the outlet has been followed for a week."""
    usual, now = run.outlet.expected.articles_per_week, utc_stamp()
    week_ago = earlier(now, days=7)
    if not usual or not addresses.was_listed_before(run.db, run.name, week_ago):
        return
    listed = addresses.listed_since(run.db, run.name, week_ago)
    if listed < MIN_VOLUME * usual:
        yield f"{counted(listed, 'article was', 'articles were')} listed in the last 7 days, about {usual} are usual"
