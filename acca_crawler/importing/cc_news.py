"""`acca import --cc-news`: stream large WARC files such as CC-NEWS and keep only the pages of declared outlets.

Worker processes read the files piece by piece, each file in order; this process stores what they find. Every skipped
record is counted with its reason. The offset reached in each file is saved after the pages before it, so that an
interrupted import continues there.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path

from acca_crawler.clock import now, utc_stamp
from acca_crawler.config.loading import Config
from acca_crawler.crawl.run import CrawlContext, open_run
from acca_crawler.detect import Detector
from acca_crawler.exceptions import ImportFileError, NotAnArticle, UnknownOutlet
from acca_crawler.importing.pieces import Reader, ReadPiece
from acca_crawler.ingest.archived import store_archived
from acca_crawler.interrupts import interruptible
from acca_crawler.outlets import Outlet
from storage.ledger import runs
from storage.ledger.warc_imports import offset_reached, save_offset
from storage.schema.database import transaction


@dataclass(slots=True)
class FileReport:
    """What came of one file. `resumed_at` is the offset at which an earlier import stopped."""

    file: Path
    resumed_at: int = 0
    records: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    error: str = ""


def import_cc_news(
    config: Config, outlets: Mapping[str, Outlet], files: Sequence[Path], *, only: Sequence[str], jobs: int
) -> Iterator[FileReport]:
    """Import the files with `jobs` reading processes and yield a report for each file when it ends.

    `only` names the outlets to keep, all if empty. Raises `UnknownOutlet`, `storage.exceptions.ArchiveLocked`,
    `storage.exceptions.ArchiveError`.
    """
    if unknown := [name for name in only if name not in outlets]:
        raise UnknownOutlet(f"no outlet named {', '.join(unknown)}; `acca outlets` lists them all")
    chosen = {
        name: outlet for name, outlet in outlets.items() if outlet.reader == "page" and (not only or name in only)
    }
    arguments = {"cc_news": [str(file) for file in files], "only": list(only)}
    with open_run(config, "import", arguments) as context:
        reports = {file: FileReport(file, offset_reached(context.db, file.name, _size(file))) for file in files}
        for file, piece in _pieces(chosen, context.detector, reports, jobs):
            report = reports[file]
            _store(context, chosen, report, piece)
            if piece.error or piece.next_offset >= _size(file):
                yield report


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _pieces(
    outlets: Mapping[str, Outlet], detector: Detector, reports: Mapping[Path, FileReport], jobs: int
) -> Iterator[tuple[Path, ReadPiece]]:
    """Yield the pieces of all files, each file's in order; as many files at once as there are processes."""
    waiting = [(file, report.resumed_at) for file, report in reports.items()]
    if jobs == 1:
        reader = Reader(outlets, detector)
        for file, start in waiting:
            offset = start
            while True:
                with interruptible():
                    piece = reader.read(file, offset)
                yield file, piece
                offset = piece.next_offset
                if piece.error or offset >= _size(file):
                    break
        return
    # Not forked: the archive's connection must not be shared with a child.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_start, initargs=(dict(outlets), detector)) as pool:
        running: dict[Future[ReadPiece], Path] = {}
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    file, offset = waiting.pop(0)
                    running[pool.submit(_read_in_worker, file, offset)] = file
                with interruptible():
                    ended = wait(running, return_when=FIRST_COMPLETED).done
                for done in ended:
                    file, piece = running.pop(done), done.result()
                    if not piece.error and piece.next_offset < _size(file):
                        running[pool.submit(_read_in_worker, file, piece.next_offset)] = file
                    yield file, piece
        finally:
            for future in running:
                future.cancel()


_reader: Reader


def _start(outlets: dict[str, Outlet], detector: Detector) -> None:
    global _reader
    _reader = Reader(outlets, detector)


def _read_in_worker(file: Path, offset: int) -> ReadPiece:
    return _reader.read(file, offset)


def _store(context: CrawlContext, outlets: Mapping[str, Outlet], report: FileReport, piece: ReadPiece) -> None:
    """Store what a piece holds, then the offset reached, so that a killed import repeats at most one piece."""
    for found in piece.found:
        outlet = outlets[found.outlet]
        held = context.captures.held(found.capture)
        capture_id = held or context.captures.write(found.capture, run_id=context.run_id, outlet=found.outlet)
        article, page = replace(found.article, capture_id=capture_id), replace(found.page, capture_id=capture_id)
        try:
            with transaction(context.db) as db:
                runs.save_outlet(
                    db, found.outlet, outlet.title, outlet.home, outlet.kind, outlet.countries, outlet.languages
                )
                runs.start_outlet(db, context.run_id, found.outlet)
                way = f"import of {report.file.name}"
                outcome = store_archived(db, article, page, context.run_id, way, now(), context.detector)
                runs.finish_outlet(db, context.run_id, found.outlet, "ok", "import", None)
                context.count(found.outlet, outcome)
                runs.save_counts(db, context.run_id, context.counts)
        except NotAnArticle:
            piece.skipped["another page than the archive's article"] += 1
            continue
        report.outcomes[outcome] += 1
    report.skipped.update(piece.skipped)
    report.error = piece.error
    context.statuses.setdefault("import", "ok")
    if piece.error:
        context.statuses["import"] = "failed"
    with transaction(context.db) as db:
        for reason, count in piece.skipped.items():
            context.count("import", f"skipped:{reason}", count)
        if not piece.error:
            save_offset(db, report.file.name, _size(report.file), piece.next_offset, utc_stamp())
        runs.save_counts(db, context.run_id, context.counts)


def missing_files(files: Sequence[Path]) -> None:
    """Raise `ImportFileError` for the first file that is missing or empty."""
    for file in files:
        if not _size(file):
            raise ImportFileError(f"{file}: missing or empty")
