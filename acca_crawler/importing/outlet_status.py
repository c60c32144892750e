"""The part of each outlet in an import: it runs until the import ends, and ends as the import does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from acca_crawler.crawl.run import CrawlContext
from acca_crawler.interrupts import Stopped
from acca_crawler.outlets import Outlet
from storage.ledger import runs
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

WHOLE_IMPORT = "import"
"""Where counts and failures go that are of no outlet."""


@contextmanager
def ending_outlets(context: CrawlContext) -> Iterator[None]:
    """Record at the end of the block how the import ended for each outlet that `begin_outlet` was called for."""
    try:
        yield
    except Stopped:
        _end(context, "killed", "the import was stopped by a signal; run it again for the rest")
        raise
    except BaseException:
        _end(context, "failed", "the import ended before its last file; run it again for the rest")
        raise
    _end(context, "ok", None)


def begin_outlet(db: ArchiveDb, context: CrawlContext, name: str, outlet: Outlet) -> None:
    """Record that the import has an article of an outlet, inside the caller's transaction."""
    if name not in context.statuses:
        runs.save_outlet(db, name, outlet.title, outlet.home, outlet.kind, outlet.countries, outlet.languages)
        runs.start_outlet(db, context.run_id, name)


def has_begun(context: CrawlContext, name: str) -> None:
    """Remember an outlet whose first article is stored: its transaction may have been undone before."""
    context.statuses.setdefault(name, "ok")


def _end(context: CrawlContext, status: str, message: str | None) -> None:
    with transaction(context.db) as db:
        for name in context.statuses.keys() - {WHOLE_IMPORT}:
            runs.finish_outlet(db, context.run_id, name, status, "import", message)
