"""A small archive with invented people and events, for the tests of the review pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from acca_crawler.items import Article, Capture, Detection, Fact, Span, Stripped
from acca_crawler.search import indexing as search
from storage.articles import write
from storage.articles.current import by_identity
from storage.articles.write import StoreResult
from storage.evidence.captures import CaptureStore
from storage.ledger.addresses import record_address
from storage.schema.database import open_archive, transaction
from storage.schema.kinds import ArchiveDb
from tests.support import articles

AT = "2026-11-20T06:00:00Z"


@dataclass(frozen=True)
class Sample:
    """An article to store, with the content that the tests look for on its page."""

    title: str
    text: str
    country: str | None = "KG"
    language: str = "en"
    outlet: str = "acca"
    category: str = "torture"
    score: float = 2.0
    word: str = "beaten"
    published: str = "2026-11-19T08:00:00Z"


BEATEN = Sample(
    "Detainee beaten at the Zhana police station",
    "Asel Example says her brother was beaten by officers.\n\nThe ministry denied it.",
    score=4.0,
)
RUSSIAN = Sample(
    "Задержан Марат Примеров",
    "Сотрудники задержали Марата Примерова у дома.\n\nЕго избили, сообщает адвокат.",
    country="UZ",
    language="ru",
    category="arbitrary_detention",
    score=3.0,
    word="избили",
)
KYRGYZ = Sample(
    "Кармалган киши кыйноого кабылганын айтты",
    "Бакыт Мисалов абакта кыйноого кабылганын айтты.",
    language="ky",
    outlet="other",
    score=1.0,
    word="кыйноого",
)
QUIET = Sample("A flower show opens in the park", "Twelve kinds of tulips are shown.", score=-9.0)


def article(report: Sample, number: int) -> Article:
    """Build the article as the crawler passes it to the archive, an alert unless its score is negative."""
    alert = report.score > 0
    at = report.text.find(report.word)
    span = Span(
        "text", at, at + len(report.word), report.word, f"{report.language}.beating: {report.word}", "beaten up"
    )
    against = (Span("title", 0, 4, report.title[:4], "en.mask: example", "means something else"),)
    fact = Fact("person", "Asel Example", span, report.text.partition("\n")[0], "relative")
    detection = Detection(
        "alert" if alert else "ignore",
        (report.category,) if alert else (),
        (span,) if alert and at >= 0 else (),
        against if alert else (),
        (fact,) if alert and at >= 0 else (),
        report.country,
        report.score,
        ("+2.0 violence and a state agent in one sentence",) if alert else (),
    )
    return articles.article(
        report.outlet, f"n{number}", report.title, report.text, detection, sha256=f"{number:064x}",
        language=report.language, published=report.published, path=str(number),
        stripped=(Stripped("share-bar", "Share this"),),
    )  # fmt: skip


def build(path: Path, *reports: Sample) -> None:
    """Create an archive with these articles, numbered from 1."""
    db = open_archive(path)
    with transaction(db):
        db.execute("INSERT INTO runs VALUES (1, 'crawl', ?, ?, 'ok', '[]', '0')", [AT, AT])
        for name in ("acca", "other"):
            db.execute(
                "INSERT INTO outlets VALUES (?, ?, ?, 'media', '[\"KG\", \"UZ\"]', '[\"en\"]')",
                [name, name.title(), f"https://{name}.example/"],
            )
            db.execute("INSERT INTO run_outlets VALUES (1, ?, 'ok', 'rest', NULL)", [name])
        for number, one in enumerate(reports, start=1):
            add(db, one, number)
    db.close()


def add(db: ArchiveDb, report: Sample, number: int) -> StoreResult:
    """Store one more article, inside a transaction."""
    made = article(report, number)
    stored = write.insert_article(db, made, 1, None, AT)
    search.index_recent(db)
    record_address(db, made, stored.article_id, "stored", None, "rest", AT)
    return stored


def revise(path: Path, report: Sample, number: int, text: str) -> None:
    """Store a new revision of an article, as a later crawl would."""
    db = open_archive(path)
    with transaction(db):
        held = by_identity(db, report.outlet, f"n{number}")
        assert held is not None
        made = article(replace(report, text=text), number)
        write.insert_revision(db, made, held, "correction", 1, None, "2026-11-21T06:00:00Z")
    db.close()


def keep_capture(path: Path, payload: bytes) -> int:
    """Store the page of the first article as a capture; returns its number."""
    page = Capture(
        "https://acca.example/1", "article", AT, 200, "OK", "GET", (), (("Content-Type", "text/html"),), payload
    )
    db = open_archive(path)
    with CaptureStore(path.with_name("warc"), db) as store:
        number = store.write(page, run_id=1, outlet="acca")
    with transaction(db):
        db.execute("UPDATE revisions SET capture_id = ? WHERE article_id = 1", [number])
    db.close()
    return number
