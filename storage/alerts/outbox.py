"""The outbox: what is to be told to people, which channel gets it by which rule, and how each delivery fares.

An entry is born with its report (triggers of the schema). A route says that a channel is to get an entry, or why it
is held back. A message bundles routes and has a key that never changes; a delivery is a message on its way to one
target of a channel (a mail's recipient, say). Targets are given as opaque names: no address is kept here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID, uuid5

from sqlite_utils import Database

MessageKind = Literal["report", "bundle", "digest"]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone whom a report names. `role` is the detector's, or empty; `sentence` is where the name stands."""

    name: str
    role: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to tell. `level` is alert or digest, `kind` what happened to the report (new, softened, removed, ...).

    `run_kind`, `backfill` and `first_crawl` say in what kind of run it was found; `first_crawl` is true as long as no
    crawl of its outlet had ended before. `story` is its story's number, or the article's own where it
    belongs to none. `text` is the body (of a long one the beginning), `known` are words of it and of the title that
    are known to be something else than a person: places, agencies, terms of the lexicon.
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
class Route:
    """An entry on its way to a channel by a rule. `held` says why it is not sent, None where it is."""

    entry_id: int
    rule: str
    held: str | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """A message as it was composed. `key` is the same on every try, and after a restore from a backup.

    `revision_id` is the newest revision that the archive held then.
    """

    id: int
    key: str
    channel: str
    rule: str
    kind: MessageKind
    composed_at: str
    revision_id: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way to one target. `tries` counts the failed ones."""

    id: int
    message: Composed
    target: str
    tries: int


@dataclass(frozen=True, slots=True)
class Revised:
    """A revision that a report got since the last digest told of it; `text` as in `Entry`."""

    article_id: int
    title: str
    text: str
    change: str


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """How a channel fares.

    `unseen` entries were not put to the rules yet, `unsent` ones wait for their message, `held` ones (counted by
    reason) are never sent. The others count deliveries; `errors` are those of what is waiting or parked.
    """

    channel: str
    unseen: int
    unsent: int
    waiting: int
    parked: int
    sent: int
    last_sent_at: str | None
    held: dict[str, int]
    errors: tuple[str, ...]


_ENTRIES = """
    SELECT outbox.id, outbox.kind, outbox.level, alert_id, outbox.article_id, outbox.revision_id, outbox.flag_id,
           outbox.created_at, runs.kind AS run_kind,
           coalesce(runs.arguments ->> 'backfill', 0) AS backfill, articles.outlet, articles.url, first_seen_at,
           outlets.title AS outlet_title, outlets.kind AS outlet_kind, outlets.countries, revisions.title,
           revisions.text, revisions.language, revisions.published_at,
           coalesce(story_members.story_id, outbox.article_id) AS story, flags.country,
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
_NO_PERSONS = ("country", "region", "place", "agency", "document")
LAST_MESSAGE = 2**63 - 1
"""Beyond every message's number."""

MAX_TEXT = 100_000
"""Code points of a text that an entry holds."""

EXCERPT = 240
"""Code points of the text around the deciding words."""


def archive_uuid(db: Database) -> UUID:
    """What tells this archive from every other; backups keep it."""
    return UUID(db.execute("SELECT uuid FROM archive_identity").fetchone()[0])


def open_channel(db: Database, channel: str, since: str, at: str) -> None:
    """Begin with a channel that was not known before: entries born before `since` are not for it."""
    db.execute(
        "INSERT OR IGNORE INTO channels (name, entry_id, since) "
        "SELECT ?, coalesce((SELECT max(id) FROM outbox WHERE created_at < ?), 0), ?",
        [channel, since, at],
    )


def unrouted(db: Database, channel: str, limit: int) -> list[Entry]:
    """The oldest entries that no rule has been asked about for this channel."""
    return _entries(
        db,
        "WHERE outbox.id > (SELECT entry_id FROM channels WHERE name = ?) ORDER BY outbox.id LIMIT ?",
        [channel, limit],
    )


def add_routes(db: Database, channel: str, routes: Iterable[Route], up_to: int) -> None:
    """Keep what the rules said about the entries up to this one, inside the caller's transaction."""
    for route in routes:
        db.execute(
            "INSERT INTO routes (channel, entry_id, rule, held) VALUES (?, ?, ?, ?)",
            [channel, route.entry_id, route.rule, route.held],
        )
    db.execute("UPDATE channels SET entry_id = ? WHERE name = ?", [up_to, channel])


def waiting(db: Database, channel: str, rules: Sequence[str], until: str) -> list[int]:
    """Entries of these rules, born until then (inclusive), that are in no message yet; the oldest first."""
    marks = ", ".join("?" * len(rules))
    rows = db.execute(
        f"SELECT entry_id FROM routes JOIN outbox ON outbox.id = entry_id WHERE channel = ? AND rule IN ({marks}) "
        "AND message_id IS NULL AND held IS NULL AND created_at <= ? ORDER BY entry_id",
        [channel, *rules, until],
    )
    return [row[0] for row in rows.fetchall()]


def rules_waiting(db: Database, channel: str) -> set[str]:
    """The rules by which something waits for a message."""
    rows = db.execute(
        "SELECT DISTINCT rule FROM routes WHERE channel = ? AND message_id IS NULL AND held IS NULL", [channel]
    )
    return {row[0] for row in rows.fetchall()}


def composed_since(db: Database, channel: str, since: str) -> int:
    """How many reports and bundles were composed for a channel after `since`; digests don't count."""
    row = db.execute(
        "SELECT count(*) FROM messages WHERE channel = ? AND composed_at > ? AND kind != 'digest'", [channel, since]
    ).fetchone()
    return int(row[0])


def add_message(
    db: Database, channel: str, rule: str, kind: MessageKind, name: str, entries: Sequence[int], targets: Sequence[str],
    at: str,
) -> bool:  # fmt: skip
    """Put entries into a message to these targets, inside the caller's transaction.

    `name` tells the message from all others of the channel; its key follows from it. Returns False, and does
    nothing, where there is a message of that name.
    """
    key = str(uuid5(archive_uuid(db), f"{channel}\n{kind}\n{rule}\n{name}"))
    cursor = db.execute(
        "INSERT OR IGNORE INTO messages (key, channel, rule, kind, composed_at, revision_id) "
        "SELECT ?, ?, ?, ?, ?, coalesce(max(id), 0) FROM revisions",
        [key, channel, rule, kind, at],
    )
    if not cursor.rowcount:
        return False
    message_id = cursor.lastrowid
    for entry in entries:
        db.execute("UPDATE routes SET message_id = ? WHERE channel = ? AND entry_id = ?", [message_id, channel, entry])
    for target in targets:
        db.execute(
            "INSERT INTO deliveries (message_id, target, status, next_try_at) VALUES (?, ?, 'waiting', ?)",
            [message_id, target, at],
        )
    return True


def due(db: Database, channel: str, at: str) -> list[Delivery]:
    """The channel's deliveries whose next try is due, in the order of their messages."""
    rows = db.execute(
        "SELECT deliveries.id AS delivery_id, target, tries, messages.* FROM deliveries "
        "JOIN messages ON messages.id = message_id "
        "WHERE status = 'waiting' AND next_try_at <= ? AND channel = ? ORDER BY message_id, deliveries.id",
        [at, channel],
    )
    return [Delivery(row["delivery_id"], _composed(row), row["target"], row["tries"]) for row in rows.fetchall()]


def entries_of(db: Database, message_id: int) -> list[Entry]:
    """What a message tells, the oldest first."""
    return _entries(
        db, "JOIN routes ON routes.entry_id = outbox.id WHERE message_id = ? ORDER BY outbox.id", [message_id]
    )


def newest_entries(db: Database, channel: str, limit: int, up_to_message: int) -> list[Entry]:
    """The newest that a channel was told up to this message, the newest first."""
    return _entries(
        db,
        "JOIN routes ON routes.entry_id = outbox.id WHERE channel = ? AND message_id <= ? "
        "ORDER BY outbox.id DESC LIMIT ?",
        [channel, up_to_message, limit],
    )


def newest_alerts(db: Database, limit: int, country: str = "", category: str = "") -> list[Entry]:
    """The newest alerts, the newest first: all, those of a country (two letters), or those of a category."""
    where, values = ["outbox.level = 'alert'"], [*filter(None, (country, category))]
    if country:
        only = "iif(json_array_length(outlets.countries) = 1, outlets.countries ->> 0, NULL)"
        where.append(f"coalesce(flags.country, {only}) = ?")
    if category:
        where.append("EXISTS (SELECT 1 FROM json_each(flags.categories) WHERE value = ?)")
    return _entries(db, f"WHERE {' AND '.join(where)} ORDER BY outbox.id DESC LIMIT ?", [*values, limit])


def previous_digest(db: Database, digest: Composed) -> Composed | None:
    """The digest by the same rule before this one, or None."""
    row = db.execute(
        "SELECT * FROM messages WHERE channel = ? AND rule = ? AND kind = 'digest' AND id < ? ORDER BY id DESC LIMIT 1",
        [digest.channel, digest.rule, digest.id],
    ).fetchone()
    return _composed(row) if row else None


def stories_told(db: Database, digest: Composed) -> frozenset[int]:
    """The stories that earlier digests by the same rule told of."""
    rows = db.execute(
        "SELECT DISTINCT coalesce(story_id, outbox.article_id) FROM messages "
        "JOIN routes ON routes.message_id = messages.id "
        "JOIN outbox ON outbox.id = entry_id "
        "LEFT JOIN story_members ON story_members.article_id = outbox.article_id "
        "WHERE messages.channel = ? AND messages.rule = ? AND messages.kind = 'digest' AND messages.id < ?",
        [digest.channel, digest.rule, digest.id],
    )
    return frozenset(row[0] for row in rows.fetchall())


def told_before(db: Database, digest: Composed, stories: Sequence[int]) -> dict[int, Entry]:
    """These stories as earlier digests by the same rule told of them: each with the newest entry they had of it."""
    found = _entries(
        db,
        "JOIN routes ON routes.entry_id = outbox.id JOIN messages ON messages.id = message_id "
        "WHERE messages.channel = ? AND messages.rule = ? AND messages.kind = 'digest' AND messages.id < ? "
        f"AND coalesce(story_members.story_id, outbox.article_id) IN ({', '.join('?' * len(stories))}) "
        "ORDER BY outbox.id",
        [digest.channel, digest.rule, digest.id, *stories],
    )
    return {entry.story: entry for entry in found}


def revised_between(db: Database, earlier: Composed, later: Composed) -> list[Revised]:
    """How the reports of a digest were revised until a later one; the last revision of each."""
    rows = db.execute(
        f"SELECT article_id, title, substr(text, 1, {MAX_TEXT}) AS text, change FROM revisions WHERE id IN ("
        "SELECT max(revisions.id) FROM revisions WHERE revisions.id > ? AND revisions.id <= ? AND article_id IN ("
        "SELECT article_id FROM routes JOIN outbox ON outbox.id = entry_id WHERE message_id = ?) "
        "GROUP BY article_id) ORDER BY id",
        [earlier.revision_id, later.revision_id, earlier.id],
    )
    return [Revised(*row) for row in rows.fetchall()]


def mark_sent(db: Database, delivery: Delivery, at: str) -> None:
    """Note that a delivery arrived, inside the caller's transaction."""
    db.execute("UPDATE deliveries SET status = 'sent', sent_at = ?, error = NULL WHERE id = ?", [at, delivery.id])


def mark_failed(db: Database, delivery: Delivery, error: str, next_try_at: str | None, at: str) -> None:
    """Note that a try failed, inside the caller's transaction; without a next try the delivery is parked."""
    db.execute(
        "UPDATE deliveries SET status = ?, tries = tries + 1, error = ?, next_try_at = ? WHERE id = ?",
        ["waiting" if next_try_at else "parked", error, next_try_at or at, delivery.id],
    )


def unpark(db: Database, channel: str | None, at: str) -> int:
    """Try what was parked (on one channel, or on all) anew, inside the caller's transaction. Returns how many."""
    cursor = db.execute(
        "UPDATE deliveries SET status = 'waiting', tries = 0, next_try_at = ? WHERE status = 'parked' "
        "AND message_id IN (SELECT id FROM messages WHERE channel = coalesce(?, channel))",
        [at, channel],
    )
    return int(cursor.rowcount)


def channel_statuses(db: Database) -> list[ChannelStatus]:
    """Every channel that was ever sent to, by name."""
    names = [row[0] for row in db.execute("SELECT name FROM channels ORDER BY name").fetchall()]
    return [_channel_status(db, name) for name in names]


def _channel_status(db: Database, channel: str) -> ChannelStatus:
    counted = dict(
        db.execute(
            "SELECT status, count(*) FROM deliveries JOIN messages ON messages.id = message_id WHERE channel = ? "
            "GROUP BY status",
            [channel],
        ).fetchall()
    )
    held = dict(
        db.execute(
            "SELECT held, count(*) FROM routes WHERE channel = ? AND held IS NOT NULL GROUP BY held", [channel]
        ).fetchall()
    )
    unseen, unsent, last = db.execute(
        "SELECT (SELECT count(*) FROM outbox WHERE id > entry_id), "
        "(SELECT count(*) FROM routes WHERE channel = name AND message_id IS NULL AND held IS NULL), "
        "(SELECT max(sent_at) FROM deliveries JOIN messages ON messages.id = message_id WHERE channel = name) "
        "FROM channels WHERE name = ?",
        [channel],
    ).fetchone()
    errors = db.execute(
        "SELECT DISTINCT error FROM deliveries JOIN messages ON messages.id = message_id "
        "WHERE channel = ? AND status != 'sent' AND error IS NOT NULL ORDER BY deliveries.id DESC LIMIT 3",
        [channel],
    ).fetchall()
    return ChannelStatus(
        channel=channel,
        unseen=unseen,
        unsent=unsent,
        waiting=counted.get("waiting", 0),
        parked=counted.get("parked", 0),
        sent=counted.get("sent", 0),
        last_sent_at=last,
        held=held,
        errors=tuple(row[0] for row in errors),
    )


def _composed(row: Any) -> Composed:
    return Composed(
        id=row["id"],
        key=row["key"],
        channel=row["channel"],
        rule=row["rule"],
        kind=row["kind"],
        composed_at=row["composed_at"],
        revision_id=row["revision_id"],
    )


def _entries(db: Database, where: str, arguments: list[object]) -> list[Entry]:
    return [_entry(db, row) for row in db.execute(_ENTRIES + where, arguments).fetchall()]


def _entry(db: Database, row: Any) -> Entry:
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
        country=row["country"] or _only(json.loads(row["countries"])),
        language=row["language"],
        categories=tuple(json.loads(row["categories"])),
        published_at=row["published_at"],
        first_seen_at=row["first_seen_at"],
        title=row["title"],
        url=row["url"],
        excerpt=_excerpt(row["text"], next((span["start"] for span in spans if span["field"] == "text"), 0)),
        words=tuple(dict.fromkeys(" ".join(span["quote"].split()) for span in spans))[:4],
        persons=tuple(
            Person(fact["value"], fact["detail"], fact["sentence"]) for fact in facts if fact["kind"] == "person"
        ),
        story=row["story"],
        text=row["text"][:MAX_TEXT],
        known=tuple(known),
    )


def _only(values: list[str]) -> str | None:
    return values[0] if len(values) == 1 else None


def _excerpt(text: str, at: int) -> str:
    """The stretch around `at`, cut between words."""
    start = max(0, at - EXCERPT // 3)
    piece = text[start : start + EXCERPT]
    if start:
        piece = "… " + piece.partition(" ")[2]
    if start + EXCERPT < len(text):
        piece = piece.rpartition(" ")[0] + " …"
    return " ".join(piece.split())
