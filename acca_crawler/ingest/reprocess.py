"""`acca reprocess`: rerun extraction and detection on the stored captures, without network access."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import islice

from acca_crawler import __version__
from acca_crawler.clock import now, utc_stamp
from acca_crawler.config.loading import Config
from acca_crawler.crawl.reading.pool import page_limits
from acca_crawler.crawl.run import CrawlContext, open_run
from acca_crawler.detect import Detector
from acca_crawler.engines import AHEAD, Engine, Readers, Result, open_readers
from acca_crawler.exceptions import PageTooHeavy
from acca_crawler.ingest.preloading import load_tables
from acca_crawler.ingest.preparation import preparation_of
from acca_crawler.ingest.rereading import Gatherer, Material, Read
from acca_crawler.ingest.stored_parts import NOT_STORED
from acca_crawler.ingest.stories import StoryAssignment, assign_story, join_story
from acca_crawler.interrupts import interruptible
from acca_crawler.items import Article
from acca_crawler.outlets import Outlet
from acca_crawler.search.indexing import index_when_due
from storage.articles import reprocessing
from storage.articles.reprocessing import Difference, Selection, Subject
from storage.articles.write import StoreResult
from storage.evidence.captures import CaptureStore
from storage.ledger.addresses import ask_again
from storage.schema.database import open_read_only, transaction
from storage.schema.kinds import ArchiveDb

CHUNK = 16
"""Articles per transaction."""

MAX_MOVES = 200
"""Maximum level changes a report lists individually; the rest are only counted."""

Progress = Callable[[int, int], None]


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
    engine: Engine,
    dry_run: bool,
    progress: Progress,
) -> ReprocessReport:
    """Reprocess the captures of the selected articles on an engine and store the differences.

    An interrupted run resumes where it stopped. Reviews are in a separate database and
    stay unchanged. Raises `ArchiveLocked`, `ArchiveError`, `EngineError`.
    """
    with _readers(config, outlets, engine) as readers:
        if dry_run:
            return _dry_run(config, outlets, wanted, readers, progress)
        arguments: dict[str, object] = asdict(wanted)
        after = _unfinished(config, arguments)
        with open_run(config, "reprocess", arguments) as context:
            report = ReprocessReport(dry_run=False, resumed_after=after)
            total = reprocessing.count_subjects(context.db, wanted, after)
            gatherer = Gatherer(context.db, context.captures, outlets, context.detector)
            for chunk in _read(gatherer, reprocessing.subjects(context.db, wanted, after), readers):
                _store(context, chunk, report)
                progress(report.articles, total)
            return report


def _dry_run(
    config: Config,
    outlets: dict[str, Outlet],
    wanted: Selection,
    readers: Readers | None,
    progress: Progress,
) -> ReprocessReport:
    with closing(open_read_only(config.archive_file)) as db:
        report, detector = ReprocessReport(dry_run=True), Detector(config.lexicon_directories)
        total = reprocessing.count_subjects(db, wanted, 0)
        gatherer = Gatherer(db, CaptureStore(config.warc_directory, db), outlets, detector)
        for chunk in _read(gatherer, reprocessing.subjects(db, wanted, 0), readers):
            for read in chunk:
                report.add(read, _difference(db, read), _assign(db, read, detector))
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
        index_when_due(db, article, now())
    if any(part.missing == NOT_STORED for part in article.parts):
        ask_again(db, article.outlet, article.addresses[0], "further parts not read", utc_stamp())
    raised = stored.alert_id is not None
    join_story(db, stored, assignment if raised else replace(assignment, news=()), run_id)
    return raised


def _assign(db: ArchiveDb, read: Read, detector: Detector) -> StoryAssignment | None:
    if read.article is None:
        return None
    prepared = preparation_of(read.article)
    return assign_story(db, read.article, prepared, read.subject.article_id, read.subject.first_seen_at, detector)


def _difference(db: ArchiveDb, read: Read) -> Difference | None:
    return reprocessing.difference(db, read.subject.revision_id, read.article) if read.article else None


@contextmanager
def _readers(config: Config, outlets: dict[str, Outlet], engine: Engine) -> Iterator[Readers | None]:
    """Start the engine's processes if it has several; they must not share an open archive."""
    if not engine.has_several:
        yield None
        return
    detector = Detector(config.lexicon_directories)
    with closing(open_read_only(config.archive_file)) as db:
        reader = Gatherer(db, CaptureStore(config.warc_directory, db), outlets, detector).reader(prepares=True)
    load = partial(load_tables, detector)
    limits = page_limits(config.crawl)
    with open_readers(engine, (reader.read,), load, limits, config.lexicon_directories) as readers:
        yield readers


def _read(gatherer: Gatherer, subjects: Iterator[Subject], readers: Readers | None) -> Iterator[Sequence[Read]]:
    """Yield all subjects reprocessed, in order, in chunks; readers work ahead of the consumer."""

    def materials() -> Iterator[list[Material]]:
        while chunk := list(islice(subjects, CHUNK)):
            with interruptible():
                gathered = gatherer.gather(chunk)
            yield gathered

    reads = _read_here(gatherer, materials()) if readers is None else _read_elsewhere(readers, materials())
    for chunk in reads:
        yield [gatherer.complete(read) for read in chunk]


def _read_here(gatherer: Gatherer, chunks: Iterable[list[Material]]) -> Iterator[list[Read]]:
    """Yield the chunks read by this process, which compares the articles itself."""
    reader = gatherer.reader(prepares=False)
    for chunk in chunks:
        with interruptible():
            reads = [reader.read(one) for one in chunk]
        yield reads


def _read_elsewhere(readers: Readers, chunks: Iterable[list[Material]]) -> Iterator[list[Read]]:
    """Yield the chunks read, each page within its limits, a few chunks ahead for each reader."""
    waiting: deque[list[tuple[Subject, Result]]] = deque()
    for chunk in chunks:
        waiting.append([(one.subject, readers.submit(0, one)) for one in chunk])
        if len(waiting) >= readers.jobs * AHEAD:
            yield [_result(*one) for one in waiting.popleft()]
    while waiting:
        yield [_result(*one) for one in waiting.popleft()]


def _result(subject: Subject, waiting: Result) -> Read:
    try:
        with interruptible():
            read: Read = waiting.result()
            return read
    except PageTooHeavy as error:
        return Read(subject, error=f"too heavy: {error}")
