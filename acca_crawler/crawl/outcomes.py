"""Outcomes of fetching an address: saved to the ledger, counted, and recorded as a visit to its article."""

from __future__ import annotations

import logging

from acca_crawler.clock import now, utc_stamp
from acca_crawler.crawl.run import OutletRun
from acca_crawler.dedup.address import canonical_address
from acca_crawler.ingest.page import identity_of
from acca_crawler.ingest.recrawl import after_visit
from acca_crawler.items import Listed
from storage.articles import visits
from storage.articles.current import by_url
from storage.ledger import addresses
from storage.schema.database import transaction

MAX_REASON = 300
"""Longest reason (characters) stored in the ledger."""

_log = logging.getLogger(__name__)


def found_unchanged(run: OutletRun, url: str, capture_id: int | None) -> None:
    """The page has not changed (HTTP 304)."""
    run.count("fetched")
    run.count("unchanged")
    _set_status(run, url, "stored", None)
    _visit(run, url, "unchanged", "HTTP 304", capture_id)


def found_no_article(run: OutletRun, url: str, reason: str, capture_id: int | None) -> None:
    """The page contains no article. If its article is archived, this is a failed visit."""
    run.count("not_article")
    archived = _visit(run, url, "failed", reason, capture_id) is not None
    _set_status(run, url, "failed" if archived else "not_article", reason)


def found_further_part(run: OutletRun, url: str, first: str, reason: str) -> None:
    """The page is a further part of an article: its first part is fetched instead, which leads to all of them."""
    run.count("further_part")
    listed = canonical_address(first, keep_query=run.outlet.keep_query)
    with transaction(run.db) as db:
        way, identity, at = run.answered_way or "", identity_of(listed, run.outlet), utc_stamp()
        addresses.list_address(db, run.name, way, listed, Listed(first, way=way), identity, at)
    _set_status(run, url, "duplicate", reason)


def found_other_page(run: OutletRun, url: str, reason: str, capture_id: int | None) -> None:
    """Another page, or none, appears in place of the article: the article is kept, and we try again later."""
    run.count("other_page")
    _visit(run, url, "failed", reason, capture_id)
    _set_status(run, url, "failed", reason)


def found_unstorable(run: OutletRun, url: str, reason: str, capture_id: int | None) -> None:
    """Our own code failed to store an article: its capture is kept, and the next run tries again."""
    _log.error("could not be stored: %s: %s", url, reason)
    run.count("failed")
    run.count("not_stored")
    _visit(run, url, "failed", f"could not be stored: {reason}", capture_id)
    _set_status(run, url, "failed", f"could not be stored: {reason}")


def found_unreadable(run: OutletRun, url: str, reason: str, capture_id: int | None) -> None:
    """Our own code failed to read a page: the next run tries again, and the capture is kept for a later release."""
    _log.exception("could not be read: %s", url)
    run.count("failed")
    _visit(run, url, "failed", f"could not be read: {reason}", capture_id)
    _set_status(run, url, "failed", f"could not be read: {reason}")


def found_too_heavy(run: OutletRun, url: str, reason: str, capture_id: int | None) -> None:
    """Reading the page exceeds the time or memory limit. Its capture is kept; the next run tries again."""
    run.count("too_heavy")
    run.count("failed")
    _visit(run, url, "failed", f"too heavy to read: {reason}", capture_id)
    _set_status(run, url, "failed", f"too heavy to read: {reason}")
    run.heavy_in_a_row += 1


def found_gone(run: OutletRun, url: str, reason: str, capture_id: int | None) -> None:
    """The site reports the article as gone: it is `missing`, and `removed` only after a day of such answers."""
    became = _visit(run, url, "gone", reason, capture_id)
    status = "removed" if became == "removed" else "missing"
    run.count(status)
    _set_status(run, url, status, reason)


def found_refused(run: OutletRun, url: str, reason: str) -> None:
    """A rule forbids the request: robots.txt, or a host that is not the outlet's."""
    _set_status(run, url, "refused", reason)
    run.count("refused")
    run.last_refusal = reason


def found_blocked(run: OutletRun, url: str, reason: str, capture_id: int | None) -> None:
    """The site answered with a challenge or a block page on every route."""
    run.count("blocked")
    _set_status(run, url, "blocked", reason)
    _visit(run, url, "blocked", reason, capture_id)
    run.blocked_in_a_row += 1


def found_failed(run: OutletRun, url: str, reason: str, capture_id: int | None) -> None:
    """No answer, or a server error."""
    run.count("failed")
    _set_status(run, url, "failed", reason)
    _visit(run, url, "failed", reason, capture_id)
    run.failed_in_a_row += 1


def _visit(run: OutletRun, url: str, outcome: str, reason: str, capture_id: int | None) -> str | None:
    """Record a visit to the article at an address.

    Returns its new state (`missing`, `removed`, `reappeared`), `seen` if it did not change, None if no article is
    archived.
    """
    article = by_url(run.db, run.name, url)
    if article is None:
        return None
    visit = visits.Visit(outcome, reason, capture_id)
    with transaction(run.db) as db:
        due = after_visit(article, outcome, now())
        return visits.record_visit(db, article, visit, run.context.run_id, due, utc_stamp()) or "seen"


def _set_status(run: OutletRun, url: str, status: str, reason: str | None) -> None:
    with transaction(run.db) as db:
        addresses.set_status(db, run.name, url, status, reason[:MAX_REASON] if reason else None, utc_stamp())
