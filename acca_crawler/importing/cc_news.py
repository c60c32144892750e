"""`acca import --cc-news`: stream large WARC files such as CC-NEWS and keep only the pages of declared outlets.

Processes of this machine scan the files piece by piece, each file in order; they or a cluster's workers read the
pages that are found, and this process stores the articles. Every skipped record is counted with its reason. The
offset reached in each file is saved after the pages before it, by outlet and with the outlet's rules: an interrupted
import continues there, and one for other outlets or by other rules reads the file again.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from acca_crawler.clock import now, utc_stamp
from acca_crawler.config.loading import Config
from acca_crawler.crawl.reading.pool import page_limits
from acca_crawler.crawl.run import CrawlContext, open_run
from acca_crawler.declared_rules import page_rules
from acca_crawler.detect import Detector
from acca_crawler.engines import Engine, Readers, Result, open_readers
from acca_crawler.exceptions import EngineError, FurtherPart, ImportFileError, NotAnArticle, PageTooHeavy, UnknownOutlet
from acca_crawler.importing.outlet_status import WHOLE_IMPORT, begin_outlet, ending_outlets, has_begun
from acca_crawler.importing.pieces import FoundCapture, ScannedPiece, Scanner
from acca_crawler.importing.reading import read_capture
from acca_crawler.ingest.archived import store_archived
from acca_crawler.ingest.preloading import load_tables
from acca_crawler.interrupts import interruptible
from acca_crawler.outlets import Outlet
from storage.ledger import runs
from storage.ledger.warc_imports import offsets_reached, save_offset
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

SCAN, READ = 0, 1
"""The readers' functions."""

MAX_PIECES = 8
"""Maximum number of pieces that are being scanned, and of pieces whose pages are being read: each takes up to 16 MiB,
and a cluster may have hundreds of workers."""


@dataclass(slots=True)
class FileReport:
    """What came of one file. `resumed_at` is the offset at which earlier imports stopped, `reached` this one's.

    `read_before` are the offsets up to which earlier imports read the file, by outlet.
    """

    file: Path
    read_before: Mapping[str, int]
    resumed_at: int = 0
    reached: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    error: str = ""


def import_cc_news(
    config: Config,
    outlets: Mapping[str, Outlet],
    files: Sequence[Path],
    *,
    only: Sequence[str],
    engine: Engine,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
) -> Iterator[FileReport]:
    """Import the files with an engine's processes, and yield a report for each file when it ends.

    `only` names the outlets to keep, all if empty. `progress` is called with the bytes done and their total. Raises
    `UnknownOutlet`, `EngineError`, `storage.exceptions.ArchiveLocked`, `storage.exceptions.ArchiveError`.
    """
    if unknown := [name for name in only if name not in outlets]:
        raise UnknownOutlet(f"no outlet named {', '.join(unknown)}; `acca outlets` lists them all")
    chosen = {
        name: outlet for name, outlet in outlets.items() if outlet.reader == "page" and (not only or name in only)
    }
    arguments = {"cc_news": [str(file) for file in files], "only": list(only)}
    detector = Detector(config.lexicon_directories)
    functions = (Scanner(chosen), partial(read_capture, detector))
    limits = page_limits(config.crawl)
    load = partial(load_tables, detector)
    load()
    rules = {name: page_rules(outlet) for name, outlet in chosen.items()}
    with (
        open_readers(engine, functions, load, limits, config.lexicon_directories) as readers,
        open_run(config, "import", arguments) as context,
        ending_outlets(context),
    ):
        reports = {file: _report_on(context.db, file, rules) for file in files}
        pieces = _Pieces(readers, engine.has_several, chosen, reports)
        total = sum(_size(file) for file in files)
        while piece := pieces.take():
            for page in piece.pages:
                _store(context, chosen[page.found.outlet], piece.report, page)
                pieces.go_on()
            _close(context, piece, rules)
            progress(sum(report.reached for report in reports.values()), total)
            if piece.is_last:
                yield piece.report


@dataclass(frozen=True, slots=True)
class _ReadPage:
    """A page that was found, and its article as soon as it is read."""

    found: FoundCapture
    read: Result


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a file whose pages are being read."""

    report: FileReport
    scanned: ScannedPiece
    pages: tuple[_ReadPage, ...]
    is_last: bool


class _Pieces:
    """The pieces of all files, each file's in order; as many files at once as there are processes.

    While one piece is stored, the pages of those after it are read: at most one piece more than there are processes,
    or `MAX_PIECES` and one.
    """

    def __init__(
        self, readers: Readers, prepares: bool, outlets: Mapping[str, Outlet], reports: Mapping[Path, FileReport]
    ) -> None:
        self._readers = readers
        self._prepares = prepares
        self._outlets = outlets
        self._reports = reports
        self._most = min(readers.jobs, MAX_PIECES)
        self._unscanned = deque((file, report.resumed_at) for file, report in reports.items())
        self._scans: dict[Future[ScannedPiece], tuple[Path, int]] = {}
        self._ready: deque[_Piece] = deque()

    def take(self) -> _Piece | None:
        """Return the next piece, waiting for it if necessary; None after the last."""
        self.go_on()
        while not self._ready and self._scans:
            with interruptible():
                wait(self._scans, return_when=FIRST_COMPLETED)
            self.go_on()
        return self._ready.popleft() if self._ready else None

    def go_on(self) -> None:
        """Have the pages of scanned pieces read, and scan further ones."""
        for scan in [one for one in self._scans if one.done()]:
            file, offset = self._scans.pop(scan)
            try:
                scanned = scan.result()
            except PageTooHeavy as error:
                scanned = ScannedPiece(offset, (), Counter(), f"can't be read after offset {offset}: {error}")
            self._add(file, scanned)
        while self._unscanned and len(self._scans) < self._most and len(self._ready) <= self._most:
            file, offset = self._unscanned.popleft()
            self._scans[self._readers.here.submit(SCAN, file, offset)] = (file, offset)

    def _add(self, file: Path, scanned: ScannedPiece) -> None:
        is_last = bool(scanned.error) or scanned.next_offset >= _size(file)
        if not is_last:
            self._unscanned.appendleft((file, scanned.next_offset))
        before = self._reports[file].read_before
        fresh = [found for found in scanned.found if found.offset >= before[found.outlet]]
        if known := len(scanned.found) - len(fresh):
            scanned.skipped["imported before"] += known
        pages = tuple(
            _ReadPage(
                found,
                self._readers.submit(
                    READ, found.capture, found.outlet, self._outlets[found.outlet], None, self._prepares
                ),
            )
            for found in fresh
        )
        self._ready.append(_Piece(self._reports[file], scanned, pages, is_last))


def _report_on(db: ArchiveDb, file: Path, rules: Mapping[str, str]) -> FileReport:
    before = offsets_reached(db, file.name, _size(file), rules)
    reached = min(before.values(), default=0)
    return FileReport(file, before, resumed_at=reached, reached=reached)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _store(context: CrawlContext, outlet: Outlet, report: FileReport, page_read: _ReadPage) -> None:
    """Store a page with its capture, or count why it is skipped."""
    found = page_read.found
    try:
        with interruptible():
            article, page = page_read.read.result()
    except EngineError:
        raise
    except Exception as error:  # noqa: BLE001 - the file's other pages are still imported
        _skip(context, report, _why_not(error))
        return
    capture_id = context.captures.keep(found.capture, run_id=context.run_id, outlet=found.outlet).id
    article, page = replace(article, capture_id=capture_id), replace(page, capture_id=capture_id)
    try:
        with transaction(context.db) as db:
            name = found.outlet
            begin_outlet(db, context, name, outlet)
            way = f"import of {report.file.name}"
            outcome = store_archived(db, article, page, context.run_id, way, now(), context.detector)
            context.count(name, outcome)
            runs.save_counts(db, context.run_id, context.counts)
    except NotAnArticle:
        _skip(context, report, "another page than the archive's article")
    else:
        has_begun(context, name)
        report.outcomes[outcome] += 1


def _why_not(error: Exception) -> str:
    """Return why a page has no article, in few words: they are the name of a count."""
    if isinstance(error, FurtherPart):
        return "a further part of an article"
    if isinstance(error, NotAnArticle):
        return "no article on the page"
    if isinstance(error, PageTooHeavy):
        return f"too heavy: {error}"
    return f"not read: {str(error).partition(':')[0] if type(error) is RuntimeError else type(error).__name__}"


def _skip(context: CrawlContext, report: FileReport, why: str, count: int = 1) -> None:
    report.skipped[why] += count
    context.count(WHOLE_IMPORT, f"skipped:{why}", count)


def _close(context: CrawlContext, piece: _Piece, rules: Mapping[str, str]) -> None:
    """Count what a piece skipped, and save the offset reached."""
    report, scanned = piece.report, piece.scanned
    report.error, report.reached = scanned.error, scanned.next_offset
    for why, count in scanned.skipped.items():
        _skip(context, report, why, count)
    context.statuses.setdefault(WHOLE_IMPORT, "ok")
    if scanned.error:
        context.statuses[WHOLE_IMPORT] = "failed"
    with transaction(context.db) as db:
        if not scanned.error:
            save_offset(db, report.file.name, _size(report.file), rules, scanned.next_offset, utc_stamp())
        runs.save_counts(db, context.run_id, context.counts)


def missing_files(files: Sequence[Path]) -> None:
    """Raise `ImportFileError` for the first file that is missing or empty."""
    for file in files:
        if not _size(file):
            raise ImportFileError(f"{file}: missing or empty")
