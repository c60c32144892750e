"""The state of each channel, for `acca status`.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.schema.kinds import ArchiveDb

MANY_TRIES = 5
"""Failed tries of one delivery, over 81 minutes at least, after which its receiver is not just busy."""


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """The state of a channel.

    `unseen` entries have not been put to the rules yet, `unsent` ones wait for their message, `held` ones (counted by
    reason) are never sent. The other fields count deliveries; `errors` are those of waiting or parked deliveries, and
    `failing_since` is when the oldest message was made that `MANY_TRIES` tries have not delivered. `problem` is why the
    channel could not be used at the last try.
    """

    channel: str
    unseen: int
    unsent: int
    waiting: int
    parked: int
    parked_since: str | None
    sent: int
    last_sent_at: str | None
    held: dict[str, int]
    errors: tuple[str, ...]
    failing_since: str | None
    problem: str | None
    problem_since: str | None


def channel_statuses(db: ArchiveDb) -> list[ChannelStatus]:
    """Return every channel that was ever sent to, by name."""
    names = [row[0] for row in db.execute("SELECT name FROM channels ORDER BY name").fetchall()]
    return [_channel_status(db, name) for name in names]


def _channel_status(db: ArchiveDb, channel: str) -> ChannelStatus:
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
    unseen, unsent, last, parked_since, failing_since, problem, problem_since = db.execute(
        "SELECT (SELECT count(*) FROM outbox WHERE id > entry_id), "
        "(SELECT count(*) FROM routes WHERE channel = name AND message_id IS NULL AND held IS NULL), "
        "(SELECT max(sent_at) FROM deliveries JOIN messages ON messages.id = message_id WHERE channel = name), "
        "(SELECT min(next_try_at) FROM deliveries JOIN messages ON messages.id = message_id "
        " WHERE channel = name AND status = 'parked'), "
        "(SELECT min(composed_at) FROM deliveries JOIN messages ON messages.id = message_id "
        " WHERE channel = name AND status = 'waiting' AND tries >= ?), problem, problem_since "
        "FROM channels WHERE name = ?",
        [MANY_TRIES, channel],
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
        parked_since=parked_since,
        sent=counted.get("sent", 0),
        last_sent_at=last,
        held=held,
        errors=tuple(row[0] for row in errors),
        failing_since=failing_since,
        problem=problem,
        problem_since=problem_since,
    )
