"""The one place that asks what time it is, and the one form that times have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """The current time, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """`2026-11-22T06:30:00Z`: UTC, whole seconds; sorts as text in the order of time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def precise_stamp(moment: datetime) -> str:
    """`2026-11-22T06:30:00.123Z`: as `stamp`, with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def utc_stamp() -> str:
    """The current time as a stamp."""
    return stamp(now())


def parse_stamp(text: str) -> datetime:
    """A stamp, or a plain day (taken as its first moment in UTC), as a datetime. Raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def earlier(text: str, **by: float) -> str:
    """The stamp that lies `by` (as for `timedelta`) before the given one."""
    return stamp(parse_stamp(text) - timedelta(**by))
