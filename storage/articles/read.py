"""Reading an article in full: its current revision, flag, addresses, revisions, visits, and the stripped text.

Times are UTC stamps (`2026-11-22T06:30:00Z`); `published_at` may be a day alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from storage.articles.posts import StoredPost, post_of
from storage.articles.stories import Story, story_of
from storage.exceptions import NoSuchArticle
from storage.schema.kinds import ArchiveDb


@dataclass(frozen=True, slots=True)
class SpanRecord:
    """A span of a flag. `side` is `for` or `against`."""

    side: str
    field: str
    start: int
    end: int
    quote: str
    rule: str
    gloss: str


@dataclass(frozen=True, slots=True)
class FactRecord:
    """A fact of a flag, with its sentence."""

    kind: str
    value: str
    detail: str
    quote: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """Summary of one revision."""

    number: int
    stored_at: str
    title: str
    change: str
    level: str | None
    content_sha256: str


@dataclass(frozen=True, slots=True)
class AddressRecord:
    """One address and its status."""

    url: str
    status: str
    reason: str | None
    way: str


@dataclass(frozen=True, slots=True)
class CaptureRecord:
    """Location of the current revision's evidence."""

    fetched_at: str
    url: str
    status: int
    ip_address: str | None
    route: str
    payload_sha256: str
    warc_file: str
    warc_offset: int


@dataclass(frozen=True, slots=True)
class PartRecord:
    """A further part of the current revision, or why it is missing."""

    number: int
    url: str
    capture_id: int | None
    missing: str


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article as stored in the archive."""

    id: int
    outlet: str
    outlet_kind: str
    identity: str
    url: str
    title: str
    lead: str
    text: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    captions: tuple[str, ...]
    language: str | None
    published_at: str | None
    published_source: str | None
    published_certainty: str | None
    modified_at: str | None
    printed_date: str | None
    rest_agreement: float | None
    first_seen_at: str
    last_seen_at: str
    missing_since: str | None
    missing_tries: int
    removed_at: str | None
    level: str | None
    country: str | None
    flag_categories: tuple[str, ...]
    reasons: tuple[str, ...]
    spans: tuple[SpanRecord, ...]
    facts: tuple[FactRecord, ...]
    revisions: tuple[RevisionRecord, ...]
    addresses: tuple[AddressRecord, ...]
    stripped: tuple[tuple[str, str], ...]
    capture: CaptureRecord | None
    parts: tuple[PartRecord, ...]
    story: Story | None
    post: StoredPost | None

    def as_dict(self) -> dict[str, Any]:
        """Convert to a dictionary for JSON."""
        return asdict(self)


_CURRENT = """
    SELECT articles.*, outlets.kind AS outlet_kind, revisions.*, articles.id AS id, flags.id AS flag_id, flags.level,
           flags.country, flags.categories AS flag_categories, flags.reasons, revisions.categories AS categories
    FROM articles JOIN outlets ON outlets.name = articles.outlet
    JOIN revisions ON revisions.id = articles.revision_id
    LEFT JOIN flags ON flags.revision_id = revisions.id AND flags.current = 1
    WHERE articles.id = ?
"""

_PLAIN = (
    "id", "outlet", "outlet_kind", "identity", "url", "title", "lead", "text", "language", "published_at",
    "published_source", "published_certainty", "modified_at", "printed_date", "rest_agreement", "first_seen_at",
    "last_seen_at", "missing_since", "missing_tries", "removed_at", "level", "country",
)  # fmt: skip
_LISTS = ("authors", "categories", "tags", "captions", "flag_categories", "reasons")


def load(db: ArchiveDb, article_id: int) -> ArticleRecord:
    """Load the article with this number. Raises `NoSuchArticle`."""
    row = db.execute(_CURRENT, [article_id]).fetchone()
    if row is None:
        raise NoSuchArticle(f"no article {article_id}")
    flag = row["flag_id"]
    plain: dict[str, Any] = {name: row[name] for name in _PLAIN}
    lists: dict[str, Any] = {name: tuple(json.loads(row[name] or "[]")) for name in _LISTS}
    return ArticleRecord(
        **plain,
        **lists,
        spans=_rows(db, SpanRecord, "side, field, start, \"end\", quote, rule, gloss FROM flag_spans "
                                    "WHERE flag_id = ? ORDER BY position", flag),
        facts=_rows(db, FactRecord, "kind, value, detail, quote, sentence FROM flag_facts WHERE flag_id = ? "
                                    "ORDER BY position", flag),
        revisions=_rows(db, RevisionRecord, "number, stored_at, title, change, flags.level AS level, content_sha256 "
                                            "FROM revisions LEFT JOIN flags ON flags.revision_id = revisions.id AND "
                                            "flags.current = 1 WHERE article_id = ? ORDER BY number", article_id),
        addresses=_rows(db, AddressRecord, "url, status, reason, way FROM addresses WHERE article_id = ? ORDER BY id",
                        article_id),
        stripped=tuple((found["rule"], found["text"]) for found in db.execute(
            "SELECT rule, text FROM stripped WHERE revision_id = ? ORDER BY position", [row["revision_id"]])),
        capture=next(iter(_rows(db, CaptureRecord, "fetched_at, url, status, ip_address, route, payload_sha256, "
                                "warc_file, warc_offset FROM captures WHERE id = ?", row["capture_id"])), None),
        parts=tuple(PartRecord(**part) for part in json.loads(row["parts"] or "[]")),
        story=story_of(db, article_id),
        post=post_of(db, article_id),
    )  # fmt: skip


def _rows(db: ArchiveDb, record: type[Any], select: str, key: int | None) -> tuple[Any, ...]:
    return tuple(record(**dict(row)) for row in db.execute(f"SELECT {select}", [key]).fetchall())
