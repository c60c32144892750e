"""Turns pending entries into messages: immediate ones up to the hourly limit, or one digest per slot.

`now` is an aware time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from acca_crawler.alerts.rules import route
from acca_crawler.alerts.schedule import last_slot
from acca_crawler.clock import stamp
from acca_crawler.config.alerts import AlertRule, AlertsSection, Channel
from storage.alerts import alarms, entries, messages
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

BATCH = 500
"""Entries matched against the rules per transaction."""

NEW_CHANNEL_HOURS = 24
"""A new channel gets what was found in the last day, not everything before."""


def route_new(
    db: ArchiveDb, channel: Channel, rules: Sequence[AlertRule], alerts: AlertsSection, now: datetime
) -> None:
    """Match the rules against every entry not yet routed for this channel."""
    with transaction(db):
        entries.open_channel(db, channel.name, stamp(now - timedelta(hours=NEW_CHANNEL_HOURS)), stamp(now))
    own = [rule for rule in rules if channel.name in rule.channels]
    while unrouted := entries.unrouted(db, channel.name, BATCH):
        routes = [found for entry in unrouted if (found := route(entry, own, alerts))]
        with transaction(db):
            entries.add_routes(db, channel.name, routes, unrouted[-1].id)


def compose(db: ArchiveDb, channel: Channel, rules: Sequence[AlertRule], targets: Sequence[str], now: datetime) -> None:
    """Compose the messages that are due. Not called in the channel's quiet hours: entries wait."""
    by_name = {rule.name: rule for rule in rules if channel.name in rule.channels}
    at_once = []
    for name in sorted(entries.rules_waiting(db, channel.name)):
        rule = by_name.get(name)
        if rule is None or rule.when == "now":  # entries of a deleted rule are sent at once
            at_once.append(name)
        else:
            _compose_digest(db, channel, rule, targets, now)
    if at_once:
        _compose_at_once(db, channel, at_once, targets, now)


def compose_alarms(db: ArchiveDb, channel: Channel, targets: Sequence[str], now: datetime) -> None:
    """Compose one message with the alarms that were raised or resolved since the last one."""
    with transaction(db):
        if events := alarms.unsent(db, channel.name):
            name = ", ".join(f"{alarm_id} {event}" for alarm_id, event in events)
            message_id = messages.add_message(db, channel.name, "", "alarm", name, [], targets, stamp(now))
            assert message_id is not None, "each event is sent once"
            alarms.add_notices(db, channel.name, events, message_id)


def _compose_digest(db: ArchiveDb, channel: Channel, rule: AlertRule, targets: Sequence[str], now: datetime) -> None:
    slot = stamp(last_slot(rule, channel.zone, now))
    with transaction(db):
        if waiting := entries.waiting(db, channel.name, [rule.name], slot):
            messages.add_message(db, channel.name, rule.name, "digest", slot, waiting, targets, stamp(now))


def _compose_at_once(
    db: ArchiveDb, channel: Channel, rules: Sequence[str], targets: Sequence[str], now: datetime
) -> None:
    """Compose one message per entry up to the hourly limit; the last message bundles all remaining entries."""
    at = stamp(now)
    with transaction(db):
        waiting = entries.waiting(db, channel.name, rules, at)
        room = 1  # for a feed: one message with all entries
        if channel.kind != "atom":
            room = channel.ceiling - messages.composed_since(db, channel.name, stamp(now - timedelta(hours=1)))
        alone, bundle = divided(waiting, room)
        for entry in alone:
            messages.add_message(db, channel.name, "", "report", str(entry), [entry], targets, at)
        if bundle:
            name = f"{bundle[0]} to {bundle[-1]}"
            messages.add_message(db, channel.name, "", "bundle", name, bundle, targets, at)


def divided(entries: Sequence[int], room: int) -> tuple[Sequence[int], Sequence[int]]:
    """Split entries into those that get their own message and those that share one, within `room` messages."""
    if room <= 0:
        return [], []
    if len(entries) <= room:
        return entries, []
    return entries[: room - 1], entries[room - 1 :]
