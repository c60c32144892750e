"""Parser of absolute dates for pages, feeds, sitemaps, REST APIs and WARC records.

Values are UTC (`2024-04-28T07:00:00Z`), or the plain day if only the day is known (`2022-08-20`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from datetime import timezone as fixed_zone
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from acca_crawler.clock import now, parse_stamp, stamp
from acca_crawler.exceptions import OutletError
from acca_crawler.text.word_lists import any_of, read_word_lists

EARLIEST = date(1991, 1, 1)
"""No news site is older. Earlier dates are database zeros, counters or ids."""

AHEAD = timedelta(hours=1)
"""Tolerance for a site's clock running ahead of ours: a later time is wrong."""

WIDEST = timedelta(hours=14)
"""Largest offset from UTC. Within it, a time "in the future" is a local time without its zone: the day is right."""

MAX_LENGTH = 100
"""Maximum characters parsed; a date element has fewer."""

_LANGUAGES = read_word_lists(__file__, "months.toml")
_MONTH_GROUPS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

MONTHS = tuple(any_of(_LANGUAGES, month) for month in _MONTH_GROUPS)
"""Patterns of month names and short forms, January first, in English and the seven languages of the region."""

_MONTH_NAMES = tuple(re.compile(names, re.IGNORECASE) for names in MONTHS)

BETWEEN = re.compile(any_of(_LANGUAGES, "between"), re.IGNORECASE)
"""Ordinal endings and words for "year" that may separate a day or a year from its month."""

ZONES = {
    "UTC": 0, "GMT": 0, "UT": 0, "Z": 0, "WET": 0, "BST": 1, "CET": 1, "MEZ": 1, "WEST": 1, "CEST": 2, "MESZ": 2,
    "EET": 2, "EEST": 3, "TRT": 3, "MSK": 3, "MSD": 4, "GET": 4, "AZT": 4, "SAMT": 4, "AFT": 4.5, "QYZT": 5,
    "UZT": 5, "TJT": 5, "TMT": 5, "PKT": 5, "YEKT": 5, "AQTT": 5, "ORAT": 5, "ALMT": 5, "KGT": 6, "OMST": 6, "NOVT": 7,
    "KRAT": 7, "МСК": 3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""UTC offsets in hours by abbreviation. ALMT was +6 until Kazakhstan's change of 1 March 2024."""

ALMATY_CHANGED = date(2024, 3, 1)

_CLOCK = re.compile(
    r"(?:(?<=\d)T|(?<![\d.:+/-])|(?<=\d-))\s?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?![\d:])"
    r"(?:\s?([ap])\.?\s?m\b\.?|\s(дня|вечера|утра|ночи)\b)?"
    r"(?P<zone>\s?\(?(?:UTC|GMT)?\s?[+-]\d{1,2}:?(?:\d{2})?(?![\d.:/])|\s?z\b|\s?\(?(?:(?-i:[A-Z]{2,5})|МСК)\b)?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})T?(?:(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?([-/.|])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<![\d.])(\d{1,2})\s?([./|-])\s?(\d{1,2})\s?\2(?:\s?(\d{4})|(\d{2}))(?![\d.]\d|\d)")
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?$")
_DOTTED_CLOCK = re.compile(r"(?<=\d{4}) (?:в |at |,? ?)?(\d{1,2})\.(\d{2})(?![\d.])")
_MICROSOFT = re.compile(r"/Date\((\d{10})\d{3}(?:[+-]\d{4})?\)/")
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Soft hyphens, direction marks and blanks without width, which word processors leave in dates."""
_DASH = re.compile(r"[\u2010-\u2015\u2212]")
_LOST_PLUS = re.compile(r"(?<=\d) (?=\d{2}:?\d{2}$)")
"""Between an ISO time and its zone: a "+" that was decoded as in an address."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A parsed date: `value` as stored; `zoned` is False if a time had no zone.

    `doubtful` means the time was in the future, so only its day was kept; `offset` is that of its zone ("+09:00").
    """

    value: str
    zoned: bool = True
    doubtful: bool = False
    offset: str = ""


def read_moment(text: str | None, timezone: str | None = None, seen_at: str | None = None) -> Moment | None:
    """Parse an absolute date; None if there is none, or only an implausible one.

    Supports ISO 8601 and its loose forms, RFC 2822 in English and Russian, day-first numbers, months in words, 12-hour
    clocks (`p.m.`, `вечера`), zones by offset or name, and seconds or milliseconds since 1970 (`/Date(…)/` too). A time
    without a zone is in the outlet's `timezone` (an IANA name); without that UTC is assumed and `zoned` is False. A
    time in a zone with an unknown name is ignored. `seen_at` (UTC) is when the text was fetched; dates after it, or
    without it after the present time, are rejected.

    Raises `OutletError` for a `timezone` that does not exist.
    """
    if not text:
        return None
    line = _DASH.sub("-", _UNSEEN.sub("", " ".join(text.split())[:MAX_LENGTH]))
    if not _DIGIT.search(line):
        return None
    if "%3" in line:
        line = unquote(line)
    if _ISO.match(line) and line.count(":") == 3:
        line = _LOST_PLUS.sub("+", line)
    latest = (parse_stamp(seen_at) if seen_at else now()) + AHEAD
    try:
        return _read(line, timezone, latest)
    except (OverflowError, ValueError):  # no such day; or the first or last day of the calendar, shifted by a zone
        return None


def read_stamp(text: str | None) -> str:
    """Parse the time of a fetch and return its stamp (UTC), midnight for a plain day; empty if it is not a date."""
    moment = read_moment(text)
    return stamp(parse_stamp(moment.value)) if moment else ""


def _read(line: str, timezone: str | None, latest: datetime) -> Moment | None:
    if re.fullmatch(r"\d{10}(?:\d{3})?(?:\.\d+)?", line):
        return _bounded(datetime.fromtimestamp(int(line.partition(".")[0][:10]), UTC), True, latest)
    if match := _MICROSOFT.fullmatch(line):
        return _bounded(datetime.fromtimestamp(int(match[1]), UTC), True, latest)
    if match := _ISO.fullmatch(line) or _COMPACT.fullmatch(line):
        year, month, day, hour, minute, second, zone = match.groups()
        clock = _clock(hour, minute, second, None) if hour else None
        return _combined(date(int(year), int(month), int(day)), clock, zone or "", timezone, latest)
    found = _CLOCK.search(line)
    if found is None and _DOTTED_CLOCK.search(line):
        line = _DOTTED_CLOCK.sub(r" \1:\2", line, count=1)
        found = _CLOCK.search(line)
    if found is None:
        known_day = next(_days(line), None)
        return _plain(known_day, latest) if known_day else None
    zone = (found["zone"] or "").strip(" (")
    if _month(zone):  # "10:00 NOV 27 2026"
        zone, end = "", found.start("zone")
    else:
        end = found.end()
    known_day = next(_days(f"{line[: found.start()]} {line[end:]}"), None)
    return (
        _combined(known_day, _clock(found[1], found[2], found[3], found[4] or found[5]), zone, timezone, latest)
        if known_day
        else None
    )


def _days(line: str) -> Iterator[date]:
    """Yield the days named in a text without a clock time, numeric ones first."""
    for match in _YEAR_FIRST.finditer(line):
        if day := _day(match[1], match[3], match[4]):
            yield day
    for match in _DAY_FIRST.finditer(line):
        number, month = match[1], match[3]
        if int(month) > 12:
            number, month = month, number
        if day := _day(match[4] or match[5], month, number):
            yield day
    if day := _worded(_TOKEN.findall(line)):
        yield day


def _day(year: str, month: str, day: str) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number > 90 else 2000
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None


def _worded(tokens: list[str]) -> date | None:
    """Parse the day around the first month name: `28 апреля 2024`, `April 28, 2024`, `2024 жылғы 28 сәуір`."""
    for at, token in enumerate(tokens):
        month = _month(token)
        if month is None:
            continue
        before = [one for one in tokens[:at] if not BETWEEN.fullmatch(one)]
        after = [one for one in tokens[at + 1 :] if not BETWEEN.fullmatch(one)]
        years = [one for one in (*after, *before) if len(one) == 4 and one.isdecimal()]
        if before and _is_day(before[-1]):
            day = before[-1]
            years += after[:1] if after and re.fullmatch(r"\d{2}", after[0]) else []
        elif after and _is_day(after[0]):
            day = after[0]
        else:
            continue
        if years and (found := _day(years[0], str(month), day)):
            return found
    return None


def _month(token: str) -> int | None:
    return next((number for number, names in enumerate(_MONTH_NAMES, 1) if names.fullmatch(token)), None)


def _is_day(token: str) -> bool:
    return len(token) <= 2 and token.isdecimal()


def _clock(hour: str, minute: str, second: str | None, half: str | None) -> time | None:
    """Return a time of day, or None for an invalid one."""
    hours, half = int(hour), (half or "").lower()
    if half in ("a", "p") and not 1 <= hours <= 12:
        return None
    if half and hours <= 12:
        late = half in ("p", "дня", "вечера") or (half == "ночи" and 6 <= hours < 12)
        hours = hours % 12 + 12 * late
    try:
        return time(hours, int(minute), int(second or 0))
    except ValueError:
        return None


def _combined(day: date, clock: time | None, zone: str, timezone: str | None, latest: datetime) -> Moment | None:
    """Combine a day and a clock time; the day alone if the time or offset is invalid."""
    if clock is None:
        return _plain(day, latest)
    known = _zone(zone, day) if zone else outlet_zone(timezone)
    if zone and known is None:
        return _plain(day, latest) if _OFFSET.search(zone) else None
    return _bounded(datetime.combine(day, clock, known or UTC), known is not None, latest)


def _plain(day: date, latest: datetime, doubtful: bool = False) -> Moment | None:
    if day < EARLIEST or day > (latest - AHEAD + WIDEST).date():
        return None
    return Moment(day.isoformat(), doubtful=doubtful)


def _bounded(moment: datetime, zoned: bool, latest: datetime) -> Moment | None:
    if moment.astimezone(UTC).date() < EARLIEST or moment > latest - AHEAD + WIDEST:
        return None
    if moment > latest:
        return _plain(moment.date(), latest, doubtful=True)
    return Moment(stamp(moment), zoned, offset=moment.isoformat(timespec="seconds")[-6:] if zoned else "")


def _zone(written: str, day: date) -> tzinfo | None:
    """Return the zone written after a time, or None if its name is unknown or its offset invalid."""
    if match := _OFFSET.search(written):
        sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return fixed_zone(-offset if sign == "-" else offset) if offset <= WIDEST else None
    name = written.upper()
    if name == "ALMT" and day < ALMATY_CHANGED:
        return fixed_zone(timedelta(hours=6))
    return fixed_zone(timedelta(hours=ZONES[name])) if name in ZONES else None


def outlet_zone(timezone: str | None) -> tzinfo | None:
    """Return the zone of an IANA name. Raises `OutletError` if there is no such zone."""
    if not timezone:
        return None
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise OutletError(f"{timezone!r} is not a time zone") from error
