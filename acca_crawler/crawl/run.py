"""What one crawling process holds: configuration, archive, capture store, the run and its counts."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from acca_crawler import __version__
from acca_crawler.clock import utc_stamp
from acca_crawler.config.loading import Config
from acca_crawler.detect import Detector
from acca_crawler.detect.validate import require_sound_lexicons
from acca_crawler.ingest.stories import bring_up_to_date as place_what_waits
from acca_crawler.search.indexing import bring_up_to_date as index_what_waits
from storage.evidence.captures import CaptureStore
from storage.evidence.manifest import close_run
from storage.ledger import runs
from storage.schema.database import open_archive
from storage.schema.lock import writer_lock

GZIP_LEVEL = 3
"""For payloads that came uncompressed: a third of the time of level 6 for a tenth more bytes."""

SYNC_EVERY = 16
"""Captures that share one fsync. The archive itself is not synced more often (see `storage.schema.database`): a power
cut can cost the last few captures, a killed process none."""


@dataclass(slots=True)
class CrawlContext:
    """One run and what it works with. Scrapy copies settings deeply; a process has one archive, so this is shared."""

    config: Config
    db: Database
    captures: CaptureStore
    detector: Detector
    run_id: int
    started_at: str
    counts: runs.Counts = field(default_factory=runs.Counts)
    statuses: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)

    def __deepcopy__(self, memo: dict[int, Any]) -> CrawlContext:
        return self

    def count(self, outlet: str, name: str, value: int = 1) -> None:
        """Count something that `acca status` shows."""
        self.counts.add(outlet, name, value)

    @property
    def failed(self) -> bool:
        """Whether an outlet failed or blocked us."""
        return any(status != "ok" for status in self.statuses.values())


@contextmanager
def open_run(config: Config, kind: str, arguments: Mapping[str, object]) -> Iterator[CrawlContext]:
    """Take the writer's lock, open the archive and a run; close all of it with the block.

    Raises `storage.schema.lock.ArchiveLocked`, `storage.schema.database.ArchiveError`,
    `storage.evidence.captures.CaptureError`, and `ConfigError` if the operator's own lexicons are broken: no report
    may be judged without them unnoticed.
    """
    require_sound_lexicons(config.lexicon_directories)
    with writer_lock(config.lock_file):
        db = open_archive(config.archive_file)
        started_at = utc_stamp()
        run_id = runs.start_run(db, kind, arguments, __version__, started_at)
        captures = CaptureStore(config.warc_directory, db, gzip_level=GZIP_LEVEL, sync_every=SYNC_EVERY)
        captures.recover()
        _exhaust(place_what_waits(db))
        context = CrawlContext(config, db, captures, Detector(config.lexicon_directories), run_id, started_at)
        try:
            yield context
        except BaseException:
            _close(context, "failed")
            raise
        else:
            _close(context, "failed" if context.failed else "ok")
            _exhaust(index_what_waits(db))
        finally:
            db.close()


def _exhaust(work: Iterator[int]) -> None:
    """Do all of a work that reports its progress."""
    deque(work, maxlen=0)


def _close(context: CrawlContext, status: str) -> None:
    """The captures' file first, then the manifest that vouches for it, then the run's status."""
    context.captures.close()
    close_run(context.db, context.run_id, utc_stamp())
    runs.finish_run(context.db, context.run_id, status, context.counts, utc_stamp())
