"""One pass over the outbox: ask the rules, compose what is due, deliver. It may be killed anywhere and run again.

A delivery is noted as sent after the other side took it, so a kill in between sends it once more under the same key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from sqlite_utils import Database

from acca_crawler.alerts.attempts import attempt, record_attempt
from acca_crawler.alerts.channels import Sender
from acca_crawler.alerts.compose import compose, route_new
from acca_crawler.alerts.message import Message, Report, redacted_reports
from acca_crawler.alerts.schedule import is_quiet
from acca_crawler.alerts.senders import open_sender
from acca_crawler.clock import stamp
from acca_crawler.config.alerts import AtomChannel, Channel
from acca_crawler.config.loading import Config
from acca_crawler.exceptions import ChannelError, DeliveryError, SecretMissing
from storage.alerts.deliveries import due
from storage.alerts.entries import newest_entries
from storage.alerts.messages import LAST_MESSAGE, archive_uuid

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass did on one channel. `error` says why the channel could not be used, or the last try failed."""

    channel: str
    sent: int = 0
    failed: int = 0
    parked: int = 0
    error: str | None = None

    def after(self, error: str | None, parked: bool) -> Pass:
        """The pass with one more delivery in it."""
        if error is None:
            return replace(self, sent=self.sent + 1)
        return replace(self, failed=self.failed + 1, parked=self.parked + parked, error=error)


def send_all(db: Database, config: Config, clock: Clock) -> list[Pass]:
    """One pass over every channel; one that fails does not keep another waiting."""
    return [_send_channel(db, config, channel, clock) for channel in config.channel]


def _send_channel(db: Database, config: Config, channel: Channel, clock: Clock) -> Pass:
    route_new(db, channel, config.rule, config.alerts, clock())
    try:
        sender = open_sender(channel, config, archive_uuid(db))
    except (ChannelError, SecretMissing) as error:
        return Pass(channel.name, error=str(error))
    compose(db, channel, config.rule, sender.targets, clock())
    done = Pass(channel.name)
    if is_quiet(channel, clock()):
        return done
    for delivery in due(db, channel.name, stamp(clock())):
        failure = attempt(db, config, channel, sender, delivery)
        parked = record_attempt(db, delivery, failure, config.alerts.tries, clock())
        done = done.after(failure.reason if failure else None, parked)
    return done


def send_test(db: Database, config: Config, channel: Channel, now: datetime) -> Mapping[str, str | None]:
    """Send a test to every target of a channel, whatever its rules and quiet hours; the error of each, or None.

    Of feeds it writes the files anew with what they hold. Raises `ChannelError`, `SecretMissing`.
    """
    archive = archive_uuid(db)
    sender = open_sender(channel, config, archive)
    reports: tuple[Report, ...] = ()
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
