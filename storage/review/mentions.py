"""Who and what flagged reports mention, by keys shared across scripts and inflections; derived from the archive."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from storage.schema.country import COUNTRY
from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb


@dataclass(frozen=True, slots=True)
class FlagFact:
    """A fact of a report's current flag; `quote` is its form in the text."""

    article_id: int
    kind: str
    value: str
    detail: str
    quote: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Mentioned:
    """An index entry: a report mentions somebody or something, under a key shared by all its spellings."""

    article_id: int
    kind: str
    key: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A report's country (None if unknown), its day (published, or else first seen), and the facts of its flag."""

    country: str | None
    day: str
    facts: tuple[FlagFact, ...]


@dataclass(frozen=True, slots=True)
class MentioningReport:
    """A report as a list or timeline shows it."""

    article_id: int
    story_id: int
    title: str
    language: str | None
    outlet: str
    day: str
    level: str
    categories: str


BATCH = 2000


def refresh(db: ReviewDb, entries_of: Callable[[FlagFact], Iterable[Mentioned]]) -> int:
    """Index the current flags stored since the last refresh; returns how many flags."""
    done = 0
    while db.execute(
        "SELECT flag_id < (SELECT coalesce(max(id), 0) FROM archive.flags) FROM mentions_state"
    ).fetchone()[0]:
        with transaction(db):
            done += _refresh_batch(db, entries_of)
    return done


def _refresh_batch(db: ReviewDb, entries_of: Callable[[FlagFact], Iterable[Mentioned]]) -> int:
    """Index the articles of the next flags by what their current version says, whichever version a flag is of."""
    since = db.execute("SELECT flag_id FROM mentions_state").fetchone()[0]
    flags = db.execute(
        "SELECT flags.id, article_id FROM archive.flags JOIN archive.revisions ON revisions.id = revision_id "
        "WHERE flags.id > ? ORDER BY flags.id LIMIT ?",
        [since, BATCH],
    ).fetchall()
    article_ids = sorted({row["article_id"] for row in flags})
    db.execute("DELETE FROM mentions WHERE article_id IN (SELECT value FROM json_each(?))", [json.dumps(article_ids)])
    for fact in _facts(db, article_ids):
        for one in entries_of(fact):
            db.execute(
                "INSERT OR IGNORE INTO mentions (article_id, kind, key, name, role) VALUES (?, ?, ?, ?, ?)",
                [one.article_id, one.kind, one.key, one.name, one.role],
            )
    db.execute("UPDATE mentions_state SET flag_id = ?", [flags[-1]["id"]])
    return len(flags)


def _facts(db: ReviewDb, article_ids: Sequence[int]) -> list[FlagFact]:
    """Return the facts of the articles' current flags; an article that is not flagged has none."""
    rows = db.execute(
        "SELECT articles.id AS article_id, kind, flag_facts.value, detail, quote, sentence FROM json_each(?) AS wanted "
        "CROSS JOIN archive.articles ON articles.id = wanted.value "
        "CROSS JOIN archive.flags ON flags.revision_id = articles.revision_id AND current = 1 "
        "CROSS JOIN archive.flag_facts ON flag_id = flags.id WHERE level != 'ignore' ORDER BY articles.id, position",
        [json.dumps(list(article_ids))],
    )
    return [FlagFact(**dict(row)) for row in rows.fetchall()]


def report_facts(db: ReviewDb, article_ids: Sequence[int]) -> dict[int, ReportFacts]:
    """Return what the reports' current flags say, by article; what is not in the archive is left out."""
    facts: dict[int, list[FlagFact]] = {}
    for fact in _facts(db, article_ids):
        facts.setdefault(fact.article_id, []).append(fact)
    rows = db.execute(
        f"SELECT articles.id, {COUNTRY} AS country, substr(coalesce(published_at, first_seen_at), 1, 10) AS day "
        "FROM json_each(?) AS wanted CROSS JOIN archive.articles ON articles.id = wanted.value "
        "JOIN archive.revisions ON revisions.id = articles.revision_id "
        "JOIN archive.outlets ON outlets.name = articles.outlet "
        "LEFT JOIN archive.flags ON flags.revision_id = revisions.id AND current = 1",
        [json.dumps(list(article_ids))],
    )
    return {row["id"]: ReportFacts(row["country"], row["day"], tuple(facts.get(row["id"], ()))) for row in rows}


def mentioning(db: ReviewDb, kind: str, keys: Sequence[str], limit: int) -> list[int]:
    """Return the newest reports (by number) that mention this under any of the keys."""
    marks = ", ".join("?" * len(keys))
    rows = db.execute(
        f"SELECT DISTINCT article_id FROM mentions WHERE kind = ? AND key IN ({marks}) "
        "ORDER BY article_id DESC LIMIT ?",
        [kind, *keys, limit],
    )
    return [row[0] for row in rows.fetchall()]


def named(db: ReviewDb, kind: str, keys: Sequence[str], limit: int) -> list[tuple[int, str]]:
    """Return the newest reports (by number) that mention this under any of the keys, each with the name it uses."""
    marks = ", ".join("?" * len(keys))
    rows = db.execute(
        f"SELECT DISTINCT article_id, name FROM mentions WHERE kind = ? AND key IN ({marks}) "
        "ORDER BY article_id DESC LIMIT ?",
        [kind, *keys, limit],
    )
    return [(row[0], row[1]) for row in rows.fetchall()]


def spellings(db: ReviewDb, kind: str, keys: Sequence[str]) -> list[str]:
    """Return the names under these keys, the most frequent first."""
    marks = ", ".join("?" * len(keys))
    rows = db.execute(
        f"SELECT name FROM mentions WHERE kind = ? AND key IN ({marks}) GROUP BY name ORDER BY count(*) DESC, name",
        [kind, *keys],
    )
    return [row[0] for row in rows.fetchall()]


def stories_of(db: ReviewDb, article_ids: Sequence[int]) -> dict[int, int]:
    """Return the story of each article, its own number if it is in none."""
    rows = db.execute(
        "SELECT value AS article_id, coalesce(story_id, value) AS story_id FROM json_each(?) AS wanted "
        "LEFT JOIN archive.story_members ON story_members.article_id = wanted.value",
        [json.dumps(list(article_ids))],
    )
    return {row["article_id"]: row["story_id"] for row in rows.fetchall()}


def reports(db: ReviewDb, article_ids: Sequence[int]) -> list[MentioningReport]:
    """Return these reports, oldest first."""
    marks = ", ".join("?" * len(article_ids))
    rows = db.execute(
        "SELECT articles.id AS article_id, coalesce(story_id, articles.id) AS story_id, title, language, outlet, "
        "substr(coalesce(published_at, first_seen_at), 1, 10) AS day, coalesce(level, 'ignore') AS level, "
        "coalesce(flags.categories, '[]') AS categories "
        "FROM archive.articles JOIN archive.revisions ON revisions.id = articles.revision_id "
        "LEFT JOIN archive.story_members ON story_members.article_id = articles.id "
        "LEFT JOIN archive.flags ON flags.revision_id = revisions.id AND current = 1 "
        f"WHERE articles.id IN ({marks}) ORDER BY day, articles.id",
        list(article_ids),
    )
    return [MentioningReport(**dict(row)) for row in rows.fetchall()]
