"""Messages: entries bundled for a channel, each with a key that never changes; and what earlier digests contained.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID, uuid5

from storage.alerts.entries import MAX_TEXT, Entry, entries_where
from storage.schema.kinds import ArchiveDb

MessageKind = Literal["report", "bundle", "digest", "alarm"]

LAST_MESSAGE = 2**63 - 1
"""Greater than any message's number."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A message as composed. `key` is the same on every attempt, and after a restore from a backup.

    `revision_id` is the newest revision in the archive at that time.
    """

    id: int
    key: str
    channel: str
    rule: str
    kind: MessageKind
    composed_at: str
    revision_id: int


@dataclass(frozen=True, slots=True)
class Revised:
    """A revision of a report since the last digest that contained it; `text` as in `Entry`."""

    article_id: int
    title: str
    text: str
    change: str


def archive_uuid(db: ArchiveDb) -> UUID:
    """Return the UUID that identifies this archive; backups keep it."""
    return UUID(db.execute("SELECT uuid FROM archive_identity").fetchone()[0])


def composed_since(db: ArchiveDb, channel: str, since: str) -> int:
    """Count the reports and bundles composed for a channel after `since`; digests and alarms don't count."""
    row = db.execute(
        "SELECT count(*) FROM messages WHERE channel = ? AND composed_at > ? AND kind IN ('report', 'bundle')",
        [channel, since],
    ).fetchone()
    return int(row[0])


def add_message(
    db: ArchiveDb, channel: str, rule: str, kind: MessageKind, name: str, entries: Sequence[int],
    targets: Sequence[str], at: str,
) -> int | None:  # fmt: skip
    """Bundle entries into a message to these targets, inside the caller's transaction. Returns the message's number.

    `name` is unique within the channel; the key is derived from it. Returns None, and does nothing, if a message with
    that name exists.
    """
    key = str(uuid5(archive_uuid(db), f"{channel}\n{kind}\n{rule}\n{name}"))
    cursor = db.execute(
        "INSERT OR IGNORE INTO messages (key, channel, rule, kind, composed_at, revision_id) "
        "SELECT ?, ?, ?, ?, ?, coalesce(max(id), 0) FROM revisions",
        [key, channel, rule, kind, at],
    )
    if not cursor.rowcount:
        return None
    message_id = cursor.lastrowid
    for entry in entries:
        db.execute("UPDATE routes SET message_id = ? WHERE channel = ? AND entry_id = ?", [message_id, channel, entry])
    for target in targets:
        db.execute(
            "INSERT INTO deliveries (message_id, target, status, next_try_at) VALUES (?, ?, 'waiting', ?)",
            [message_id, target, at],
        )
    return message_id


def previous_digest(db: ArchiveDb, digest: Composed) -> Composed | None:
    """Return the previous digest by the same rule, or None."""
    row = db.execute(
        "SELECT * FROM messages WHERE channel = ? AND rule = ? AND kind = 'digest' AND id < ? ORDER BY id DESC LIMIT 1",
        [digest.channel, digest.rule, digest.id],
    ).fetchone()
    return composed_from(row) if row else None


def stories_sent(db: ArchiveDb, digest: Composed) -> frozenset[int]:
    """Return the stories in earlier digests by the same rule."""
    rows = db.execute(
        "SELECT DISTINCT coalesce(story_id, outbox.article_id) FROM messages "
        "JOIN routes ON routes.message_id = messages.id "
        "JOIN outbox ON outbox.id = entry_id "
        "LEFT JOIN story_members ON story_members.article_id = outbox.article_id "
        "WHERE messages.channel = ? AND messages.rule = ? AND messages.kind = 'digest' AND messages.id < ?",
        [digest.channel, digest.rule, digest.id],
    )
    return frozenset(row[0] for row in rows.fetchall())


def sent_before(db: ArchiveDb, digest: Composed, stories: Sequence[int]) -> dict[int, Entry]:
    """Return these stories as earlier digests by the same rule reported them: the newest entry of each."""
    found = entries_where(
        db,
        "JOIN routes ON routes.entry_id = outbox.id JOIN messages ON messages.id = message_id "
        "WHERE messages.channel = ? AND messages.rule = ? AND messages.kind = 'digest' AND messages.id < ? "
        f"AND coalesce(story_members.story_id, outbox.article_id) IN ({', '.join('?' * len(stories))}) "
        "ORDER BY outbox.id",
        [digest.channel, digest.rule, digest.id, *stories],
    )
    return {entry.story: entry for entry in found}


def revised_between(db: ArchiveDb, earlier: Composed, later: Composed) -> list[Revised]:
    """Return the revisions of a digest's reports until a later digest; only the last revision of each."""
    rows = db.execute(
        f"SELECT article_id, title, substr(text, 1, {MAX_TEXT}) AS text, change FROM revisions WHERE id IN ("
        "SELECT max(revisions.id) FROM revisions WHERE revisions.id > ? AND revisions.id <= ? AND article_id IN ("
        "SELECT article_id FROM routes JOIN outbox ON outbox.id = entry_id WHERE message_id = ?) "
        "GROUP BY article_id) ORDER BY id",
        [earlier.revision_id, later.revision_id, earlier.id],
    )
    return [Revised(*row) for row in rows.fetchall()]


def composed_from(row: Any) -> Composed:
    """Build a message from a row of `messages`."""
    return Composed(
        id=row["id"],
        key=row["key"],
        channel=row["channel"],
        rule=row["rule"],
        kind=row["kind"],
        composed_at=row["composed_at"],
        revision_id=row["revision_id"],
    )
