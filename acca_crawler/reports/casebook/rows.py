"""One row per exported report: content, source, decision and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from acca_crawler.clock import is_day
from acca_crawler.exceptions import TooManyRows
from storage.articles import read
from storage.articles.read import ArticleRecord
from storage.review import queue, reviews
from storage.review.reviews import DECISIONS, Review
from storage.schema.kinds import ReviewDb

MAX_ROWS = 2000
"""Maximum reports per export; `acca export` streams larger ones."""


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person in a report, with their role (empty if unknown)."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A report as exported. Times are UTC and end in Z; `published` may be just a day; unknown values are None.

    `capture_sha256` is the hash of the page as received, `event_date` the first day that the report names for the
    event, one with its year if there is one (else `--10-03`; empty if none). The decision fields are empty in an export
    without decisions and for a report without a decision.
    """

    number: int
    title: str
    language: str | None
    outlet: str
    outlet_title: str
    url: str
    published: str | None
    stored: str
    country: str | None
    regions: tuple[str, ...]
    level: str | None
    categories: tuple[str, ...]
    persons: tuple[NamedPerson, ...]
    agencies: tuple[str, ...]
    reports_in_story: int
    status: str
    verdict: str
    reason: str
    reviewer: str
    decided: str
    note: str
    capture_sha256: str
    fetched: str
    event_date: str


def case_rows(db: ReviewDb, article_ids: Iterable[int], decisions: bool) -> Iterator[CaseRow]:
    """Yield a row for each article, from a review database with its archive attached.

    Without `decisions`, omits what reviewers did. Raises `TooManyRows` before the first row.
    """
    wanted = list(article_ids)
    if len(wanted) > MAX_ROWS:
        raise TooManyRows("more than {n} reports: narrow the filter, or use `acca export`", n=MAX_ROWS)
    titles = {row["name"]: row["title"] for row in db.execute("SELECT name, title FROM archive.outlets").fetchall()}
    return (_row(db, read.load(db, article_id), titles, decisions) for article_id in wanted)


def _row(db: ReviewDb, record: ArticleRecord, titles: dict[str, str], decisions: bool) -> CaseRow:
    item = queue.item(db, record.id) if decisions else None
    decided = _newest(reviews.history(db, record.id)) if decisions else None
    persons = {fact.value: fact.detail for fact in record.facts if fact.kind == "person"}
    return CaseRow(
        number=record.id,
        title=record.title,
        language=record.language,
        outlet=record.outlet,
        outlet_title=titles.get(record.outlet, record.outlet),
        url=record.url,
        published=record.published_at,
        stored=record.first_seen_at,
        country=record.country,
        regions=_values(record, "region"),
        level=record.level,
        categories=record.flag_categories,
        persons=tuple(NamedPerson(name, role) for name, role in persons.items()),
        agencies=_values(record, "agency"),
        reports_in_story=len(record.story.members) if record.story else 1,
        status=item.status if item else "",
        verdict=decided.verdict if decided else "",
        reason=(decided.reason or "") if decided else "",
        reviewer=decided.reviewer if decided else "",
        decided=decided.created_at if decided else "",
        note=decided.note if decided else "",
        capture_sha256=record.capture.payload_sha256 if record.capture else "",
        fetched=record.capture.fetched_at if record.capture else "",
        event_date=_event_date(_values(record, "event_date")),
    )


def _event_date(days: Sequence[str]) -> str:
    return next(filter(is_day, days), next(iter(days), ""))


def _newest(entries: list[Review]) -> Review | None:
    valid = [entry for entry in entries if entry.verdict in DECISIONS and not entry.undone]
    return valid[-1] if valid else None


def _values(record: ArticleRecord, kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact.value for fact in record.facts if fact.kind == kind))
