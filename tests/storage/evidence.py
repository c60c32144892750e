"""A small archive with invented captures, for the tests of the evidence."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from acca_crawler.items import Capture
from storage.captures import CaptureStore
from storage.database import open_archive

URL = "https://khabar.example/2026/11/gulnara-aitova"
PAGE = "<h1>Гүлнара Айтова суд залынан босатылды</h1><p>Ол үш күн қамауда болған.</p>".encode()


def capture(url: str = URL, payload: bytes = PAGE, **changes: object) -> Capture:
    """A capture of an invented article page, served without compression."""
    made = Capture(
        url=url,
        kind="article",
        fetched_at="2026-11-22T10:00:00.123Z",
        status=200,
        reason="OK",
        request_method="GET",
        request_headers=(("Host", "khabar.example"), ("User-Agent", "acca-crawler")),
        response_headers=(("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(payload)))),
        payload=payload,
        ip_address="192.0.2.7",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def compressed(url: str, text: str) -> Capture:
    """A capture whose payload the server compressed."""
    payload = gzip.compress(text.encode(), mtime=0)
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Content-Length", str(len(payload))))
    return capture(url, payload, response_headers=headers)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    moment: datetime = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


class Evidence:
    """An archive in a directory of its own: `archive.db`, and WARC files below `warc`."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "archive.db"
        self.warc = directory / "warc"
        self.db: Database = open_archive(self.path)
        self.clock = Clock()

    def run(self, status: str = "running") -> int:
        """Begin a run and return its number."""
        cursor = self.db.execute(
            "INSERT INTO runs (kind, started_at, status, arguments, version) "
            "VALUES ('crawl', '2026-11-22T09:59:00.000Z', ?, '{}', '0.1')",
            [status],
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def store(self, **options: int) -> CaptureStore:
        """A store on this archive's files."""
        return CaptureStore(self.warc, self.db, now=self.clock, **options)

    def files(self) -> list[str]:
        """The names below `warc`, sorted."""
        return sorted(path.name for path in self.warc.iterdir())

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What a query gives, as plain tuples."""
        return [tuple(row) for row in self.db.execute(sql)]
