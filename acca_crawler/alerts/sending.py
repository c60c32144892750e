"""One pass over the outbox: match rules, compose what is due, deliver. It can be killed at any point and run again.

A delivery is marked as sent after the receiving service accepts it; a kill in between sends it again with the same key.
Commits are synced to the disk before anything is sent: after a power cut, other rows would get the numbers in its key.

`now` is an aware time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from acca_crawler.alerts.attempts import attempt, record_attempt
from acca_crawler.alerts.channels import Sender
from acca_crawler.alerts.compose import compose, compose_alarms, route_new
from acca_crawler.alerts.message import Message, RedactedReport, redacted_reports
from acca_crawler.alerts.schedule import is_quiet
from acca_crawler.alerts.senders import open_sender
from acca_crawler.clock import stamp
from acca_crawler.config.alerts import AtomChannel, Channel
from acca_crawler.config.loading import Config
from acca_crawler.exceptions import ChannelError, DeliveryError, SecretMissing
from storage.alerts.deliveries import due
from storage.alerts.entries import newest_entries, save_problem
from storage.alerts.messages import LAST_MESSAGE, archive_uuid
from storage.schema.database import make_durable
from storage.schema.kinds import ArchiveDb

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Pass:
    """The result of a pass on one channel. `error` is why the channel could not be used or the last attempt failed."""

    channel: str
    sent: int = 0
    failed: int = 0
    parked: int = 0
    error: str | None = None

    @property
    def complaint(self) -> str | None:
        """What went wrong, in one line that names the channel; None if nothing did."""
        if self.error is None or not self.failed:
            return self.error
        parked = f" ({self.parked} given up)" if self.parked else ""
        return f"{self.channel}: {self.failed} not sent{parked}: {self.error}"


def send_all(db: ArchiveDb, config: Config, clock: Clock) -> list[Pass]:
    """Run one pass over every channel; a failing channel does not delay the others."""
    make_durable(db)
    return [_send_channel(db, config, channel, clock) for channel in config.channel]


def _send_channel(db: ArchiveDb, config: Config, channel: Channel, clock: Clock) -> Pass:
    done = Pass(channel.name)
    route_new(db, channel, config.rule, config.alerts, clock())
    try:
        sender = open_sender(channel, config, archive_uuid(db))
    except (ChannelError, SecretMissing) as error:
        save_problem(db, channel.name, str(error), stamp(clock()))
        return replace(done, error=str(error))
    save_problem(db, channel.name, None, stamp(clock()))
    if is_quiet(channel, clock()):
        return done
    compose(db, channel, config.rule, sender.targets, clock())
    if channel.name in config.operations.channels:
        compose_alarms(db, channel, sender.targets, clock())
    for delivery in due(db, channel.name, stamp(clock())):
        failure = attempt(db, config, channel, sender, delivery)
        parked = record_attempt(db, delivery, failure, config.alerts.tries, clock())
        if failure is None:
            done = replace(done, sent=done.sent + 1)
        else:
            done = replace(done, failed=done.failed + 1, parked=done.parked + parked, error=failure.reason)
    return done


def send_test(db: ArchiveDb, config: Config, channel: Channel, now: datetime) -> Mapping[str, str | None]:
    """Send a test to every target of a channel, ignoring rules and quiet hours; return each target's error, or None.

    For feeds, it rewrites the files with their current contents. Raises `ChannelError`, `SecretMissing`.
    """
    archive = archive_uuid(db)
    sender = open_sender(channel, config, archive)
    reports: tuple[RedactedReport, ...] = ()
    if isinstance(channel, AtomChannel):
        entries = newest_entries(db, channel.name, channel.entries, LAST_MESSAGE)
        reports = redacted_reports(entries, channel, config.web.url, archive)
    message = Message(
        str(uuid4()), channel.name, "test", stamp(now), reports, channel.listed, None, language=channel.language
    )
    return {target: _error_of(sender, message, target) for target in sender.targets}


def _error_of(sender: Sender, message: Message, target: str) -> str | None:
    try:
        sender.send(message, target)
    except DeliveryError as error:
        return str(error)
    return None
