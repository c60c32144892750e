"""Stories: which articles cover the same event, which was first, and how each later member relates to that report.

A story has the number of its first stored member, and only ever grows: two stories that turn out to be one are merged
under the smaller number.

Times are UTC stamps (`2026-11-22T06:30:00Z`); `published_at` may be a day alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from sqlite3 import Row
from typing import Any

from storage.articles.story_index import Fingerprint
from storage.articles.story_index import save as save_fingerprint
from storage.schema.kinds import ArchiveDb

_CREDIBLE = ("high", "medium")


@dataclass(frozen=True, slots=True)
class Link:
    """How an article relates to another, as judged by `dedup.relation`: same, copy, excerpt, rewrite, translation,
    same event, follow-up or mentions. `reasons` are (kind, value) pairs."""

    article_id: int
    relation: str
    similarity: float
    reasons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredReport:
    """An article's current revision, as needed to compare it; `profile` is None until first compared."""

    article_id: int
    revision_id: int
    profile: bytes | None
    story_id: int
    outlet: str
    url: str
    published_at: str | None
    alternates: tuple[tuple[str, str], ...]
    flagged: bool


@dataclass(frozen=True, slots=True)
class StoredText(StoredReport):
    """A stored report with its text."""

    title: str
    text: str
    language: str | None
    first_seen_at: str


@dataclass(frozen=True, slots=True)
class News:
    """Something that a retelling was the first in its story to report; `quote` and `sentence` are from its text."""

    kind: str
    value: str
    detail: str
    quote: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a story. `relation` is `first` for the first reporter; `related_to` is the article it was compared
    with: the first reporter, or a third article if the two are similar only through that one."""

    article_id: int
    outlet: str
    relation: str
    similarity: float
    related_to: int
    joined_run_id: int
    date: str | None
    first_seen_at: str
    title: str
    url: str
    language: str | None
    level: str | None
    reasons: tuple[tuple[str, str], ...] = ()
    news: tuple[News, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ArticleMention:
    """Another article that an article mentions (`mentioning`), or that mentions it."""

    article_id: int
    outlet: str
    title: str
    mentioning: bool
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A story with its members: the first reporter, then the others by publication time."""

    id: int
    first_article_id: int
    members: tuple[Member, ...]


_LAST = (1 << 63) - 1
"""The highest number that an article can have."""
_REPORT = """
    SELECT articles.id AS article_id, revisions.id AS revision_id, profile,
           coalesce(story_id, articles.id) AS story_id, outlet, url, published_at, alternates,
           EXISTS (SELECT 1 FROM flags WHERE revision_id = revisions.id AND level != 'ignore') AS flagged {further}
    FROM articles JOIN revisions ON revisions.id = articles.revision_id
    LEFT JOIN story_members ON story_members.article_id = articles.id
    LEFT JOIN revision_profiles ON revision_profiles.revision_id = revisions.id
"""
_WHEN = f"""
    min(first_seen_at, CASE
        WHEN published_at IS NULL OR published_certainty NOT IN {_CREDIBLE} THEN first_seen_at
        WHEN length(published_at) = 10 THEN published_at || 'T23:59:59Z' ELSE published_at END)
"""
"""When an article was published, as far as credible: a date without a time counts as the end of that day."""


def reports(db: ArchiveDb, articles: Sequence[int]) -> Iterator[StoredReport]:
    """Yield what comparing articles needs, in the given order."""
    found = db.execute(f"{_REPORT.format(further='')} WHERE articles.id IN ({_marks(articles)})", list(articles))
    rows = {row["article_id"]: row for row in found.fetchall()}
    for article_id in articles:
        if article_id in rows:
            yield StoredReport(**_values(rows[article_id]))


def latest_of_outlet(db: ArchiveDb, outlet: str, until: int | None, limit: int) -> dict[int, bytes | None]:
    """Return an outlet's last stored articles up to `until` (None for all), latest first, with their profiles."""
    rows = db.execute(
        "SELECT articles.id, profile FROM articles INDEXED BY articles_outlet "
        "LEFT JOIN revision_profiles ON revision_profiles.revision_id = articles.revision_id "
        "WHERE outlet = ? AND articles.id <= ? ORDER BY articles.id DESC LIMIT ?",
        [outlet, _LAST if until is None else until, limit],
    )
    return {row[0]: row[1] for row in rows.fetchall()}


def texts(db: ArchiveDb, articles: Iterable[int]) -> Iterator[StoredText]:
    """Yield the current texts of articles, one at a time, in the given order."""
    query = f"{_REPORT.format(further=', title, text, language, first_seen_at')} WHERE articles.id = ?"
    for article_id in articles:
        row = db.execute(query, [article_id]).fetchone()
        if row is not None:
            yield StoredText(**_values(row))


def _values(row: Row) -> dict[str, Any]:
    alternates = tuple((language, url) for language, url in json.loads(row["alternates"]))
    return {**dict(row), "alternates": alternates, "flagged": bool(row["flagged"])}


def story_number(db: ArchiveDb, article_id: int) -> int | None:
    """Return the story of an article, None if it has none yet."""
    row = db.execute("SELECT story_id FROM story_members WHERE article_id = ?", [article_id]).fetchone()
    return row[0] if row else None


def articles_of(db: ArchiveDb, stories: Iterable[int]) -> list[int]:
    """Return the articles of stories, earliest published first."""
    numbers = sorted(set(stories))
    rows = db.execute(
        f"SELECT articles.id FROM story_members JOIN articles ON articles.id = story_members.article_id "
        f"JOIN revisions ON revisions.id = articles.revision_id WHERE story_id IN ({_marks(numbers)}) "
        f"ORDER BY {_WHEN}, outlet, url",
        numbers,
    )
    return [row[0] for row in rows.fetchall()]


def members_in(db: ArchiveDb, story_id: int, language: str, limit: int) -> list[int]:
    """Return the latest members of a story in a base language, in any of its scripts."""
    rows = db.execute(
        "SELECT story_members.article_id FROM story_members JOIN articles ON articles.id = story_members.article_id "
        "JOIN revisions ON revisions.id = articles.revision_id "
        "WHERE story_id = ? AND (language = ? OR language GLOB ?) ORDER BY story_members.article_id DESC LIMIT ?",
        [story_id, language, f"{language}-*", limit],
    )
    return [row[0] for row in rows.fetchall()]


def is_flagged(db: ArchiveDb, stories: Iterable[int], exclude: int | None) -> bool:
    """Return True if an article other than `exclude` raised an alert of new torture or detention on a story."""
    numbers = sorted(set(stories))
    row = db.execute(
        f"SELECT 1 FROM story_members JOIN alerts USING (article_id) WHERE story_id IN ({_marks(numbers)}) "
        "AND article_id IS NOT ? AND kind IN ('new', 'update') LIMIT 1",
        [*numbers, exclude],
    ).fetchone()
    return row is not None


def join(
    db: ArchiveDb, article_id: int, fingerprint: Fingerprint, stories: Iterable[int], link: Link | None, run_id: int
) -> int:
    """Add an article to these stories, merging them, or to a new story of its own; returns the story's number.

    Runs inside the caller's transaction. `link` is the strongest relation to another member, None for an article alone.
    `settle_first` determines the first reporter.
    """
    save_fingerprint(db, article_id, fingerprint)
    merged = sorted({*stories, *filter(None, [story_number(db, article_id)])})
    story_id = merged[0] if merged else article_id
    if not merged:
        db.execute("INSERT INTO stories (id, first_article_id) VALUES (?, ?)", [story_id, article_id])
    for other in merged[1:]:
        db.execute("UPDATE story_members SET story_id = ? WHERE story_id = ?", [story_id, other])
        db.execute("DELETE FROM stories WHERE id = ?", [other])
    relation = link or Link(article_id, "first", 1.0)
    db.execute(
        "INSERT INTO story_members "
        "(article_id, story_id, relation, similarity, related_to, joined_run_id, sentences, reasons) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (article_id) DO UPDATE SET sentences = excluded.sentences",
        [
            article_id, story_id, relation.relation, relation.similarity, relation.article_id, run_id,
            fingerprint.sentences, json.dumps(relation.reasons, ensure_ascii=False),
        ],
    )  # fmt: skip
    return story_id


def first_of(db: ArchiveDb, story_id: int) -> int | None:
    """Return the first reporter of a story as last settled, None if the story does not exist."""
    row = db.execute("SELECT first_article_id FROM stories WHERE id = ?", [story_id]).fetchone()
    return row[0] if row else None


def settle_first(db: ArchiveDb, story_id: int) -> tuple[int, Sequence[int]]:
    """Determine the first reporter of a story; returns it, and the other members by publication time."""
    first, *others = articles_of(db, [story_id])
    db.execute("UPDATE stories SET first_article_id = ? WHERE id = ?", [first, story_id])
    db.execute(
        "UPDATE story_members SET relation = 'first', similarity = 1, related_to = article_id, reasons = '[]' "
        "WHERE article_id = ?",
        [first],
    )
    return first, others


def relate(db: ArchiveDb, article_id: int, link: Link) -> None:
    """Save how a member relates to another."""
    db.execute(
        "UPDATE story_members SET relation = ?, similarity = ?, related_to = ?, reasons = ? WHERE article_id = ?",
        [link.relation, link.similarity, link.article_id, json.dumps(link.reasons, ensure_ascii=False), article_id],
    )


def link_of(db: ArchiveDb, article_id: int) -> Link | None:
    """Return how a member relates to the article it was compared with, None for an article without a story."""
    row = db.execute(
        "SELECT related_to, relation, similarity, reasons FROM story_members WHERE article_id = ?", [article_id]
    ).fetchone()
    return Link(row[0], row[1], row[2], _reasons(row[3])) if row else None


def save_profile(db: ArchiveDb, revision_id: int, profile: bytes) -> None:
    """Save the comparison profile of a revision."""
    db.execute("INSERT OR REPLACE INTO revision_profiles VALUES (?, ?)", [revision_id, profile])


def statements_of(db: ArchiveDb, revision_id: int, found_by: str) -> list[tuple[str, str]] | None:
    """Return what a revision reports as (kind, value), None if `found_by` has not read it for a story yet."""
    row = db.execute(
        "SELECT statements FROM revision_statements WHERE revision_id = ? AND found_by = ?", [revision_id, found_by]
    ).fetchone()
    return [(kind, value) for kind, value in json.loads(row[0])] if row else None


def save_statements(db: ArchiveDb, revision_id: int, found_by: str, statements: Sequence[tuple[str, str]]) -> None:
    """Save what a revision reports; `found_by` are the lexicons and patterns that found it, instead of any earlier."""
    db.execute(
        "INSERT OR REPLACE INTO revision_statements VALUES (?, ?, ?)",
        [revision_id, found_by, json.dumps(statements, ensure_ascii=False)],
    )


def save_mentions(db: ArchiveDb, article_id: int, mentions: Sequence[Link]) -> None:
    """Save which articles of other stories are mentioned by a text that reports several events."""
    for link in mentions:
        db.execute(
            "INSERT OR REPLACE INTO story_mentions VALUES (?, ?, ?, ?)",
            [article_id, link.article_id, link.similarity, json.dumps(link.reasons, ensure_ascii=False)],
        )


def mentions_of(db: ArchiveDb, article_id: int) -> tuple[ArticleMention, ...]:
    """Return the articles that an article mentions, and those that mention it, likeliest first."""
    rows = db.execute(
        "SELECT articles.id AS article_id, outlet, title, mentioned.article_id = ? AS mentioning, reasons FROM ("
        "SELECT article_id, mentioned_id AS other, similarity, reasons FROM story_mentions WHERE article_id = ? "
        "UNION ALL SELECT article_id, article_id, similarity, reasons FROM story_mentions WHERE mentioned_id = ?"
        ") AS mentioned JOIN articles ON articles.id = other JOIN revisions ON revisions.id = articles.revision_id "
        "ORDER BY mentioning DESC, similarity DESC, articles.id",
        [article_id, article_id, article_id],
    ).fetchall()
    return tuple(
        ArticleMention(
            row["article_id"], row["outlet"], row["title"], bool(row["mentioning"]), _reasons(row["reasons"])
        )
        for row in rows
    )


def size_of(db: ArchiveDb, story_id: int) -> int:
    """Count the members of a story."""
    return int(db.execute("SELECT count(*) FROM story_members WHERE story_id = ?", [story_id]).fetchone()[0])


def _reasons(stored: str) -> tuple[tuple[str, str], ...]:
    return tuple((kind, value) for kind, value in json.loads(stored))


def save_news(db: ArchiveDb, article_id: int, revision_id: int, news: Sequence[News]) -> None:
    """Save what a revision was the first in its story to report, after the news of earlier revisions."""
    known = db.execute("SELECT count(*) FROM story_news WHERE article_id = ?", [article_id]).fetchone()[0]
    for position, one in enumerate(news, start=known):
        db.execute(
            "INSERT INTO story_news (article_id, position, revision_id, kind, value, detail, quote, sentence) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [article_id, position, revision_id, one.kind, one.value, one.detail, one.quote, one.sentence],
        )


def news_of(db: ArchiveDb, article_id: int) -> tuple[News, ...]:
    """Return what an article was the first in its story to report."""
    rows = db.execute(
        "SELECT kind, value, detail, quote, sentence FROM story_news WHERE article_id = ? ORDER BY position",
        [article_id],
    )
    return tuple(News(**dict(row)) for row in rows.fetchall())


def story_of(db: ArchiveDb, article_id: int) -> Story | None:
    """Return the story of an article with all its members, None if it has none yet."""
    number = story_number(db, article_id)
    if number is None:
        return None
    rows = db.execute(
        f"""
        SELECT story_members.article_id, outlet, relation, similarity, related_to, joined_run_id,
               substr(published_at, 1, 10) AS date, first_seen_at, title, url, language, level, story_members.reasons
        FROM story_members JOIN articles ON articles.id = story_members.article_id
        JOIN revisions ON revisions.id = articles.revision_id
        LEFT JOIN flags ON flags.revision_id = revisions.id AND current = 1
        WHERE story_id = ? ORDER BY relation != 'first', {_WHEN}, outlet, url
        """,
        [number],
    ).fetchall()
    members = tuple(
        Member(**{**dict(row), "reasons": _reasons(row["reasons"])}, news=news_of(db, row["article_id"]))
        for row in rows
    )
    return Story(number, members[0].article_id, members)


def backlog(db: ArchiveDb, limit: int) -> list[tuple[int, int]]:
    """Return articles of an older release that have no story yet, with their first runs, first stored first."""
    # CROSS: the backlog first, since it is empty after the first run; without statistics of it all articles would be.
    rows = db.execute(
        "SELECT article_id, first_run_id FROM story_backlog CROSS JOIN articles ON articles.id = article_id "
        "ORDER BY article_id LIMIT ?",
        [limit],
    )
    return [(row[0], row[1]) for row in rows.fetchall()]


def leave_backlog(db: ArchiveDb, article_id: int) -> None:
    """Remove an article from the backlog: it has a story now."""
    db.execute("DELETE FROM story_backlog WHERE article_id = ?", [article_id])


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
