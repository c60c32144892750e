"""When a channel may be written to, on its receivers' own clock; and when its digests are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from acca_crawler.config.alerts import WEEKDAYS, AlertRule, Channel

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
"""After the first failed try, the second, and so on; then the last for good."""


def is_quiet(channel: Channel, now: datetime) -> bool:
    """Whether the channel's receivers are not to be written to at this moment (UTC)."""
    if channel.quiet_hours is None:
        return False
    start, end = channel.quiet_hours
    local = now.astimezone(channel.zone).time().replace(tzinfo=None)
    return start <= local < end if start < end else local >= start or local < end


def last_slot(rule: AlertRule, zone: ZoneInfo, now: datetime) -> datetime:
    """The last moment (UTC) until now for which the rule's digest was due in a time zone.

    There is one slot for each local day: an hour that a change of clocks repeats counts the first time, and one that
    it leaves out is taken as that much after the hour before.
    """
    today = now.astimezone(zone).date()
    for back in range(9):
        day = today - timedelta(days=back)
        if rule.when == "weekly" and WEEKDAYS[day.weekday()] != rule.day:
            continue
        moment = datetime.combine(day, rule.time, zone).astimezone(UTC)
        if moment <= now:
            return moment
    raise AssertionError("nine days hold every weekday")


def next_try(failed_tries: int, most: int, now: datetime) -> datetime | None:
    """When to try again after this many failed tries, or None where it is time to park."""
    if failed_tries >= most:
        return None
    return now + PAUSES[min(failed_tries, len(PAUSES)) - 1]
