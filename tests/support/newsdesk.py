"""An archive with invented reports, and the acca.toml of an operator with channels and rules."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from acca_crawler.clock import stamp
from acca_crawler.config.loading import Config, load
from acca_crawler.items import Article, ChangeKind, Detection, Fact, Level, Span
from storage.articles import write
from storage.articles.current import by_identity
from storage.articles.write import StoreResult
from storage.schema.database import open_archive, transaction
from storage.schema.kinds import ArchiveDb
from tests.support import articles

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Sample:
    """A report to store."""

    title: str = "Detainee beaten at the Zhana police station"
    text: str = "Officers have beaten him, says a lawyer."
    level: Level = "alert"
    country: str | None = "KG"
    categories: tuple[str, ...] = ("torture",)
    language: str | None = "en"
    outlet: str = "acca"
    published: str | None = "2026-11-19T08:00:00Z"
    victim: str = ""
    place: str = ""
    word: str = "beaten"
    same_as: int | None = None


@dataclass
class Newsdesk:
    """A directory with an archive, a clock that only the test moves, and runs that find reports."""

    directory: Path
    now: datetime = NOW
    db: ArchiveDb = field(init=False)
    stored: list[tuple[Sample, StoreResult]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.db = open_archive(self.directory / "archive" / "acca.db")
        with transaction(self.db):
            for name in ("acca", "other"):
                self.db.execute(
                    "INSERT INTO outlets VALUES (?, ?, ?, 'media', '[\"KG\", \"UZ\"]', '[\"en\"]')",
                    [name, f"{name.title()} News", f"https://{name}.example/"],
                )
        self.run()
        self.run()

    def clock(self) -> datetime:
        """Return the desk's time."""
        return self.now

    def wait(self, **by: float) -> None:
        """Advance the clock."""
        self.now += timedelta(**by)

    def run(self, kind: str = "crawl", **arguments: object) -> int:
        """Start a run of this kind, which finds the reports that follow. The first crawl of all is run 1."""
        with transaction(self.db):
            cursor = self.db.execute(
                "INSERT INTO runs (kind, started_at, status, arguments, version) VALUES (?, ?, 'ok', ?, '0')",
                [kind, stamp(self.now), json.dumps(arguments)],
            )
            for name in ("acca", "other"):
                self.db.execute("INSERT INTO run_outlets VALUES (?, ?, 'ok', 'rest', NULL)", [cursor.lastrowid, name])
        self.run_id = cursor.lastrowid or 0
        return self.run_id

    def tell(self, report: Sample | None = None, **changes: object) -> StoreResult:
        """Store a report as a crawl does."""
        report = replace(report or Sample(), **changes)  # type: ignore[arg-type]
        with transaction(self.db):
            stored = write.insert_article(
                self.db, article(report, len(self.stored) + 1), self.run_id, None, stamp(self.now)
            )
            story = report.same_as or stored.article_id
            self.db.execute("INSERT OR IGNORE INTO stories VALUES (?, ?)", [story, story])
            self.db.execute(
                "INSERT INTO story_members VALUES (?, ?, ?, 1, ?, ?, 1, '[]')",
                [stored.article_id, story, "copy" if report.same_as else "first", story, self.run_id],
            )
        self.stored.append((report, stored))
        return stored

    def revise(self, number: int, change: ChangeKind = "softening", **changes: object) -> StoreResult:
        """Store another revision of the report with this number, counted from 1."""
        report = replace(self.stored[number - 1][0], **changes)  # type: ignore[arg-type]
        with transaction(self.db):
            held = by_identity(self.db, report.outlet, f"n{number}")
            assert held is not None
            return write.insert_revision(
                self.db, article(report, number), held, change, self.run_id, None, stamp(self.now)
            )

    def configure(self, tables: str, web: str = 'url = "https://review.example.org"') -> Config:
        """Write acca.toml and load it."""
        path = self.directory / "acca.toml"
        path.write_text(f"[web]\n{web}\n{tables}", encoding="utf-8")
        return load(path)


def article(report: Sample, number: int) -> Article:
    """Build the report as the crawler passes it to the archive."""
    at = max(0, report.text.find(report.word))
    spans = (Span("text", at, at + len(report.word), report.word, "en.beating: beaten"),)
    facts: tuple[Fact, ...] = ()
    if report.victim:
        whole = Span("text", 0, len(report.victim), report.victim, "person")
        facts = (Fact("person", report.victim, whole, f"{report.victim} was beaten.", "victim"),)
    if report.place:
        facts += (Fact("place", report.place, Span("title", 0, 1, report.place, "place"), report.title),)
    detection = Detection(report.level, report.categories, spans, (), facts, report.country, 2.0)
    return articles.article(
        report.outlet, f"n{number}", report.title, report.text, detection, sha256=f"{report.same_as or number:064x}",
        language=report.language, published=report.published, path=f"azamat-example-{number}",
    )  # fmt: skip
