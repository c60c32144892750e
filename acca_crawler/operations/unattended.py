"""`acca run`: crawl the outlets that are due, send what is pending, and report the result in one line."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from time import monotonic

from acca_crawler.alerts.sending import Pass, send_all
from acca_crawler.archives.choosing import client_for
from acca_crawler.archives.elsewhere import keep_elsewhere
from acca_crawler.clock import now
from acca_crawler.config.loading import Config
from acca_crawler.counting import counted
from acca_crawler.crawl.progress import Ended, Progress
from acca_crawler.crawl.start import choose, crawl, due_of
from acca_crawler.exceptions import AccaError
from acca_crawler.interrupts import Stopped, interruptible, stop_requested, stop_signals
from acca_crawler.operations.ping import ping
from acca_crawler.operations.watching import watch
from acca_crawler.outlets import Outlet
from acca_crawler.search.merging import MergeOutcome, is_in_many_pieces, merge_when_many
from storage.alerts.alarms import open_alarms
from storage.exceptions import ArchiveLocked
from storage.schema.database import open_archive, open_read_only
from storage.schema.kinds import ArchiveDb
from storage.schema.lock import writer_lock

OK, FAILED, LOCKED, STOPPED = 0, 1, 3, 130
"""Exit codes: all went well; nothing could be crawled or a message not sent; another process crawls; a signal."""

MERGE_SECONDS = 60
"""Most time that a run spends on the search index: no other command may write meanwhile."""


@dataclass(slots=True)
class UnattendedRun:
    """Result of one unattended run. `crawled` is None if nothing was due or another process writes to the archive.

    `outlets` are the enabled ones, `alerts` counts new alerts, `alarms` open alarms. `copies` are those that
    other archives made of flagged reports, `refused` why they made none; `index` is what was done to the search index;
    `stopped` whether a signal ended the run; `problems` have a line each.
    """

    started: float = field(default_factory=monotonic)
    outlets: dict[str, Outlet] = field(default_factory=dict)
    crawled: Ended | None = None
    locked: bool = False
    stopped: bool = False
    alerts: int = 0
    alarms: int = 0
    sent: int = 0
    copies: int = 0
    refused: list[str] = field(default_factory=list)
    index: MergeOutcome = "few pieces"
    problems: list[str] = field(default_factory=list)

    @property
    def code(self) -> int:
        """The exit code. Single outlets that fail or block us are not a failure of the run, but all of them are."""
        if self.stopped:
            return STOPPED
        if self.problems:
            return FAILED
        return LOCKED if self.locked else OK

    @property
    def line(self) -> str:
        """The summary, e.g. `run 12: 8 of 60 outlets (7 ok, 1 blocked): new 31, changed 2, gone 1; alerts 3, ...`."""
        parts = [self._crawl_part(), f"alerts {self.alerts}, sent {self.sent}"]
        if self.alarms:
            parts.append(f"{counted(self.alarms, 'alarm')} open (`acca alarms`)")
        if self.copies or self.refused:
            parts.append(", ".join([f"{counted(self.copies, 'copy', 'copies')} elsewhere", *self.refused]))
        if self.index != "few pieces":
            parts.append("search index put together" + (" in part" if self.index == "in part" else ""))
        return "; ".join([*parts, f"{monotonic() - self.started:.0f} s", *self.problems])

    def _crawl_part(self) -> str:
        if self.locked:
            return "another process is writing to the archive, nothing crawled"
        ended = self.crawled
        if ended is None:
            return f"none of {len(self.outlets)} outlets due"
        statuses = ", ".join(f"{count} {status}" for status, count in sorted(Counter(ended.statuses.values()).items()))
        gone = ended.total("missing") + ended.total("removed")
        left = f", {len(ended.postponed)} left for the next run" if ended.postponed else ""
        return (
            f"run {ended.run_id}: {len(ended.statuses)} of {len(self.outlets)} outlets ({statuses}{left}): "
            f"new {ended.total('new')}, changed {ended.total('changed')}, gone {gone}"
        )


def unattended_run(config: Config, minutes: float, progress: Progress) -> UnattendedRun:
    """Crawl what is due within `minutes`, send what is pending, then ping `operations.ping_url` if all went well.

    Puts the search index together when it is in many pieces, as long as time is left.
    Can start while another run is crawling: then it only sends. Raises the exceptions of `crawl` except
    `ArchiveLocked`.
    """
    run = UnattendedRun()
    with stop_signals():
        with suppress(Stopped):
            _crawl(config, minutes, progress, run)
            run.stopped = run.crawled is not None and run.crawled.stopped
            if not run.stopped:
                _after_crawl(config, run, minutes)
        run.stopped |= stop_requested()
    if run.stopped:
        run.problems.append("stopped by a signal; the next run continues")
    return run


def _after_crawl(config: Config, run: UnattendedRun, minutes: float) -> None:
    """Do what follows a crawl, within `stop_signals`. Raises `Stopped`."""
    if config.archive_file.is_file():
        with interruptible():
            _send(config, run)
            _keep_elsewhere(config, run)
        _merge_index(config, run, minutes)
    with interruptible():
        if run.code == OK and config.operations.ping_url:
            error = ping(config.operations.ping_url)
            if error:
                run.problems.append(f"operations.ping_url: {error}")


def _crawl(config: Config, minutes: float, progress: Progress, run: UnattendedRun) -> None:
    spiders = choose(config, [])
    run.outlets = {spider.name: spider.outlet for spider in spiders}
    if config.archive_file.is_file():
        with closing(open_read_only(config.archive_file)) as db:
            if not due_of(db, spiders):
                return
    try:
        run.crawled = crawl(config, [], since=None, limit=None, backfill=False, due=True, minutes=minutes,
                            progress=progress)  # fmt: skip
    except ArchiveLocked:
        run.locked = True
        return
    statuses = run.crawled.statuses
    if statuses and "ok" not in statuses.values() and not run.crawled.stopped:
        run.problems.append("no outlet could be crawled")


def _send(config: Config, run: UnattendedRun) -> None:
    """Bring the alarms up to date and send what is pending, unless another process is sending."""
    with closing(open_archive(config.archive_file)) as db:
        run.alerts = _alerts_of(db, run.crawled.run_id) if run.crawled else 0
        watch(db, config, run.outlets, now())
        run.alarms = len(open_alarms(db))
        try:
            with writer_lock(config.sender_lock_file):
                passes: Sequence[Pass] = send_all(db, config, now)
        except ArchiveLocked:
            return
    run.sent = sum(done.sent for done in passes)
    run.problems += [done.complaint for done in passes if done.complaint]


def _keep_elsewhere(config: Config, run: UnattendedRun) -> None:
    """Ask other archives for copies if the operator turned that on, unless another process is asking.

    What an archive refuses is stored and tried again, and no failure of the run.
    """
    if not (config.evidence.wayback or config.evidence.archive_today):
        return
    until = monotonic() + config.evidence.elsewhere_minutes * 60
    try:
        with writer_lock(config.elsewhere_lock_file), closing(open_archive(config.archive_file)) as db:
            for one in keep_elsewhere(db, config, client_for(config), may_go_on=lambda: monotonic() < until):
                run.copies += one.error is None
                run.refused += [f"{one.service}: {one.error}"] if one.error else []
    except ArchiveLocked:
        return
    except AccaError as error:
        run.problems.append(f"copies elsewhere: {error}")


def _merge_index(config: Config, run: UnattendedRun, minutes: float) -> None:
    """Put the search index together if it is in many pieces and time is left, unless another process is writing."""
    until = min(run.started + minutes * 60, monotonic() + MERGE_SECONDS)
    try:
        with closing(open_archive(config.archive_file)) as db:
            if is_in_many_pieces(db):
                with writer_lock(config.lock_file):
                    run.index = merge_when_many(db, lambda: monotonic() < until and not stop_requested())
    except ArchiveLocked:
        return
    except sqlite3.Error as error:
        run.problems.append(f"search index: {error}")


def _alerts_of(db: ArchiveDb, run_id: int) -> int:
    return int(db.execute("SELECT count(*) FROM alerts WHERE run_id = ?", [run_id]).fetchone()[0])
