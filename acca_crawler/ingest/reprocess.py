"""`acca reprocess`: rerun extraction and detection on the stored captures, without network access."""

from __future__ import annotations

import json
import multiprocessing
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

from acca_crawler import __version__
from acca_crawler.clock import utc_stamp
from acca_crawler.config.loading import Config
from acca_crawler.crawl.run import CrawlContext, open_run
from acca_crawler.detect import Detector
from acca_crawler.exceptions import AccaError
from acca_crawler.ingest.capture import article_in, article_listed, listed_in
from acca_crawler.ingest.stored_parts import NOT_STORED, StoredParts
from acca_crawler.ingest.stories import StoryAssignment, assign_story, join_story
from acca_crawler.ingest.templates import with_template
from acca_crawler.interrupts import Stopped, interruptible
from acca_crawler.items import Article, Listed
from acca_crawler.outlets import Outlet
from acca_crawler.search.indexing import index_article
from storage.articles import reprocessing
from storage.articles.reprocessing import Difference, Selection, Subject
from storage.articles.write import StoreResult
from storage.evidence.captures import CaptureStore
from storage.exceptions import CaptureError
from storage.ledger.addresses import ask_again
from storage.schema.database import open_read_only, transaction
from storage.schema.kinds import ArchiveDb

CHUNK = 16
"""Articles per worker task and per transaction."""

AHEAD = 4
"""Chunks queued per worker: enough to keep it busy with constant memory."""

LISTINGS = ("rest", "feed", "posts")
"""Kinds of captures with several articles' texts, used for an article whose page was unreachable."""

MAX_MOVES = 200
"""Maximum level changes a report lists individually; the rest are only counted."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Read:
    """A worker's result for one article: the article as read today, or why it could not be read."""

    subject: Subject
    article: Article | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """An article whose level changed."""

    article_id: int
    title: str
    was: str
    becomes: str


@dataclass(slots=True)
class ReprocessReport:
    """What reprocessing changed, or would change. `resumed_after` is the last article of an interrupted run."""

    dry_run: bool
    resumed_after: int = 0
    articles: int = 0
    unchanged: int = 0
    revised: int = 0
    reflagged: int = 0
    joined: int = 0
    alerts: int = 0
    columns: Counter[str] = field(default_factory=Counter)
    levels: Counter[tuple[str, str]] = field(default_factory=Counter)
    moves: list[Move] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[int, str]] = field(default_factory=list)

    def add(self, read: Read, found: Difference | None, assignment: StoryAssignment | None) -> None:
        """Count one article."""
        self.articles += 1
        if found is None or read.article is None:
            kind, _, _ = (read.error or "").partition(":")
            self.errors[kind] += 1
            if kind not in ("no capture", "pruned") and len(self.failed) < MAX_MOVES:
                self.failed.append((read.subject.article_id, read.error or ""))
            return
        self.unchanged += not found
        self.joined += assignment is not None and len(assignment.stories) > 1
        self.revised += bool(found.columns)
        self.reflagged += found.detected
        self.columns.update(found.columns)
        if found.was != found.becomes:
            self.levels[found.was, found.becomes] += 1
            if len(self.moves) < MAX_MOVES:
                title = read.article.extraction.title
                self.moves.append(Move(read.subject.article_id, title, found.was, found.becomes))


def reprocess(
    config: Config,
    outlets: dict[str, Outlet],
    *,
    wanted: Selection,
    jobs: int,
    dry_run: bool,
    progress: Progress,
) -> ReprocessReport:
    """Reprocess the captures of the selected articles and store the differences.

    An interrupted run resumes where it stopped. Reviews are in a separate database and
    stay unchanged. Raises `ArchiveLocked`, `ArchiveError`.
    """
    if dry_run:
        db = open_read_only(config.archive_file)
        try:
            report, detector = ReprocessReport(dry_run=True), Detector(config.lexicon_directories)
            total = reprocessing.count_subjects(db, wanted, 0)
            for chunk in _read(config, outlets, detector, reprocessing.subjects(db, wanted, 0), jobs):
                for read in chunk:
                    report.add(read, _difference(db, read), _assign(db, read, detector))
                progress(report.articles, total)
            return report
        finally:
            db.close()
    arguments: dict[str, object] = asdict(wanted)
    after = _unfinished(config, arguments)
    with open_run(config, "reprocess", arguments) as context:
        report = ReprocessReport(dry_run=False, resumed_after=after)
        total = reprocessing.count_subjects(context.db, wanted, after)
        for chunk in _read(config, outlets, context.detector, reprocessing.subjects(context.db, wanted, after), jobs):
            _store(context, chunk, report)
            progress(report.articles, total)
        return report


def _unfinished(config: Config, arguments: dict[str, object]) -> int:
    db = open_read_only(config.archive_file)
    try:
        encoded = json.dumps(arguments, ensure_ascii=False, sort_keys=True)
        return reprocessing.unfinished(db, encoded, __version__)
    finally:
        db.close()


def _store(context: CrawlContext, chunk: Sequence[Read], report: ReprocessReport) -> None:
    with transaction(context.db) as db:
        for read in chunk:
            found, assignment = _difference(db, read), _assign(db, read, context.detector)
            report.add(read, found, assignment)
            if found is not None and assignment is not None and read.article is not None:
                report.alerts += _store_one(db, read.subject, read.article, found, assignment, context.run_id)
        reprocessing.save_progress(db, context.run_id, chunk[-1].subject.article_id)


def _store_one(
    db: ArchiveDb, subject: Subject, article: Article, found: Difference, assignment: StoryAssignment, run_id: int
) -> bool:
    """Store the differences and the article's current story; return whether that raised an alert."""
    stored = StoreResult("unchanged", subject.article_id, subject.revision_id)
    if found:
        stored = reprocessing.store_reading(db, subject, article, found, run_id, utc_stamp(), assignment.alert)
    if stored.outcome != "changed":
        reprocessing.store_doubts(db, stored.revision_id, article)
    else:
        index_article(db, stored.revision_id, article)
    if any(part.missing == NOT_STORED for part in article.parts):
        ask_again(db, article.outlet, article.addresses[0], "further parts not read", utc_stamp())
    raised = stored.alert_id is not None
    join_story(db, stored, assignment if raised else replace(assignment, news=()), run_id)
    return raised


def _assign(db: ArchiveDb, read: Read, detector: Detector) -> StoryAssignment | None:
    if read.article is None:
        return None
    return assign_story(db, read.article, read.subject.article_id, read.subject.first_seen_at, detector)


def _difference(db: ArchiveDb, read: Read) -> Difference | None:
    return reprocessing.difference(db, read.subject.revision_id, read.article) if read.article else None


def _read(
    config: Config, outlets: dict[str, Outlet], detector: Detector, subjects: Iterator[Subject], jobs: int
) -> Iterator[Sequence[Read]]:
    """Yield all subjects reprocessed, in order, in chunks; `jobs` processes work ahead of the consumer."""
    arguments = (config.archive_file, config.warc_directory, outlets, detector)
    if jobs == 1:
        worker = _Worker(*arguments)
        while chunk := list(islice(subjects, CHUNK)):
            with interruptible():
                found = worker.read(chunk)
            yield found
        worker.close()
        return
    # Not forked: the archive's connection must not be shared with a child.
    start = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=start, initializer=_start_worker, initargs=arguments) as pool:
        waiting: deque[Future[Sequence[Read]]] = deque()
        try:
            while chunk := list(islice(subjects, CHUNK)):
                waiting.append(pool.submit(_read_in_worker, chunk))
                if len(waiting) >= jobs * AHEAD:
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())
        except Stopped:
            for process in multiprocessing.active_children():
                process.terminate()
            raise
        finally:
            for future in waiting:
                future.cancel()


def _result(future: Future[Sequence[Read]]) -> Sequence[Read]:
    with interruptible():
        return future.result()


class _Worker:
    """Reads captures; writes nothing to disk."""

    def __init__(self, archive: Path, warc_directory: Path, outlets: dict[str, Outlet], detector: Detector) -> None:
        self._db = open_read_only(archive)
        self._captures = CaptureStore(warc_directory, self._db)
        self._outlets = {name: with_template(self._db, name, outlet) for name, outlet in outlets.items()}
        self._detector = detector
        # One REST document contains a hundred consecutive articles.
        self._document = lru_cache(4)(self._captures.read)

    def read(self, subjects: Sequence[Subject]) -> Sequence[Read]:
        """Return the articles as read today, in the order of the subjects."""
        return [self._read(subject) for subject in subjects]

    def _read(self, subject: Subject) -> Read:
        if subject.capture_id is None:
            return Read(subject, error="no capture")
        outlet = self._outlets.get(subject.outlet)
        if outlet is None:
            return Read(subject, error=f"no outlet {subject.outlet} today")
        try:
            article = self._article(subject, subject.capture_id, outlet)
        except CaptureError as error:
            return Read(subject, error="pruned" if "pruned by" in str(error) else f"damaged: {error}")
        except AccaError as error:
            return Read(subject, error=f"not read: {error}")
        except Exception as error:  # noqa: BLE001 - a page that our code fails on must not abort the run
            return Read(subject, error=f"failed: {type(error).__name__}: {error}")
        return Read(subject, article)

    def _article(self, subject: Subject, capture_id: int, outlet: Outlet) -> Article:
        capture = self._captures.read(capture_id)
        name, detector = subject.outlet, self._detector
        if capture.kind in LISTINGS:
            return article_listed(
                capture, subject.identity, name, outlet, capture_id=capture_id, detector=detector
            )  # fmt: skip
        listed = self._listed(subject, outlet) or _remembered(subject, capture.url)
        find = StoredParts(self._captures, capture, name, subject.part_captures)
        article, _ = article_in(
            capture, name, outlet, capture_id=capture_id, listed=listed, detector=detector, find=find
        )
        return article

    def _listed(self, subject: Subject, outlet: Outlet) -> Listed | None:
        """Return what the REST document or feed said about the article, if its capture still exists."""
        if subject.listed_capture_id is None:
            return None
        try:
            return listed_in(self._document(subject.listed_capture_id), subject.identity, outlet)
        except (CaptureError, AccaError):  # the page itself is still read, with the listing data stored in the archive
            return None

    def close(self) -> None:
        """Close the archive."""
        self._db.close()


def _remembered(subject: Subject, url: str) -> Listed | None:
    """Return what the way of discovery said about the article: keeps dates and title that are not on the page."""
    sources = {"published": subject.published_source, "modified": subject.modified_source}
    way = next((source for source in sources.values() if source in ("rest", "feed", "listing")), None)
    if way is None:
        return None
    return Listed(
        url=url,
        published=subject.published_at if sources["published"] == way else None,
        modified=subject.modified_at if sources["modified"] == way else None,
        title=subject.title,
        body_html="" if way == "rest" else None,
        way=way,
    )


_worker: _Worker


def _start_worker(archive: Path, warc_directory: Path, outlets: dict[str, Outlet], detector: Detector) -> None:
    global _worker
    for number in (signal.SIGINT, signal.SIGHUP):  # a terminal sends them to the whole group; the parent decides
        signal.signal(number, signal.SIG_IGN)
    _worker = _Worker(archive, warc_directory, outlets, detector)


def _read_in_worker(chunk: Sequence[Subject]) -> Sequence[Read]:
    return _worker.read(chunk)
