"""Builds the outgoing message from a composed one in the archive, identical on every attempt."""

from __future__ import annotations

from acca_crawler.alerts.digest_note import digest_note
from acca_crawler.alerts.message import Message, redacted_reports
from acca_crawler.config.alerts import AtomChannel, Channel
from acca_crawler.config.loading import Config
from storage.alerts import entries, messages
from storage.alerts.messages import Composed
from storage.schema.kinds import ArchiveDb


def build_message(db: ArchiveDb, config: Config, channel: Channel, composed: Composed) -> Message:
    """Return the outgoing message; the revisions that it quotes never change."""
    if isinstance(channel, AtomChannel):
        chosen = entries.newest_entries(db, channel.name, channel.entries, composed.id)
    else:
        chosen = entries.entries_of(db, composed.id)
    archive = messages.archive_uuid(db)
    return Message(
        key=composed.key,
        channel=channel.name,
        kind=composed.kind,
        composed_at=composed.composed_at,
        reports=redacted_reports(chosen, channel, config.web.url, archive),
        listed=channel.listed,
        queue_url=f"{config.web.url}/queue" if config.web.url else None,
        digest=digest_note(db, config, channel, composed) if composed.kind == "digest" else None,
        language=channel.language,
    )
