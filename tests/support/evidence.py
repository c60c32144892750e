"""A small archive with invented captures, for the tests of the evidence."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from acca_crawler.items import Capture
from storage.evidence.captures import CaptureStore
from storage.evidence.manifest import close_run
from storage.evidence.rowhash import REVISION_COLUMNS, revision_sha256
from storage.schema.database import open_archive
from storage.schema.kinds import ArchiveDb

URL = "https://khabar.example/2026/11/gulnara-aitova"
PAGE = "<h1>Гүлнара Айтова суд залынан босатылды</h1><p>Ол үш күн қамауда болған.</p>".encode()


def capture(url: str = URL, payload: bytes = PAGE, **changes: object) -> Capture:
    """Return a capture of an invented article page, served without compression."""
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
    """Return a capture whose payload the server compressed."""
    payload = gzip.compress(text.encode(), mtime=0)
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Content-Length", str(len(payload))))
    return capture(url, payload, response_headers=headers)


@dataclass
class Clock:
    """A clock that only moves when a test moves it."""

    moment: datetime = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


class Evidence:
    """An archive in its own directory: `archive.db`, and WARC files below `warc`."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "archive.db"
        self.warc = directory / "warc"
        self.db: ArchiveDb = open_archive(self.path)
        self.clock = Clock()

    def run(self, status: str = "running") -> int:
        """Start a run and return its number."""
        cursor = self.db.execute(
            "INSERT INTO runs (kind, started_at, status, arguments, version) "
            "VALUES ('crawl', '2026-11-22T09:59:00.000Z', ?, '{}', '0.1')",
            [status],
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def store(self, **options: int) -> CaptureStore:
        """Return a store on this archive's files."""
        return CaptureStore(self.warc, self.db, now=self.clock, **options)

    def files(self) -> list[str]:
        """Return the names below `warc`, sorted."""
        return sorted(path.name for path in self.warc.iterdir())

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Return a query's rows as plain tuples."""
        return [tuple(row) for row in self.db.execute(sql)]

    def stored_run(self, captures: int) -> int:
        """Return a run with this many stored captures and a revision of each; its file is closed, the run is not."""
        run = self.run()
        with self.store() as store:
            for number in range(captures):
                page = f"<p>{run}/{number}: Гүлнара Айтова босатылды</p>" * (number + 1)
                capture_id = store.write(compressed(f"{URL}/{run}/{number}", page), run_id=run, outlet="khabar")
                self.revision(run, capture_id)
        return run

    def revision(self, run: int, capture_id: int) -> int:
        """Store a new article with one revision, read from a capture."""
        at = "2026-11-22T10:00:00.500Z"
        self.db.execute(
            "INSERT OR IGNORE INTO outlets (name, title, home, kind, countries, languages) "
            "VALUES ('khabar', 'Khabar', 'https://khabar.example/', 'media', '[]', '[]')"
        )
        article = self.insert(
            "articles",
            outlet="khabar",
            identity=f"capture-{capture_id}",
            url=f"{URL}/{capture_id}",
            first_run_id=run,
            first_seen_at=at,
            last_seen_at=at,
        )
        columns: dict[str, object] = dict.fromkeys(REVISION_COLUMNS)
        columns |= dict.fromkeys(("title", "lead", "text", "extraction_method", "change", "content_sha256"), "мәтін")
        columns |= dict.fromkeys(("authors", "categories", "tags", "captions", "alternates"), "[]")
        columns |= {"article_id": article, "number": 1, "run_id": run, "capture_id": capture_id, "stored_at": at}
        revision = self.insert("revisions", **columns, row_sha256=revision_sha256(columns))
        self.flag(revision, run)
        self.db.execute("UPDATE articles SET revision_id = ? WHERE id = ?", [revision, article])
        return revision

    def flag(self, revision: int, run: int, level: str = "ignore") -> int:
        """Store the detection's flag for a revision."""
        return self.insert(
            "flags", revision_id=revision, run_id=run, level=level, score=0.0, categories="[]", reasons="[]",
            detector="1",
        )  # fmt: skip

    def insert(self, table: str, **columns: object) -> int:
        """Insert a row and return its id."""
        marks = ", ".join("?" * len(columns))
        cursor = self.db.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", list(columns.values()))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def close(self, run: int) -> None:
        """Write a run's manifest and end the run."""
        close_run(self.db, run, "2026-11-22T12:00:00.000Z")
        self.db.execute("UPDATE runs SET status = 'ok', finished_at = '2026-11-22T12:00:00.000Z' WHERE id = ?", [run])

    def next_revision(self, revision: int, run: int, capture_id: int, **changed: str) -> int:
        """Store another revision of the article whose first one is `revision`, with other columns."""
        (row,) = self.db.query("SELECT * FROM revisions WHERE id = ?", [revision])
        columns = {name: row[name] for name in REVISION_COLUMNS}
        columns |= {"number": row["number"] + 1, "run_id": run, "capture_id": capture_id, **changed}
        added = self.insert("revisions", **columns, row_sha256=revision_sha256(columns))
        self.flag(added, run)
        self.db.execute("UPDATE articles SET revision_id = ? WHERE id = ?", [added, row["article_id"]])
        return added
