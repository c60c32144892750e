"""The only module that reads the clock and formats times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Format a time as `2026-11-22T06:30:00Z`: UTC, whole seconds; sorting as text sorts by time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def precise_stamp(moment: datetime) -> str:
    """Format a time as `2026-11-22T06:30:00.123Z`: in UTC, with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def exact_stamp() -> str:
    """Return the current time as a stamp with microseconds, for times that are compared with each other only."""
    return now().isoformat(timespec="microseconds").replace("+00:00", "Z")


def utc_stamp() -> str:
    """Return the current time as a stamp."""
    return stamp(now())


def parse_stamp(text: str) -> datetime:
    """Parse a stamp, or a plain day (its midnight in UTC). Raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def is_day(text: str) -> bool:
    """Return whether a text is a day in the one form that sorts with our times, such as 2026-11-22."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def earlier(text: str, **by: float) -> str:
    """Return the stamp `by` (arguments of `timedelta`) before the given one."""
    return stamp(parse_stamp(text) - timedelta(**by))
