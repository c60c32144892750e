"""An archive that stores reports of several outlets as a crawl does, with real detection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

import pytest

from acca_crawler.detect import Detector
from acca_crawler.ingest.page import process_extraction
from acca_crawler.ingest.store import store_article
from acca_crawler.items import LANGUAGES, Article, Dated, Extraction, Page
from acca_crawler.outlets import Outlet
from storage.articles.stories import Story, story_of
from storage.articles.write import StoreResult
from storage.ledger import runs
from storage.schema.database import open_archive, transaction
from storage.schema.kinds import ArchiveDb

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Sample:
    """A report of one outlet. `alternates` are the addresses of its page in other languages."""

    outlet: str
    title: str
    text: str
    language: str = "ru"
    published: str | None = "2026-11-19T10:00:00Z"
    alternates: tuple[tuple[str, str], ...] = ()
    identity: str = ""

    @property
    def url(self) -> str:
        """Its URL."""
        return f"https://{self.outlet}.example/{self.identity or crc32((self.title + self.text).encode())}"


class Newsstand:
    """An archive and one run that stores into it."""

    def __init__(self, path: Path) -> None:
        self.db: ArchiveDb = open_archive(path)
        self.run_id = runs.start_run(self.db, "crawl", {}, "0", "2026-11-20T08:00:00Z")
        with transaction(self.db) as db:
            for name in ("first", "second", "third"):
                runs.save_outlet(
                    db, name, name.title(), f"https://{name}.example/", "independent", ("KG", "KZ"), LANGUAGES
                )

    def next_run(self) -> None:
        """Start another crawl."""
        self.run_id = runs.start_run(self.db, "crawl", {}, "0", "2026-11-20T08:00:00Z")

    def store(self, report: Sample, now: datetime = NOW, lexicons: tuple[Path, ...] = ()) -> StoreResult:
        """Store one report, or another revision if the identity already exists."""
        article, detector = self.read(report, lexicons)
        with transaction(self.db) as db:
            return store_article(db, article, Page(report.url, b""), self.run_id, "test", now, detector)

    def read(self, report: Sample, lexicons: tuple[Path, ...] = ()) -> tuple[Article, Detector]:
        """Return the article of a report, and the detector that read it."""
        outlet = Outlet(
            title=report.outlet, home=f"https://{report.outlet}.example/", hosts=(f"{report.outlet}.example",),
            languages=LANGUAGES, countries=("KG", "KZ"), article_path=r"^/\w+$",
        )  # fmt: skip
        published = Dated(report.published, "meta", "high") if report.published else None
        extraction = Extraction(
            report.text,
            report.title,
            report.url,
            language=report.language,
            published=published,
            alternates=report.alternates,
        )
        detector = Detector(lexicons)
        return process_extraction(extraction, report.outlet, outlet, detector), detector

    def story(self, stored: StoreResult) -> Story:
        """Return the story of a stored report."""
        found = story_of(self.db, stored.article_id)
        assert found is not None
        return found

    def alerts(self) -> list[str]:
        """Return the kinds of the raised alerts, in order."""
        return [row[0] for row in self.db.execute("SELECT kind FROM alerts ORDER BY id").fetchall()]


@pytest.fixture
def newsstand(tmp_path: Path) -> Iterator[Newsstand]:
    """Create an empty archive with three outlets."""
    stand = Newsstand(tmp_path / "acca.db")
    yield stand
    stand.db.close()
