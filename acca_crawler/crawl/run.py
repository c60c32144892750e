"""A run and each outlet's part in it: configuration, archive, capture store, counts, results."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any

from acca_crawler import __version__
from acca_crawler.clock import exact_stamp, utc_stamp
from acca_crawler.config.loading import Config
from acca_crawler.counting import counted
from acca_crawler.crawl.budget import Budget
from acca_crawler.crawl.fetching.routes import Route
from acca_crawler.crawl.reading.pool import PageReaders, page_limits, page_readers
from acca_crawler.crawl.recording import FetchOutcome, Recorder
from acca_crawler.crawl.screenshots import MAX_PER_RUN, take_screenshots
from acca_crawler.crawl.sharing import Workers
from acca_crawler.declared_rules import page_rules
from acca_crawler.detect import Detector
from acca_crawler.detect.validate import require_sound_lexicons
from acca_crawler.discovery import Way
from acca_crawler.ingest.stories import bring_up_to_date as place_what_waits
from acca_crawler.ingest.story_corrections import catch_up as follow_corrections
from acca_crawler.interrupts import Stopped
from acca_crawler.operations.logs import run_log
from acca_crawler.outlets import Outlet
from acca_crawler.search.indexing import bring_up_to_date as index_what_waits
from acca_crawler.search.indexing import index_recent
from acca_crawler.timestamping.stamping import stamp_manifests
from storage.evidence.captures import CaptureStore
from storage.evidence.manifest import close_run
from storage.ledger import runs
from storage.review import journal
from storage.schema.database import open_archive, refuse_fresh_start, transaction
from storage.schema.kinds import ArchiveDb
from storage.schema.lock import writer_lock

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_log = logging.getLogger(__name__)

SYNC_EVERY = 16
"""Captures per fsync. The archive itself is not synced more often (see `storage.schema.database`): a power cut can cost
the last few captures, a killed process none."""


MIN_OUTLET_MINUTES = 0.1
"""Shortest time given to an outlet that starts right before the run's deadline."""


@dataclass(slots=True)
class CrawlContext:
    """One run, since `started_at` (UTC), and its resources.

    Scrapy deep-copies settings; a process has one archive, so this object is shared.

    `readers` read a crawl's pages in separate processes; commands that read files do it in this process. No further
    outlet starts after `deadline` (a time of `time.monotonic`); `postponed` are those left for the next run.
    `workers` fetch and read the articles, if this process does not do so itself.
    `pictures` are screenshots of rendered pages by capture, for the reports that turn out to be flagged.
    """

    config: Config
    db: ArchiveDb
    captures: CaptureStore
    detector: Detector
    run_id: int
    started_at: str
    readers: PageReaders | None = None
    workers: Workers | None = None
    counts: runs.Counts = field(default_factory=runs.Counts)
    statuses: dict[str, str] = field(default_factory=dict)
    outlet_runs: dict[str, OutletRun] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    postponed: tuple[str, ...] = ()
    deadline: float = inf
    opened: float = field(default_factory=monotonic)
    pictures: dict[int, bytes] = field(default_factory=dict)

    def __deepcopy__(self, memo: dict[int, Any]) -> CrawlContext:
        return self

    @property
    def minutes_left(self) -> float:
        """Minutes until the run's deadline; infinite without one."""
        return (self.deadline - monotonic()) / 60

    @property
    def outlet_minutes(self) -> float:
        """Minutes that an outlet starting now may take; 0 means no limit."""
        minutes = min(self.config.crawl.outlet_minutes or inf, max(self.minutes_left, MIN_OUTLET_MINUTES))
        return 0.0 if minutes == inf else minutes

    def keep_picture(self, capture_id: int, picture: bytes) -> None:
        """Keep a screenshot (PNG) until the run ends; only the newest `MAX_PER_RUN`."""
        self.pictures[capture_id] = picture
        if len(self.pictures) > MAX_PER_RUN:
            del self.pictures[min(self.pictures)]

    def count(self, outlet: str, name: str, value: int = 1) -> None:
        """Count something that `acca status` shows."""
        self.counts.add(outlet, name, value)

    @property
    def failed(self) -> bool:
        """Whether any outlet failed or blocked us."""
        return any(status != "ok" for status in self.statuses.values())


@dataclass(slots=True)
class OutletRun:
    """One outlet's part in a run: its declaration, the options of the run, and the results so far.

    `since` is a day or a UTC stamp, `limit` a number of articles; `wait_until` is the UTC stamp until which a host
    asked us to wait. `answered_way` is the way of discovery that answered, `discovery_message` the problems met before.
    `readers_lost` is why no page could be read any more. `unreachable` names the host that can't be reached and why.
    `dead_links` counts listed addresses that were never archived and are gone, `same_text` pages with a short text that
    others have too; `recorder` is set before the outlet's first request; `rules` is the hash of what decides which
    pages are its articles.
    """

    context: CrawlContext
    name: str
    outlet: Outlet
    budget: Budget
    ways: tuple[Way, ...] = ()
    archive_ways: tuple[Way, ...] = ()
    routes: tuple[Route, ...] = ()
    since: str | None = None
    limit: int | None = None
    backfill: bool = False
    answered_way: str | None = None
    discovery_message: str | None = None
    wait_until: str | None = None
    write_error: str | None = None
    readers_lost: str = ""
    unreachable: str = "a host can't be reached"
    last_refusal: str = ""
    dead_links: int = 0
    same_text: int = 0
    blocked_in_a_row: int = 0
    failed_in_a_row: int = 0
    heavy_in_a_row: int = 0
    recorder: Recorder = field(init=False)
    rules: str = field(init=False)

    def __post_init__(self) -> None:
        self.rules = page_rules(self.outlet)

    def __deepcopy__(self, memo: dict[int, Any]) -> OutletRun:
        return self

    @property
    def db(self) -> ArchiveDb:
        """The archive."""
        return self.context.db

    @property
    def readers(self) -> PageReaders:
        """The page readers; only a crawl has them."""
        assert self.context.readers is not None, "only a crawl has readers"
        return self.context.readers

    @property
    def whole(self) -> bool:
        """Whether the run fetches everything the outlet lists."""
        return self.backfill and self.limit is None

    def count(self, name: str, value: int = 1) -> None:
        """Count something that `acca status` shows."""
        self.context.count(self.name, name, value)

    def record(self, outcome: FetchOutcome) -> None:
        """Record what came of an address that gave no article."""
        self.note(outcome)
        self.recorder.outcome(outcome)

    def note(self, outcome: FetchOutcome) -> None:
        """Count an outcome towards giving up the outlet, without recording it."""
        self.blocked_in_a_row += outcome.kind == "blocked"
        self.failed_in_a_row += outcome.kind == "failed"
        self.heavy_in_a_row += outcome.kind == "too_heavy"
        if outcome.kind == "refused":
            self.last_refusal = outcome.reason

    def wait(self, until: str) -> None:
        """Record that a host asked us to wait until `until` (a UTC stamp)."""
        self.wait_until = max(self.wait_until or "", until)

    def verdict(self, reason: str) -> tuple[str, str | None]:
        """Return the outlet's status for the ledger (ok, blocked, failed or killed) and the reason."""
        if reason in _ENDED_EARLY:
            status, message = _ENDED_EARLY[reason]
            return status, message.format(
                write_error=self.write_error,
                readers_lost=self.readers_lost,
                wait_until=self.wait_until,
                budget=self.budget,
                unreachable=self.unreachable,
            )
        if self.write_error:
            return "failed", _ENDED_EARLY["disk"][1].format(write_error=self.write_error)
        if self.answered_way is None:
            blocked = bool(self.discovery_message and "blocked" in self.discovery_message)
            return "blocked" if blocked else "failed", self.discovery_message or f"ended: {reason}"
        counts = self.context.counts.of(self.name)
        if counts.get("failed") and not counts.get("fetched"):
            return "failed", "every article request failed"
        if counts.get("not_stored"):
            return "failed", f"{counted(counts['not_stored'], 'article')} could not be stored"
        if lost := self._lost(counts):
            return "failed", lost
        return "ok", self.discovery_message

    def _lost(self, counts: Mapping[str, int]) -> str | None:
        """Describe why nearly all addresses yielded no article; None if enough articles were read."""
        read = sum(counts.get(name, 0) for name in ("new", "changed", "unchanged", "duplicate"))
        if self.same_text >= MIN_LOST - 1 and self.same_text >= read - 2:  # two had been stored when a third had it
            return f"{self.same_text + 2} of {read + self.same_text} pages have the same short text, a notice perhaps"
        refused = counts.get("refused", 0)
        other = counts.get("other_page", 0) + counts.get("not_article", 0)
        lost = refused + other + self.dead_links
        if lost < MIN_LOST or lost < LOST_TO_READ * read:
            return None
        said = f" (the last: {self.last_refusal})" if refused else ""
        dead = f", {self.dead_links} were never there" if self.dead_links else ""
        return f"of {lost + read} articles asked for {refused} were refused{said}, {other} were other pages{dead}"


MIN_LOST = 3
LOST_TO_READ = 10
"""A run with at least `MIN_LOST` addresses without an article, and `LOST_TO_READ` for each article read, has failed."""

MAX_BLOCKED = 3
MAX_FAILED = 10
"""Number of blocks or failures in a row that ends an outlet's run, so as not to put load on the site."""

MAX_HEAVY = 3
"""Number of pages in a row too heavy to read that ends an outlet's run, so that the other outlets get the machine."""

_ENDED_EARLY = {
    "shutdown": ("killed", "stopped by a signal"),
    "disk": ("failed", "the archive can't be written to: {write_error}"),
    "readers": ("failed", "pages can't be read: {readers_lost}; the rest waits for the next run"),
    "blocked": ("blocked", f"{MAX_BLOCKED} answers in a row were blocks; the rest waits for the next run"),
    "patience": ("blocked", "a host asks us to wait until {wait_until}; the rest waits until then"),
    "unreachable": ("failed", "{unreachable}; the rest waits for the next run"),
    "budget": ("ok", "the outlet's share of this run is used up ({budget}); the rest waits for the next run"),
    "heavy": ("failed", f"{MAX_HEAVY} pages in a row were too heavy to read; the rest waits for the next run"),
    "failing": ("failed", f"{MAX_FAILED} requests in a row failed; the rest waits for the next run"),
}
"""Status and message by the reason a spider was closed."""

CONTEXT_SETTING = "ACCA_CONTEXT"
OUTLET_RUN_SETTING = "ACCA_OUTLET_RUN"
"""Settings that carry these objects: every Scrapy component has access to the settings."""


def context_of(crawler: Crawler) -> CrawlContext:
    """Return the crawler's run; available from the crawler's start."""
    context: CrawlContext = crawler.settings[CONTEXT_SETTING]
    return context


def outlet_run_of(crawler: Crawler) -> OutletRun:
    """Return the outlet's part in the run; available once the crawler's extensions have started."""
    run: OutletRun = crawler.settings[OUTLET_RUN_SETTING]
    return run


@contextmanager
def open_crawl(config: Config, arguments: Mapping[str, object], jobs: int | None = None) -> Iterator[CrawlContext]:
    """Open a run as `open_run` does, with processes that read pages; these start before anything is opened.

    `jobs` is the number of these processes, by default `crawl.outlets_at_once`.
    """
    require_sound_lexicons(config.lexicon_directories)
    limits = page_limits(config.crawl)
    with (
        page_readers(Detector(config.lexicon_directories), limits, jobs or config.crawl.outlets_at_once) as readers,
        open_run(config, "crawl", arguments) as context,
    ):
        context.readers = readers
        yield context
        if config.evidence.screenshots:
            take_screenshots(context.db, context.captures, context.run_id, context.count, context.pictures)


@contextmanager
def open_run(config: Config, kind: str, arguments: Mapping[str, object]) -> Iterator[CrawlContext]:
    """Take the writer's lock and open the archive and a run; close them at the end of the block.

    Raises `storage.exceptions.ArchiveLocked`, `storage.exceptions.ArchiveError`, `storage.exceptions.CaptureError`, and
    `ConfigError` if the operator's own lexicons are broken: a report must never be judged without them unnoticed.
    """
    require_sound_lexicons(config.lexicon_directories)
    with writer_lock(config.lock_file):
        refuse_fresh_start(config.archive_file, config.warc_directory)
        db = open_archive(config.archive_file)
        started_at = exact_stamp()
        run_id = runs.start_run(db, kind, arguments, __version__, utc_stamp())
        captures = CaptureStore(config.warc_directory, db, sync_every=SYNC_EVERY)
        captures.recover()
        follow_corrections(db, config.people_file, config.archive_file, started_at)
        _exhaust(place_what_waits(db))
        context = CrawlContext(config, db, captures, Detector(config.lexicon_directories), run_id, started_at)
        try:
            with run_log(config, run_id):
                _log.info("run %d begins: %s %s", run_id, kind, dict(arguments))
                yield context
        except Stopped:
            _close(context, "killed")
            with transaction(db):
                index_recent(db)
            raise
        except BaseException:
            _close(context, "failed")
            raise
        else:
            _close(context, "failed" if context.failed else "ok")
            _exhaust(index_what_waits(db))
        finally:
            db.close()


def _exhaust(work: Iterator[int]) -> None:
    """Run an iterator of progress values to its end."""
    deque(work, maxlen=0)


def _close(context: CrawlContext, status: str) -> None:
    """Close the capture file, then write the manifest with its hash, then the run's status."""
    context.captures.close()
    close_run(context.db, context.run_id, utc_stamp(), journal.head_of(context.config.people_file))
    runs.finish_run(context.db, context.run_id, status, context.counts, utc_stamp())
    stamp_manifests(context.db, context.config)
