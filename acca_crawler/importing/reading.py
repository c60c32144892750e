"""Reads captures ahead in other processes, so that an import uses every core and no page can hang it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Protocol

from acca_crawler.config.loading import Config
from acca_crawler.crawl.reading.pool import page_limits
from acca_crawler.detect import Detector
from acca_crawler.engines import AHEAD, Engine, Readers, open_readers
from acca_crawler.ingest.capture import article_in
from acca_crawler.ingest.preloading import load_tables
from acca_crawler.ingest.preparation import prepare
from acca_crawler.items import Article, Capture, Page
from acca_crawler.outlets import Outlet

Reading = Callable[[], tuple[Article, Page]]
"""Waits for a capture's article. Raises the exceptions of `article_in`, and `PageTooHeavy`."""


class CaptureReaders(Protocol):
    """Reads captures; at most `ahead` may wait."""

    ahead: int

    def begin(self, capture: Capture, name: str, outlet: Outlet, capture_id: int, detector: Detector) -> Reading:
        """Start to read a capture of the outlet `name` and return a function that waits for its article."""
        ...


class OwnProcess:
    """Reads each capture when its article is asked for."""

    ahead = 0

    def begin(self, capture: Capture, name: str, outlet: Outlet, capture_id: int, detector: Detector) -> Reading:
        """Return a function that reads the capture."""
        return partial(article_in, capture, name, outlet, capture_id=capture_id, detector=detector)


class OtherProcesses:
    """Reads captures in an engine's processes; a page whose process is killed is read again."""

    def __init__(self, readers: Readers) -> None:
        self.ahead = readers.jobs * AHEAD
        self._readers = readers

    def begin(self, capture: Capture, name: str, outlet: Outlet, capture_id: int, detector: Detector) -> Reading:
        """Have the capture read and its article prepared; the processes have detectors of their own."""
        return self._readers.submit(0, capture, name, outlet, capture_id, True).result


@contextmanager
def capture_readers(config: Config, engine: Engine) -> Iterator[CaptureReaders]:
    """Start the readers; stop them at the end of the block. Call this before opening files they must not share.

    The tables are loaded here and not by each reader: this process needs them, too. Raises `EngineError`.
    """
    if not engine.has_several:
        yield OwnProcess()
        return
    detector = Detector(config.lexicon_directories)
    load = partial(load_tables, detector)
    load()
    functions, limits = (partial(read_capture, detector),), page_limits(config.crawl)
    with open_readers(engine, functions, load, limits, config.lexicon_directories) as readers:
        yield OtherProcesses(readers)


def read_capture(
    detector: Detector, capture: Capture, name: str, outlet: Outlet, capture_id: int | None, prepares: bool
) -> tuple[Article, Page]:
    """Read a capture in an engine's process, which `prepares` the article or leaves that to the one that stores it.

    The page goes back without its markup, which is not needed any more.
    """
    article, page = article_in(capture, name, outlet, capture_id=capture_id, detector=detector)
    return replace(article, prepared=prepare(article) if prepares else None), replace(page, html=b"")
