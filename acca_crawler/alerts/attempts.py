"""One delivery attempt, and its record in the archive.

`now` is an aware time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from acca_crawler.alerts.building import build_message
from acca_crawler.alerts.channels import Sender
from acca_crawler.alerts.schedule import next_try
from acca_crawler.clock import stamp
from acca_crawler.config.alerts import Channel
from acca_crawler.config.loading import Config
from acca_crawler.exceptions import DeliveryError
from storage.alerts.deliveries import Delivery, mark_failed, mark_sent
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt failed; `retry_after` is the delay (seconds) that the receiving service asked for."""

    reason: str
    retry_after: float | None = None


def attempt(db: ArchiveDb, config: Config, channel: Channel, sender: Sender, delivery: Delivery) -> Failure | None:
    """Build the message and send it; None if the receiving service accepted it."""
    if delivery.target not in sender.targets:
        return Failure("acca.toml names this receiver no more")
    try:
        sender.send(build_message(db, config, channel, delivery.message), delivery.target)
    except DeliveryError as error:
        return Failure(str(error), error.retry_after)
    except Exception as error:  # noqa: BLE001 - one message that triggers a bug must not block the queue
        return Failure(f"could not be made: {type(error).__name__}")
    return None


def record_attempt(db: ArchiveDb, delivery: Delivery, failure: Failure | None, max_tries: int, now: datetime) -> bool:
    """Record the result of an attempt; returns whether the delivery is now parked."""
    if failure is None:
        with transaction(db):
            mark_sent(db, delivery, stamp(now))
        return False
    again = next_try(delivery.tries + 1, max_tries, now)
    if again and failure.retry_after:
        again = max(again, now + timedelta(seconds=failure.retry_after))
    with transaction(db):
        mark_failed(db, delivery, failure.reason, stamp(again) if again else None, stamp(now))
    return again is None
