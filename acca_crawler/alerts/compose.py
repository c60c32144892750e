"""From entries that wait to messages: at once under the ceiling, or one digest for each slot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from acca_crawler.alerts.rules import route
from acca_crawler.alerts.schedule import is_quiet, last_slot
from acca_crawler.clock import stamp
from acca_crawler.config.alerts import AlertRule, AlertsSection, Channel
from storage.alerts import entries, messages
from storage.schema.database import transaction

BATCH = 500
"""Entries for which the rules are asked in one transaction."""

NEW_CHANNEL_HOURS = 24
"""A channel that was not known before is told of what was found in the last day, not of all the past."""


def route_new(db: Database, channel: Channel, rules: Sequence[AlertRule], alerts: AlertsSection, now: datetime) -> None:
    """Ask the rules about every entry that they were not asked about yet for this channel."""
    with transaction(db):
        entries.open_channel(db, channel.name, stamp(now - timedelta(hours=NEW_CHANNEL_HOURS)), stamp(now))
    own = [rule for rule in rules if channel.name in rule.channels]
    while unrouted := entries.unrouted(db, channel.name, BATCH):
        routes = [found for entry in unrouted if (found := route(entry, own, alerts))]
        with transaction(db):
            entries.add_routes(db, channel.name, routes, unrouted[-1].id)


def compose(db: Database, channel: Channel, rules: Sequence[AlertRule], targets: Sequence[str], now: datetime) -> None:
    """Make the messages that are due. Nothing is made in the channel's quiet hours; what waits then goes after them."""
    if is_quiet(channel, now):
        return
    by_name = {rule.name: rule for rule in rules if channel.name in rule.channels}
    at_once = []
    for name in sorted(entries.rules_waiting(db, channel.name)):
        rule = by_name.get(name)
        if rule is None or rule.when == "now":  # what a rule that is gone had promised is kept, at once
            at_once.append(name)
        else:
            _compose_digest(db, channel, rule, targets, now)
    if at_once:
        _compose_at_once(db, channel, at_once, targets, now)


def _compose_digest(db: Database, channel: Channel, rule: AlertRule, targets: Sequence[str], now: datetime) -> None:
    slot = stamp(last_slot(rule, channel.zone, now))
    with transaction(db):
        if waiting := entries.waiting(db, channel.name, [rule.name], slot):
            messages.add_message(db, channel.name, rule.name, "digest", slot, waiting, targets, stamp(now))


def _compose_at_once(
    db: Database, channel: Channel, rules: Sequence[str], targets: Sequence[str], now: datetime
) -> None:
    """A message for each entry while the hour has room; the last place takes all the others in one bundle."""
    at = stamp(now)
    with transaction(db):
        waiting = entries.waiting(db, channel.name, rules, at)
        room = 1  # for a feed: one message, in which all are
        if channel.kind != "atom":
            room = channel.ceiling - messages.composed_since(db, channel.name, stamp(now - timedelta(hours=1)))
        alone, bundle = divided(waiting, room)
        for entry in alone:
            messages.add_message(db, channel.name, "", "report", str(entry), [entry], targets, at)
        if bundle:
            name = f"{bundle[0]} to {bundle[-1]}"
            messages.add_message(db, channel.name, "", "bundle", name, bundle, targets, at)


def divided(entries: Sequence[int], room: int) -> tuple[Sequence[int], Sequence[int]]:
    """Which entries get a message of their own and which share one, when there is room for this many messages."""
    if room <= 0:
        return [], []
    if len(entries) <= room:
        return entries, []
    return entries[: room - 1], entries[room - 1 :]
