"""One pass over the outbox: ask the rules, compose what is due, deliver. It may be killed anywhere and run again.

A delivery is noted as sent after the other side took it, so a kill in between sends it once more under the same key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlite_utils import Database

from acca_crawler.alerts.atom import AtomFeeds
from acca_crawler.alerts.channels import ChannelError, DeliveryError, Sender
from acca_crawler.alerts.compose import compose, route_new
from acca_crawler.alerts.decisions import decided_between, reviewed, standing_at
from acca_crawler.alerts.mail import MailSender
from acca_crawler.alerts.message import (
    Decided,
    DigestChange,
    DigestNote,
    Message,
    Report,
    redacted_reports,
    revised_title,
)
from acca_crawler.alerts.schedule import is_quiet, next_try
from acca_crawler.alerts.secrets import SecretMissing, read_secret
from acca_crawler.alerts.webhook import WebhookSender
from acca_crawler.clock import stamp
from acca_crawler.config.alerts import AppriseChannel, AtomChannel, Channel, EmailChannel
from acca_crawler.config.loading import Config
from storage.alerts import outbox
from storage.alerts.outbox import Composed, Delivery, Entry
from storage.schema.database import transaction

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass did on one channel. `error` says why the channel could not be used, or the last try failed."""

    channel: str
    sent: int = 0
    failed: int = 0
    parked: int = 0
    error: str | None = None


def open_sender(channel: Channel, config: Config, archive: UUID) -> Sender:
    """The channel, opened with its secrets. Raises `ChannelError`, `SecretMissing`."""
    owner, base = f"channel {channel.name}", config.base_directory
    if isinstance(channel, EmailChannel):
        return MailSender(channel, read_secret(owner, channel.password_env, channel.password_file, base))
    if isinstance(channel, AppriseChannel):
        from acca_crawler.alerts.apprise import AppriseSender  # takes most of a second to import

        return AppriseSender(channel, read_secret(owner, channel.urls_env, channel.urls_file, base))
    if isinstance(channel, AtomChannel):
        return AtomFeeds(channel, base / channel.directory, archive)
    return WebhookSender(channel, read_secret(owner, channel.secret_env, channel.secret_file, base))


def send_all(db: Database, config: Config, clock: Clock) -> list[Pass]:
    """One pass over every channel; one that fails does not keep another waiting."""
    return [_send_channel(db, config, channel, clock) for channel in config.channel]


def _send_channel(db: Database, config: Config, channel: Channel, clock: Clock) -> Pass:
    route_new(db, channel, config.rule, config.alerts, clock())
    try:
        sender = open_sender(channel, config, outbox.archive_uuid(db))
    except (ChannelError, SecretMissing) as error:
        return Pass(channel.name, error=str(error))
    compose(db, channel, config.rule, sender.targets, clock())
    if is_quiet(channel, clock()):
        return Pass(channel.name)
    sent = failed = parked = 0
    last_error = None
    for delivery in outbox.due(db, channel.name, stamp(clock())):
        error_text, is_parked = _deliver(db, config, channel, sender, delivery, clock)
        sent += error_text is None
        failed += error_text is not None
        parked += is_parked
        last_error = error_text or last_error
    return Pass(channel.name, sent, failed, parked, last_error)


def _deliver(
    db: Database, config: Config, channel: Channel, sender: Sender, delivery: Delivery, clock: Clock
) -> tuple[str | None, bool]:
    """Try a delivery and note how it ended: the error, and whether it is parked now."""
    retry_after: float | None = None
    try:
        if delivery.target not in sender.targets:
            raise DeliveryError("acca.toml names this receiver no more")
        sender.send(build(db, config, channel, delivery.message), delivery.target)
        reason = None
    except DeliveryError as error:
        reason, retry_after = str(error), error.retry_after
    except Exception as error:  # noqa: BLE001 - a message that trips our own code must not stop all behind it
        reason = f"could not be made: {type(error).__name__}"
    now = clock()
    with transaction(db):
        if reason is None:
            outbox.mark_sent(db, delivery, stamp(now))
            return None, False
        again = next_try(delivery.tries + 1, config.alerts.tries, now)
        if again and retry_after:
            again = max(again, now + timedelta(seconds=retry_after))
        outbox.mark_failed(db, delivery, reason, stamp(again) if again else None, stamp(now))
    return reason, again is None


def build(db: Database, config: Config, channel: Channel, composed: Composed) -> Message:
    """The message as it goes out: from revisions that never change, so the same on every try."""
    if isinstance(channel, AtomChannel):
        entries = outbox.newest_entries(db, channel.name, channel.entries, composed.id)
    else:
        entries = outbox.entries_of(db, composed.id)
    archive = outbox.archive_uuid(db)
    return Message(
        key=composed.key,
        channel=channel.name,
        kind=composed.kind,
        composed_at=composed.composed_at,
        reports=redacted_reports(entries, channel, config.web.url, archive),
        listed=channel.listed,
        queue_url=f"{config.web.url}/queue" if config.web.url else None,
        digest=_digest_note(db, config, channel, composed) if composed.kind == "digest" else None,
        language=channel.language,
    )


def _digest_note(db: Database, config: Config, channel: Channel, digest: Composed) -> DigestNote:
    before = outbox.previous_digest(db, digest)
    own = frozenset(entry.story for entry in outbox.entries_of(db, digest.id))
    second = config.web.second_reviewer
    with reviewed(config) as people:
        standing = standing_at(people, own, digest.composed_at, second)
        if before is None:
            return DigestNote(digest.rule, channel.timezone, None, frozenset(), (), standing)
        stories = outbox.stories_told(db, digest)
        changed = decided_between(people, stories - own, before.composed_at, digest.composed_at, second)
    earlier = outbox.told_before(db, digest, [story for story, _ in changed])
    entries = outbox.entries_of(db, before.id)
    changes = tuple(
        DigestChange(
            revised_title(revised.title, revised.text, _of_article(entries, revised.article_id), channel),
            revised.change,
            _review_url(config, revised.article_id),
        )
        for revised in outbox.revised_between(db, before, digest)
    )
    decided = tuple(
        Decided(
            story, revised_title(earlier[story].title, earlier[story].text, [earlier[story]], channel), status,
            _review_url(config, earlier[story].article_id),
        )
        for story, status in changed
    )  # fmt: skip
    return DigestNote(digest.rule, channel.timezone, before.composed_at, stories, changes, standing, decided)


def _review_url(config: Config, article_id: int) -> str | None:
    return f"{config.web.url}/reports/{article_id}" if config.web.url else None


def _of_article(entries: Sequence[Entry], article_id: int) -> list[Entry]:
    return [entry for entry in entries if entry.article_id == article_id]


def send_test(db: Database, config: Config, channel: Channel, now: datetime) -> Mapping[str, str | None]:
    """Send a test to every target of a channel, whatever its rules and quiet hours; the error of each, or None.

    Of feeds it writes the files anew with what they hold. Raises `ChannelError`, `SecretMissing`.
    """
    archive = outbox.archive_uuid(db)
    sender = open_sender(channel, config, archive)
    reports: tuple[Report, ...] = ()
    if isinstance(channel, AtomChannel):
        entries = outbox.newest_entries(db, channel.name, channel.entries, outbox.LAST_MESSAGE)
        reports = redacted_reports(entries, channel, config.web.url, archive)
    message = Message(
        str(uuid4()), channel.name, "test", stamp(now), reports, channel.listed, None, language=channel.language
    )
    found: dict[str, str | None] = {}
    for target in sender.targets:
        try:
            sender.send(message, target)
            found[target] = None
        except DeliveryError as error:
            found[target] = str(error)
    return found
