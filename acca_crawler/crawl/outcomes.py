"""Outcomes of fetching an address: saved to the ledger, counted, and recorded as a visit to its article."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from acca_crawler.clock import now, utc_stamp
from acca_crawler.crawl.recording import FetchOutcome, OutcomeKind
from acca_crawler.crawl.run import OutletRun
from acca_crawler.dedup.address import canonical_address
from acca_crawler.ingest.page import identity_of
from acca_crawler.ingest.recrawl import after_visit
from acca_crawler.items import Listed
from storage.articles import visits
from storage.articles.current import by_url
from storage.ledger import addresses
from storage.schema.kinds import ArchiveDb

MAX_REASON = 300
"""Longest reason (characters) stored in the ledger."""


def record(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome) -> None:
    """Record an outcome, inside the caller's transaction."""
    _RECORDED[outcome.kind](db, run, outcome)


def _unchanged(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome) -> None:
    """The page has not changed (HTTP 304)."""
    run.count("fetched")
    run.count("unchanged")
    _set_status(db, run, outcome, "stored", None)
    _visit(db, run, outcome, "unchanged", "HTTP 304")


def _no_article(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome) -> None:
    """The page contains no article. If its article is archived, this is a failed visit."""
    run.count("not_article")
    archived = _visit(db, run, outcome, "failed") is not None
    _set_status(db, run, outcome, "failed" if archived else "not_article")


def _further_part(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome) -> None:
    """The page is a further part of an article: its first part is fetched instead, which leads to all of them."""
    run.count("further_part")
    listed = canonical_address(outcome.first, keep_query=run.outlet.keep_query)
    way, identity, at = run.answered_way or "", identity_of(listed, run.outlet), utc_stamp()
    addresses.list_address(db, run.name, way, listed, Listed(outcome.first, way=way), identity, at)
    _set_status(db, run, outcome, "duplicate")


def _other_page(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome) -> None:
    """Another page, or none, appears in place of the article: the article is kept, and we try again later."""
    run.count("other_page")
    _visit(db, run, outcome, "failed")
    _set_status(db, run, outcome, "failed")


def _unstorable(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome) -> None:
    """Our own code failed to store an article: its capture is kept, and the next run tries again."""
    run.count("failed")
    run.count("not_stored")
    _failed_by_us(db, run, outcome, "could not be stored")


def _unreadable(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome) -> None:
    """Our own code failed to read a page: the next run tries again, and the capture is kept for a later release."""
    run.count("failed")
    _failed_by_us(db, run, outcome, "could not be read")


def _too_heavy(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome) -> None:
    """Reading the page exceeds the time or memory limit. Its capture is kept; the next run tries again."""
    run.count("too_heavy")
    run.count("failed")
    _failed_by_us(db, run, outcome, "too heavy to read")


def _gone(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome) -> None:
    """The site reports the article as gone: it is `missing`, and `removed` only after a day of such answers."""
    became = _visit(db, run, outcome, "gone")
    run.dead_links += became is None
    status = "removed" if became == "removed" else "missing"
    run.count(status)
    _set_status(db, run, outcome, status)


def _refused(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome) -> None:
    """A rule forbids the request: robots.txt, or a host that is not the outlet's."""
    run.count("refused")
    _set_status(db, run, outcome, "refused")


def _blocked(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome) -> None:
    """The site answered with a challenge or a block page on every route."""
    run.count("blocked")
    _set_status(db, run, outcome, "blocked")
    _visit(db, run, outcome, "blocked")


def _failed(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome) -> None:
    """No answer, or a server error."""
    run.count("failed")
    _set_status(db, run, outcome, "failed")
    _visit(db, run, outcome, "failed")


_RECORDED: Mapping[OutcomeKind, Callable[[ArchiveDb, OutletRun, FetchOutcome], None]] = {
    "unchanged": _unchanged,
    "no_article": _no_article,
    "further_part": _further_part,
    "other_page": _other_page,
    "unstorable": _unstorable,
    "unreadable": _unreadable,
    "too_heavy": _too_heavy,
    "gone": _gone,
    "refused": _refused,
    "blocked": _blocked,
    "failed": _failed,
}


def _failed_by_us(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome, what: str) -> None:
    reason = f"{what}: {outcome.reason}"
    _visit(db, run, outcome, "failed", reason)
    _set_status(db, run, outcome, "failed", reason)


def _visit(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome, visited: str, reason: str | None = None) -> str | None:
    """Record a visit to the article at an address.

    Returns its new state (`missing`, `removed`, `reappeared`), `seen` if it did not change, None if no article is
    archived.
    """
    article = by_url(db, run.name, outcome.url)
    if article is None:
        return None
    visit = visits.Visit(visited, reason or outcome.reason, outcome.capture_id)
    due = after_visit(article, visited, now())
    return visits.record_visit(db, article, visit, run.context.run_id, due, utc_stamp()) or "seen"


def _set_status(db: ArchiveDb, run: OutletRun, outcome: FetchOutcome, status: str, reason: str | None = "") -> None:
    """Set the address's status with the outcome's reason; with another one, or none, if `reason` says so."""
    reason = outcome.reason if reason == "" else reason
    reason = reason[:MAX_REASON] if reason else None
    addresses.set_status(db, run.name, outcome.url, status, reason, run.rules, utc_stamp())
