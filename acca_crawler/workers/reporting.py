"""A worker's recorder: gathers what belongs to one address and sends it as one report."""

from __future__ import annotations

from acca_crawler.crawl.recording import FetchOutcome
from acca_crawler.crawl.run import OutletRun
from acca_crawler.items import Article, Capture, Page
from acca_crawler.workers.board import Board
from acca_crawler.workers.redis_messages import WorkerReport
from storage.evidence.records import Packed


class ReportRecorder:
    """Sends articles and outcomes to the writer, each with the captures and counts since the last report.

    An outlet has one request at a time, so these belong to the same address, except for robots.txt.
    """

    def __init__(self, run: OutletRun, board: Board, worker: str) -> None:
        self._run, self._board, self._worker = run, board, worker
        self._captures: list[Capture] = []

    def pack(self, capture: Capture) -> Packed | None:
        """Pack nothing: the writer does, which has the archive."""
        return None

    def capture(self, capture: Capture, packed: Packed | None = None) -> int:
        """Keep an exchange for the next report and return its number in it, which is negative."""
        self._captures.append(capture)
        return -len(self._captures)

    def outcome(self, outcome: FetchOutcome) -> None:
        """Report what came of an address that gave no article."""
        self._send(WorkerReport(self._run.name, self._worker, outcome.url, outcome=outcome))

    def article(self, article: Article, page: Page) -> str | None:
        """Report an article; whether it can be stored is the writer's business."""
        self._send(WorkerReport(self._run.name, self._worker, page.requested_url, article=article, page=page))
        return None

    def close(self, ended: str) -> None:
        """Report what is left, and why the outlet is given up; empty if it is not."""
        counts = self._run.context.counts.unsaved
        if ended or self._captures or self._run.wait_until or any(outlet == self._run.name for outlet, _ in counts):
            self._send(WorkerReport(self._run.name, self._worker, ended=ended))

    def _send(self, report: WorkerReport) -> None:
        unsaved = self._run.context.counts.unsaved
        counts = {name: unsaved.pop((outlet, name)) for outlet, name in list(unsaved) if outlet == report.outlet}
        self._board.report(
            WorkerReport(
                report.outlet, report.worker, report.url, tuple(self._captures), report.outcome, report.article,
                report.page, counts, report.ended, self._run.wait_until,
            )
        )  # fmt: skip
        self._captures.clear()
