"""Builds the outgoing message from a composed one in the archive, identical on every attempt."""

from __future__ import annotations

from acca_crawler.alerts.digest_note import digest_note
from acca_crawler.alerts.message import Message, OperatorNotice, one_line, redacted_reports
from acca_crawler.config.alerts import AtomChannel, Channel
from acca_crawler.config.loading import Config
from acca_crawler.i18n import alarm_texts
from acca_crawler.i18n.catalogue import language
from storage.alerts import alarms, entries, messages
from storage.alerts.messages import Composed
from storage.schema.kinds import ArchiveDb


def build_message(db: ArchiveDb, config: Config, channel: Channel, composed: Composed) -> Message:
    """Return the outgoing message; the revisions that it quotes never change."""
    if isinstance(channel, AtomChannel):
        chosen = entries.newest_entries(db, channel.name, channel.entries, composed.id)
    else:
        chosen = entries.entries_of(db, composed.id)
    archive = messages.archive_uuid(db)
    changed = [entry.id for entry in chosen if entry.kind in ("edited", "softened")]
    edits = entries.edits_of(db, changed) if changed else {}
    return Message(
        key=composed.key,
        channel=channel.name,
        kind=composed.kind,
        composed_at=composed.composed_at,
        reports=redacted_reports(chosen, channel, config.web.url, archive, edits),
        listed=channel.listed,
        queue_url=f"{config.web.url}/queue" if config.web.url else None,
        digest=digest_note(db, config, channel, composed) if composed.kind == "digest" else None,
        language=channel.language,
        alarms=_alarms(db, channel, composed) if composed.kind == "alarm" else (),
    )


def _alarms(db: ArchiveDb, channel: Channel, composed: Composed) -> tuple[OperatorNotice, ...]:
    say = language(channel.language)
    return tuple(
        OperatorNotice(
            notice.event, notice.alarm.kind, notice.alarm.subject, one_line(alarm_texts.what(notice.alarm, say)),
            alarm_texts.advice(notice.alarm, say), notice.alarm.since,
        )
        for notice in alarms.notices_of(db, composed.id)
    )  # fmt: skip
