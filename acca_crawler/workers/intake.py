"""Stores the workers' reports in the archive: each exactly once, in the order in which they came."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from acca_crawler.clock import utc_stamp
from acca_crawler.crawl.archiving import ArchiveRecorder
from acca_crawler.crawl.budget import Budget
from acca_crawler.crawl.run import CrawlContext, OutletRun
from acca_crawler.items import Capture
from acca_crawler.outlets import Outlet
from acca_crawler.workers.board import Board
from acca_crawler.workers.redis_messages import WorkerReport, unpacked
from storage.evidence.records import Packed
from storage.ledger.addresses import is_pending
from storage.ledger.report_positions import position, save_position
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

_log = logging.getLogger(__name__)

AT_ONCE = 16
"""Reports taken from the stream at a time."""


class _EntryRecorder(ArchiveRecorder):
    """Records a report; the transaction that does also saves its place in the stream.

    `again` is whether the report was read before: its captures may be stored already.
    """

    def __init__(self, run: OutletRun, stream: str, entry: str, again: bool) -> None:
        super().__init__(run)
        self._stream, self._entry, self._again = stream, entry, again

    def capture(self, capture: Capture, packed: Packed | None = None) -> int:
        """Store an exchange, unless it is stored."""
        known = self._run.context.captures.stored(capture) if self._again else None
        return known or super().capture(capture, packed)

    def counts_only(self) -> None:
        """Record a report without article or outcome."""
        with transaction(self._run.db) as db:
            self._finish(db)

    def _finish(self, db: ArchiveDb) -> None:
        super()._finish(db)
        save_position(db, self._stream, self._entry, utc_stamp())


class Intake:
    """Takes reports from the stream. What a writer that was killed had taken comes first.

    `ended` has the reason for each outlet that a worker gave up.
    """

    def __init__(self, board: Board, stream: str, context: CrawlContext, outlets: Mapping[str, Outlet]) -> None:
        self._board, self._stream, self._context, self._outlets = board, stream, context, outlets
        self._again = True
        self._position = _order(position(context.db, stream) or "0-0")
        self._earlier: dict[str, OutletRun] = {}
        self.ended: dict[str, str] = {}

    def take(self) -> int:
        """Store some reports and return how many.

        Raises `storage.exceptions.CaptureError` and `sqlite3.OperationalError` if the archive can't be written to: the
        reports stay in the stream.
        """
        entries = self._board.reports(AT_ONCE, again=self._again)
        for entry, fields in entries:
            self._take(entry, fields)
        if not entries and self._again:
            self._again = False
            return self.take()
        return len(entries)

    def _take(self, entry: str, fields: Mapping[bytes, bytes]) -> None:
        try:
            report = unpacked(fields)
        except (ValueError, KeyError) as error:
            _log.error("a report of a worker can't be read, its address is fetched again: %s", error)
            self._context.count("workers", "unreadable_report")
            self._board.acknowledge(entry)
            return
        if report.outlet not in self._outlets:
            _log.error("a report is about the outlet %s, which is not declared here", report.outlet)
            self._context.count("workers", "report_of_unknown_outlet")
        elif _order(entry) > self._position:
            self._record(entry, report)
            self._position = _order(entry)
        self._board.acknowledge(entry, report.outlet, report.url)

    def _record(self, entry: str, report: WorkerReport) -> None:
        run = self._run_of(report.outlet)
        recorder = _EntryRecorder(run, self._stream, entry, self._again)
        report = report.numbered(tuple(recorder.capture(capture) for capture in report.captures))
        for name, value in report.counts.items():
            run.count(name, value)
        if report.wait_until:
            run.wait(report.wait_until)
        if report.ended:
            self.ended[report.outlet] = report.ended
        expected = not report.url or self._expects(report)
        if not expected:
            run.count("late_report")
        if expected and report.outcome is not None:
            run.note(report.outcome)
            recorder.outcome(report.outcome)
        elif expected and report.article is not None and report.page is not None:
            recorder.article(report.article, report.page)
        else:
            recorder.counts_only()

    def _expects(self, report: WorkerReport) -> bool:
        """Whether an address still waits for its report: it may have been given to another worker meanwhile."""
        return self._board.is_outstanding(report.outlet, report.url) or is_pending(
            self._context.db, report.outlet, report.url
        )

    def _run_of(self, name: str) -> OutletRun:
        """Return the outlet's part in this run; a new one for a report to an earlier run."""
        run = self._context.outlet_runs.get(name) or self._earlier.get(name)
        if run is None:
            run = self._earlier[name] = OutletRun(self._context, name, self._outlets[name], Budget(0))
        return run


def _order(entry: str) -> tuple[int, int]:
    milliseconds, _, number = entry.partition("-")
    return int(milliseconds), int(number)
