"""Parse relative dates: "Сегодня, 14:05", "2 soat oldin", "yesterday"; the words are in `relative_dates.toml`.

Pure: the capture time is a parameter.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from acca_crawler.clock import parse_stamp, stamp
from acca_crawler.items import Certainty, Dated
from acca_crawler.text.word_lists import any_of, read_word_lists

_any = partial(any_of, read_word_lists(__file__, "relative_dates.toml"))

_AGO = _any("ago")
_ABOUT = _any("about")
_HALF_HOUR = re.compile(rf"\b(?:{_any('half_an_hour')})\b", re.IGNORECASE)
_LABEL = re.compile(rf"^\W*(?:{_any('label')})\W+", re.IGNORECASE)
_BACK = {
    days: re.compile(rf"^\W*(?:{_any(group)})(?!\w)", re.IGNORECASE)
    for days, group in enumerate(("today", "yesterday", "day_before_yesterday"))
}
_JUST_NOW = re.compile(rf"^\W*(?:{_any('now')})(?!\w)", re.IGNORECASE)
_COUNTED = {
    unit: re.compile(rf"^\W*(?:(?:{_ABOUT}) )?(\d{{1,3}})\s*(?:{_any(unit)})\.?\s+(?:{_AGO})(?!\w)", re.IGNORECASE)
    for unit in ("seconds", "minutes", "hours", "days", "weeks")
}
_SINGLE = {
    unit: re.compile(rf"^\W*(?:{_any(group)})\s+(?:{_AGO})(?!\w)", re.IGNORECASE)
    for unit, group in (("hours", "an_hour"), ("minutes", "a_minute"), ("days", "a_day"), ("weeks", "a_week"))
}
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:.]([0-5]\d)(?!\d)(?:\s?([ap])\.?\s?m\b)?", re.IGNORECASE)


class ClockTimes:
    """Reads a list's times without a day ("14:05"), newest first: each is the last such time before the one above."""

    def __init__(self, now: datetime, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)
        self._latest = now.astimezone(self._zone) + AHEAD

    def read(self, text: str) -> str | None:
        """Return a time as a UTC timestamp; None if the text is not just a time of day."""
        match = _CLOCK.fullmatch(text.strip())
        if match is None:
            return None
        moment = datetime.combine(self._latest.date(), _time_of(match), self._zone)
        if moment > self._latest:
            moment -= timedelta(days=1)
        self._latest = moment
        return stamp(moment)


AHEAD = timedelta(minutes=15)
"""Tolerance for a site's clock running ahead of ours; later times are not in the past of a capture."""


def relative_dated(text: str, fetched_at: str | None, timezone: str | None, certainty: Certainty) -> Dated | None:
    """Resolve a relative date on a page captured at `fetched_at` (UTC); None if it is not one.

    Without the capture time the result is None: today's clock would make up a date. If the outlet's zone is unknown,
    only offsets in hours or less give a correct time.
    """
    if fetched_at is None:
        return None
    captured = parse_stamp(fetched_at)
    value = relative_date(text, captured, timezone or "UTC")
    if value is None or ("T" in value and value > stamp(captured + AHEAD)):
        return None
    return Dated(value, "relative", certainty if timezone else "low")


def is_bare_today(text: str) -> bool:
    """Whether a text is "today" without a time, as calendars on a page print it too."""
    line = " ".join(text.split())
    match = _BACK[0].match(line)
    return match is not None and _CLOCK.search(line, match.end()) is None


def relative_date(text: str, now: datetime, timezone: str) -> str | None:
    """Resolve a relative date; None if the text is not one.

    `now` (aware) is when the page was fetched, `timezone` the outlet's: "today" ends at its midnight. A day with a
    time, and an offset in hours or less, gives a UTC timestamp; an offset in days or weeks gives the plain day
    (`2026-11-21`).
    """
    line = _HALF_HOUR.sub("30 minutes", _LABEL.sub("", " ".join(text.split())))
    here = now.astimezone(ZoneInfo(timezone))
    for days, pattern in _BACK.items():
        if match := pattern.match(line):
            return _on_day(here - timedelta(days=days), line[match.end() :], timezone)
    if _JUST_NOW.match(line):
        return stamp(here)
    for unit, pattern in (*_COUNTED.items(), *_SINGLE.items()):
        if match := pattern.match(line):
            count = int(match[1]) if pattern.groups else 1
            then = here - timedelta(**{unit: count})
            return then.date().isoformat() if unit in ("days", "weeks") else stamp(then)
    return None


def _on_day(day: datetime, rest: str, timezone: str) -> str:
    clock = _CLOCK.search(rest)
    if clock is None:
        return day.date().isoformat()
    return stamp(datetime.combine(day.date(), _time_of(clock), ZoneInfo(timezone)))


def _time_of(clock: re.Match[str]) -> time:
    hour = int(clock[1])
    if clock[3] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if clock[3].lower() == "p" else 0)
    return time(hour, int(clock[2]))
