"""An archive with invented reports in every language, stored the way a crawl stores them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from acca_crawler.dedup.content import content_sha256
from acca_crawler.ingest.store import store_article
from acca_crawler.items import Detection, Level, Page
from acca_crawler.search import bring_up_to_date
from storage.articles.write import StoreResult
from storage.ledger import runs
from storage.schema.database import open_archive, transaction
from storage.schema.kinds import ArchiveDb
from tests.support.articles import article

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


class Shelf:
    """An archive and one run that stores into it."""

    def __init__(self, db: ArchiveDb) -> None:
        self.db = db
        self.run_id = runs.start_run(db, "crawl", {}, "0", "2026-11-20T08:00:00Z")
        for name, countries in (("khabar", ("KG",)), ("novosti", ("KZ", "UZ"))):
            runs.save_outlet(db, name, name.title(), f"https://{name}.example/", "independent", countries, ("ru",))
        db.commit()

    def store(
        self,
        title: str,
        text: str,
        language: str | None,
        *,
        identity: str = "",
        outlet: str = "khabar",
        published: str | None = "2026-11-19T10:00:00Z",
        level: Level = "ignore",
        country: str | None = None,
        categories: tuple[str, ...] = (),
        now: datetime = NOW,
        run_goes_on: bool = False,
    ) -> StoreResult:
        """Store one article; the same `identity` (its title by default) again makes a revision.

        Then the run ends, unless it goes on.
        """
        made = article(
            outlet, identity or title, title, text, Detection(level, categories, country=country),
            sha256=content_sha256(title, text), language=language, published=published,
        )  # fmt: skip
        with transaction(self.db) as db:
            stored = store_article(db, made, Page(made.url, b""), self.run_id, "test", now)
        if not run_goes_on:
            list(bring_up_to_date(self.db))
        return stored


@pytest.fixture
def archive_file(tmp_path: Path) -> Path:
    """Where the archive lies."""
    return tmp_path / "acca.db"


@pytest.fixture
def shelf(archive_file: Path) -> Iterator[Shelf]:
    """An empty archive."""
    db = open_archive(archive_file)
    yield Shelf(db)
    db.close()
