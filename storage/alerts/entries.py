"""Outbox entries: what to report to people, and which channel gets it by which rule.

Triggers of the schema create an entry together with its report. A route says that a channel gets an entry, or why it
doesn't.

Times are UTC stamps (`2026-11-22T06:30:00Z`); `published_at` may be a day alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from storage.articles.flags import first_words
from storage.schema.country import COUNTRY
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

MAX_TEXT = 100_000
"""Maximum length of an entry's text, in code points."""

EXCERPT = 240
"""Length of the excerpt around the deciding words, in code points."""

_NO_PERSONS = ("country", "region", "place", "agency", "document")


@dataclass(frozen=True, slots=True)
class Person:
    """A person named in a report. `role` is the detector's, or empty; `sentence` is the sentence with the name."""

    name: str
    role: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One item to report. `level` is alert or digest, `kind` what happened to the report (new, softened, removed, ...).

    `run_kind`, `backfill` and `first_crawl` describe the run that found it; `first_crawl` is true until a crawl of the
    outlet has ended. `story` is the number of the article's story, or the article's own if it has no story. `text` is
    the body (only the beginning if it is long); `known` are words of the body and title that are known not to be
    persons: places, agencies, lexicon terms.
    """

    id: int
    kind: str
    level: str
    alert_id: int | None
    article_id: int
    created_at: str
    run_kind: str
    backfill: bool
    first_crawl: bool
    outlet: str
    outlet_title: str
    official: bool
    country: str | None
    language: str | None
    categories: tuple[str, ...]
    published_at: str | None
    published_certainty: str | None
    first_seen_at: str
    title: str
    url: str
    excerpt: str
    words: tuple[str, ...]
    persons: tuple[Person, ...]
    story: int
    text: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoutedEntry:
    """An entry routed to a channel by a rule. `held` is the reason it is not sent, None if it is sent."""

    entry_id: int
    rule: str
    held: str | None = None


_ENTRIES = f"""
    SELECT outbox.id, outbox.kind, outbox.level, alert_id, outbox.article_id, outbox.revision_id, outbox.flag_id,
           outbox.created_at, runs.kind AS run_kind,
           coalesce(runs.arguments ->> 'backfill', 0) AS backfill, articles.outlet, articles.url, first_seen_at,
           outlets.title AS outlet_title, outlets.kind AS outlet_kind, revisions.title,
           revisions.text, revisions.language, revisions.published_at, revisions.published_certainty,
           coalesce(story_members.story_id, outbox.article_id) AS story, {COUNTRY} AS country,
           flags.categories,
           NOT EXISTS (
               SELECT 1 FROM run_outlets JOIN runs AS earlier ON earlier.id = run_outlets.run_id
               WHERE run_outlets.outlet = articles.outlet AND run_id < outbox.run_id AND earlier.kind = 'crawl'
               AND run_outlets.status NOT IN ('running', 'killed')
           ) AS first_crawl
    FROM outbox
    JOIN runs ON runs.id = outbox.run_id
    JOIN articles ON articles.id = outbox.article_id
    JOIN outlets ON outlets.name = articles.outlet
    JOIN revisions ON revisions.id = outbox.revision_id
    LEFT JOIN story_members ON story_members.article_id = outbox.article_id
    JOIN flags ON flags.id = outbox.flag_id
"""


def open_channel(db: ArchiveDb, channel: str, since: str, at: str) -> None:
    """Add a new channel; it gets no entries created before `since`."""
    db.execute(
        "INSERT OR IGNORE INTO channels (name, entry_id, since) "
        "SELECT ?, coalesce((SELECT max(id) FROM outbox WHERE created_at < ?), 0), ?",
        [channel, since, at],
    )


def save_problem(db: ArchiveDb, channel: str, problem: str | None, at: str) -> None:
    """Record why a channel can't be used, with the time since when, or that it can (None)."""
    with transaction(db):
        db.execute(
            "UPDATE channels SET problem = ?, problem_since = iif(? IS NULL, NULL, coalesce(problem_since, ?)) "
            "WHERE name = ? AND problem IS NOT ?",
            [problem, problem, at, channel, problem],
        )


def unrouted(db: ArchiveDb, channel: str, limit: int) -> list[Entry]:
    """Return the oldest entries that have not been routed for this channel."""
    return entries_where(
        db,
        "WHERE outbox.id > (SELECT entry_id FROM channels WHERE name = ?) ORDER BY outbox.id LIMIT ?",
        [channel, limit],
    )


def add_routes(db: ArchiveDb, channel: str, routes: Iterable[RoutedEntry], up_to: int) -> None:
    """Save the routes for the entries up to `up_to`, inside the caller's transaction."""
    for route in routes:
        db.execute(
            "INSERT INTO routes (channel, entry_id, rule, held) VALUES (?, ?, ?, ?)",
            [channel, route.entry_id, route.rule, route.held],
        )
    db.execute("UPDATE channels SET entry_id = ? WHERE name = ?", [up_to, channel])


def waiting(db: ArchiveDb, channel: str, rules: Sequence[str], until: str) -> list[int]:
    """Return entries of these rules, created up to `until` (inclusive) and not yet in a message, oldest first."""
    marks = ", ".join("?" * len(rules))
    rows = db.execute(
        f"SELECT entry_id FROM routes JOIN outbox ON outbox.id = entry_id WHERE channel = ? AND rule IN ({marks}) "
        "AND message_id IS NULL AND held IS NULL AND created_at <= ? ORDER BY entry_id",
        [channel, *rules, until],
    )
    return [row[0] for row in rows.fetchall()]


def rules_waiting(db: ArchiveDb, channel: str) -> set[str]:
    """Return the rules with entries waiting for a message."""
    rows = db.execute(
        "SELECT DISTINCT rule FROM routes WHERE channel = ? AND message_id IS NULL AND held IS NULL", [channel]
    )
    return {row[0] for row in rows.fetchall()}


def entries_of(db: ArchiveDb, message_id: int) -> list[Entry]:
    """Return the entries of a message, oldest first."""
    return entries_where(
        db, "JOIN routes ON routes.entry_id = outbox.id WHERE message_id = ? ORDER BY outbox.id", [message_id]
    )


@dataclass(frozen=True, slots=True)
class ChangedText:
    """A report's title and text before and after the change that an entry reports; texts as in `Entry`."""

    title_before: str
    text_before: str
    title: str
    text: str


def edits_of(db: ArchiveDb, entry_ids: Sequence[int]) -> dict[int, ChangedText]:
    """Return what changed in those of the entries that report an edited or softened report, by entry."""
    rows = db.execute(
        f"SELECT outbox.id, earlier.title AS title_before, substr(earlier.text, 1, {MAX_TEXT}) AS text_before, "
        f"now.title, substr(now.text, 1, {MAX_TEXT}) AS text FROM outbox "
        "JOIN revisions AS now ON now.id = outbox.revision_id "
        "JOIN revisions AS earlier ON earlier.article_id = now.article_id AND earlier.number = now.number - 1 "
        f"WHERE outbox.id IN ({', '.join('?' * len(entry_ids))}) AND outbox.kind IN ('softened', 'edited')",
        list(entry_ids),
    )
    return {
        row["id"]: ChangedText(row["title_before"], row["text_before"], row["title"], row["text"])
        for row in rows.fetchall()
    }


def newest_entries(db: ArchiveDb, channel: str, limit: int, up_to_message: int) -> list[Entry]:
    """Return the newest entries sent to a channel up to this message, newest first."""
    return entries_where(
        db,
        "JOIN routes ON routes.entry_id = outbox.id WHERE channel = ? AND message_id <= ? "
        "ORDER BY outbox.id DESC LIMIT ?",
        [channel, up_to_message, limit],
    )


def newest_alerts(db: ArchiveDb, limit: int, country: str = "", category: str = "") -> list[Entry]:
    """Return the newest alerts, newest first: all, or those of a country (two letters) or of a category."""
    where, values = ["outbox.level = 'alert'"], [*filter(None, (country, category))]
    if country:
        where.append(f"{COUNTRY} = ?")
    if category:
        where.append("EXISTS (SELECT 1 FROM json_each(flags.categories) WHERE value = ?)")
    return entries_where(db, f"WHERE {' AND '.join(where)} ORDER BY outbox.id DESC LIMIT ?", [*values, limit])


def entries_where(db: ArchiveDb, where: str, arguments: list[object]) -> list[Entry]:
    """Return the outbox entries selected by `where`, the end of a query; trusted SQL only."""
    return [_entry(db, row) for row in db.execute(_ENTRIES + where, arguments).fetchall()]


def _entry(db: ArchiveDb, row: Any) -> Entry:
    found = db.execute(
        "SELECT side, field, start, quote FROM flag_spans WHERE flag_id = ? ORDER BY position", [row["flag_id"]]
    ).fetchall()
    spans = [span for span in found if span["side"] == "for"]
    facts = db.execute(
        "SELECT kind, value, detail, sentence, quote FROM flag_facts WHERE flag_id = ? ORDER BY position",
        [row["flag_id"]],
    ).fetchall()
    known = [span["quote"] for span in found] + [fact["quote"] for fact in facts if fact["kind"] in _NO_PERSONS]
    return Entry(
        id=row["id"],
        kind=row["kind"],
        level=row["level"],
        alert_id=row["alert_id"],
        article_id=row["article_id"],
        created_at=row["created_at"],
        run_kind=row["run_kind"],
        backfill=bool(row["backfill"]),
        first_crawl=bool(row["first_crawl"]),
        outlet=row["outlet"],
        outlet_title=row["outlet_title"] or row["outlet"],
        official=row["outlet_kind"] == "state",
        country=row["country"],
        language=row["language"],
        categories=tuple(json.loads(row["categories"])),
        published_at=row["published_at"],
        published_certainty=row["published_certainty"],
        first_seen_at=row["first_seen_at"],
        title=row["title"],
        url=row["url"],
        excerpt=_excerpt(row["text"], next((span["start"] for span in spans if span["field"] == "text"), 0)),
        words=first_words(span["quote"] for span in spans),
        persons=tuple(
            Person(fact["value"], fact["detail"], fact["sentence"]) for fact in facts if fact["kind"] == "person"
        ),
        story=row["story"],
        text=row["text"][:MAX_TEXT],
        known=tuple(known),
    )


def _excerpt(text: str, at: int) -> str:
    """Return the text around `at`, cut between words."""
    start = max(0, at - EXCERPT // 3)
    piece = text[start : start + EXCERPT]
    if start:
        piece = "… " + piece.partition(" ")[2]
    if start + EXCERPT < len(text):
        piece = piece.rpartition(" ")[0] + " …"
    return " ".join(piece.split())
