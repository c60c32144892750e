"""The analysts' views: what each column means. The views themselves are defined in SQL; a test compares both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["text", "integer", "real", "list"]
"""A value's type in an export; `list` is a JSON list of texts in the database. Any value may be null."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a view."""

    name: str
    type: ColumnType
    meaning: str


@dataclass(frozen=True, slots=True)
class View:
    """One view. `key` is the sort order of its rows in an export."""

    name: str
    meaning: str
    key: str
    columns: tuple[Column, ...]

    @property
    def short_name(self) -> str:
        """The name without `v_`, as `acca export` takes it."""
        return self.name.removeprefix("v_")


_MEANINGS: dict[str, tuple[ColumnType, str]] = {
    "agencies": ("text", "agencies that the report names, joined by `; `"),
    "alert_id": ("integer", "the alert's number"),
    "alerts": ("integer", "articles flagged as an alert"),
    "article_id": ("integer", "the article's number, as `acca show` takes it"),
    "articles": ("integer", "articles stored"),
    "at": ("text", "time of the event"),
    "authors": ("list", "authors as the page names them"),
    "capture_id": ("integer", "the capture that the revision was read from"),
    "categories": ("list", "categories of the report"),
    "category": ("text", "one category of the report"),
    "change": ("text", "`first`, or how the revision differs from the one before"),
    "content_sha256": ("text", "hash of the normalised title and text"),
    "countries": ("list", "countries that the outlet reports on, two letters each"),
    "country": ("text", "two letters: what the report is about, else the outlet's only country"),
    "created_at": ("text", "when the alert was raised"),
    "date": ("text", "day of publication, or of the first sight where the page gives none"),
    "detail": ("text", "the person's role, what is counted, or another detail of the fact"),
    "digests": ("integer", "articles flagged for the digest"),
    "event": ("text", "`stored`, `revised`, `visited`, `alert` or `removed`"),
    "fetched_at": ("text", "when it was fetched"),
    "first_seen_at": ("text", "when the article was first stored"),
    "home": ("text", "the outlet's front page"),
    "ip_address": ("text", "the server that answered"),
    "kind": ("text", "kind of fact"),
    "language": ("text", "code such as `ru` or `uz-Cyrl`; null where not recognised"),
    "languages": ("list", "languages that the outlet writes in"),
    "last_listed_at": ("text", "when the outlet last listed the address"),
    "last_new_at": ("text", "when a new article was last stored"),
    "last_run_id": ("integer", "the last run that visited the outlet"),
    "last_seen_at": ("text", "when the article's page was last fetched"),
    "last_status": ("text", "how that run ended for the outlet"),
    "last_way": ("text", "the way of discovery that answered in that run"),
    "lead": ("text", "the page's summary"),
    "level": ("text", "`alert`, `digest` or `ignore`"),
    "missing_since": ("text", "when it was first found gone; null while it is online"),
    "outlet": ("text", "the outlet's short name"),
    "outlet_kind": ("text", "`media`, `ngo`, `un` or `state`"),
    "part": ("integer", "the part of an article on several pages, from 1"),
    "payload_sha256": ("text", "hash of the bytes as received"),
    "persons": ("text", "persons that the report names, joined by `; `"),
    "published_at": ("text", "when it was published, according to the page; a time, a day or null"),
    "published_certainty": ("text", "how certain that is: `high`, `medium`, `low`"),
    "quote": ("text", "the words that state the fact"),
    "reason": ("text", "why the address has its status"),
    "removed": ("integer", "articles that were removed"),
    "removed_at": ("text", "since when it counts as removed: gone on several visits over at least a day"),
    "revision": ("integer", "number of the revision within its article, from 1"),
    "route": ("text", "where it was fetched from: `origin`, a mirror, a web archive"),
    "run_id": ("integer", "the run in which it happened"),
    "score": ("real", "the detector's score"),
    "sentence": ("text", "the sentence around it"),
    "status": ("text", "the address's current status"),
    "status_at": ("text", "when it got that status"),
    "stored_at": ("text", "when the revision was stored"),
    "text": ("text", "the body: paragraphs joined by a blank line, without boilerplate"),
    "title": ("text", "the current title"),
    "tries": ("integer", "attempts to fetch it since it was last listed"),
    "url": ("text", "the address"),
    "value": ("text", "the fact, normalised"),
    "warc_file": ("text", "the file below `warc/`"),
    "warc_length": ("integer", "bytes of the record"),
    "warc_offset": ("integer", "byte offset of the record in that file"),
    "way": ("text", "the way of discovery that listed it"),
    "words": ("text", "the words that decided, joined by `; `"),
}


def _view(name: str, meaning: str, key: str, columns: str, **other: tuple[ColumnType, str]) -> View:
    return View(name, meaning, key, tuple(Column(column, *(_MEANINGS | other)[column]) for column in columns.split()))


VIEWS = (
    _view(
        "v_reports", "Flagged articles (alert or digest) in their current revision, one row each.", "article_id",
        "article_id level country date published_at outlet outlet_kind title url language categories score words "
        "persons agencies first_seen_at revision missing_since removed_at", level=("text", "`alert` or `digest`"),
    ),
    _view(
        "v_report_categories", "The categories of flagged articles, one row per article and category: for counting.",
        "article_id", "article_id category level country date outlet language", level=("text", "`alert` or `digest`"),
    ),
    _view(
        "v_articles", "All articles in their current revision, one row each.", "article_id",
        "article_id outlet outlet_kind url title lead text authors language published_at published_certainty date "
        "first_seen_at last_seen_at revision level country categories score missing_since removed_at content_sha256",
    ),
    _view(
        "v_facts", "What articles state, one row for each fact of the current revision.", "article_id",
        "article_id level country date outlet language kind value detail quote sentence",
    ),
    _view(
        "v_alerts", "Alerts as they were raised, one row each, with the revision that raised them.", "alert_id",
        "alert_id kind created_at date run_id article_id outlet title url language level country categories",
        kind=("text", "kind of alert"), date=("text", "day on which the alert was raised"),
        title=("text", "the revision's title"),
    ),
    _view(
        "v_revisions", "All revisions of all articles, one row each.", "article_id, revision",
        "article_id revision outlet stored_at date change title text language published_at level country run_id "
        "capture_id content_sha256", country=("text", "two letters: what this revision is about"),
        date=("text", "day on which the revision was stored"), title=("text", "the revision's title"),
    ),
    _view(
        "v_timeline", "What happened to each article and when: stored, revised, visited, alert, removed.",
        "at, article_id", "at date event detail article_id outlet title url run_id",
        date=("text", "day of the event"),
        detail=("text", "kind of change or alert, outcome of the visit, or tries before it counted as removed"),
    ),
    _view(
        "v_outlets", "Outlets that were ever crawled, one row each.", "outlet",
        "outlet title outlet_kind home countries languages articles alerts digests removed last_new_at last_run_id "
        "last_status last_way", title=("text", "the outlet's name as it writes it"),
    ),
    _view(
        "v_addresses", "Every address ever seen, with its current status.", "outlet, url",
        "outlet url status reason way article_id first_seen_at last_listed_at status_at date tries",
        first_seen_at=("text", "when the address was first listed"),
        date=("text", "day on which the address was first listed"),
    ),
    _view(
        "v_evidence", "The capture behind each revision: file, offset and hash.", "article_id, revision",
        "article_id revision outlet fetched_at date url status route ip_address payload_sha256 warc_file warc_offset "
        "warc_length run_id part", status=("integer", "the HTTP status"), date=("text", "day on which it was fetched"),
        url=("text", "the address that was fetched"), run_id=("integer", "the run that fetched it"),
    ),
)  # fmt: skip
"""In the order in which an analyst needs them."""


def view_named(name: str) -> View:
    """Return the view with this name, with or without `v_`. Raises `LookupError`."""
    for view in VIEWS:
        if name in (view.name, view.short_name):
            return view
    raise LookupError(f"there is no view {name}; there are {', '.join(view.short_name for view in VIEWS)}")
