"""Records an outlet's part in a run in the archive."""

from __future__ import annotations

import logging
import sqlite3

from acca_crawler.clock import now, utc_stamp
from acca_crawler.crawl.expected import count_fields
from acca_crawler.crawl.outcomes import MAX_REASON, record
from acca_crawler.crawl.recording import FetchOutcome
from acca_crawler.crawl.run import OutletRun
from acca_crawler.exceptions import NotThisArticle, TextOfOthers
from acca_crawler.ingest.store import store_article
from acca_crawler.items import Article, Capture, Page
from storage.evidence.records import Packed
from storage.ledger import runs
from storage.ledger.addresses import doubt_copies
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

_log = logging.getLogger(__name__)


class ArchiveRecorder:
    """The archive's recorder: one transaction for each article or outcome, with the run's counts."""

    def __init__(self, run: OutletRun) -> None:
        self._run = run

    def pack(self, capture: Capture) -> Packed | None:
        """Hash and compress a large exchange, in any thread; None for a small one."""
        return self._run.context.captures.pack(capture)

    def capture(self, capture: Capture, packed: Packed | None = None) -> int:
        """Store an exchange as evidence and return its ID. Raises `CaptureError`."""
        context = self._run.context
        capture_id = context.captures.write(capture, run_id=context.run_id, outlet=self._run.name, packed=packed)
        self._run.count("captured")
        return capture_id

    def outcome(self, outcome: FetchOutcome) -> None:
        """Record what came of an address that gave no article."""
        with transaction(self._run.db) as db:
            record(db, self._run, outcome)
            self._finish(db)

    def article(self, article: Article, page: Page) -> str | None:
        """Store an article together with its revision, flags and alert; return why it was not stored.

        An article that can't be stored is recorded as such: its page is fetched again.
        """
        try:
            self._store(article, page)
        except NotThisArticle as error:
            self.outcome(FetchOutcome("other_page", page.requested_url, str(error), page.capture_id))
            if isinstance(error, TextOfOthers):
                self._run.same_text += 1
                with transaction(self._run.db) as db:
                    doubt_copies(db, error.article_id, str(error), utc_stamp())
            return str(error)
        except sqlite3.OperationalError:  # the archive is not writable: the outcome can't be recorded either
            raise
        except Exception as error:  # noqa: BLE001 - a bug on one article must not end the outlet's run
            reason = f"{type(error).__name__}: {error}"[:MAX_REASON]  # must not contain the article's text
            _log.error("could not be stored: %s: %s", page.requested_url, reason)
            self.outcome(FetchOutcome("unstorable", page.requested_url, reason, page.capture_id))
            return reason
        return None

    def _store(self, article: Article, page: Page) -> None:
        run = self._run
        context, way = run.context, run.answered_way or ""
        with transaction(context.db) as db:
            stored = store_article(db, article, page, context.run_id, way, now(), context.detector)
            run.count(stored.outcome)
            count_fields(run, article)
            if stored.alert_id is not None:
                run.count("alerts")
            for piece in article.extraction.stripped:
                run.count(f"stripped:{piece.rule}")
            self._finish(db)

    def _finish(self, db: ArchiveDb) -> None:
        """Write the last rows of a transaction."""
        runs.save_counts(db, self._run.context.run_id, self._run.context.counts)
