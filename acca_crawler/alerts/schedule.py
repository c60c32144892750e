"""Quiet hours of a channel and due times of its digests, in the recipients' time zone.

`now` is an aware time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from acca_crawler.config.alerts import WEEKDAYS, AlertRule, Channel

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
"""Delays after the first failed attempt, the second, and so on; the last one repeats."""


def is_quiet(channel: Channel, now: datetime) -> bool:
    """Return whether `now` (UTC) is in the channel's quiet hours."""
    if channel.quiet_hours is None:
        return False
    start, end = channel.quiet_hours
    local = now.astimezone(channel.zone).time().replace(tzinfo=None)
    return start <= local < end if start < end else local >= start or local < end


def last_slot(rule: AlertRule, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the latest time (UTC), up to `now`, at which the rule's digest was due in a time zone.

    Each local day has one slot: a time repeated by a clock change counts the first time, and a skipped time is shifted
    forward by the length of the gap.
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
    """Return when to retry after this many failed attempts, or None to park the delivery."""
    if failed_tries >= most:
        return None
    return now + PAUSES[min(failed_tries, len(PAUSES)) - 1]
