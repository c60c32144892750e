"""Dates of an article: where each was read and how sure it is. What is unknown stays None.

Values are UTC (`2024-04-28T07:00:00Z`), or the plain day where only the day is known (`2022-08-20`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from datetime import timezone as fixed_zone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from acca_crawler.exceptions import OutletError
from acca_crawler.items import Certainty, Dated

if TYPE_CHECKING:
    from dateparser.date import DateDataParser
    from lxml.html import HtmlElement

LANGUAGES = ("en", "ru", "kk", "ky", "uz")
# Months of the two languages that dateparser does not know, as stems: Tajik joins "-и" to the year, Turkmen "-y".
_MONTHS = {
    "January": "январи?|ýanwar",
    "February": "феврали?|fewral",
    "March": "марти|mart",
    "April": "апрели|aprel",
    "May": "майи|maý",
    "June": "июни|iýun",
    "July": "июли|iýul",
    "August": "августи|awgust",
    "September": "сентябри?|sentýabr",
    "October": "октябри?|oktýabr",
    "November": "ноябри?|noýabr",
    "December": "декабри?|dekabr",
}
_MONTH = re.compile("|".join(rf"(?P<{name}>\b(?:{stems})\b)" for name, stems in _MONTHS.items()), re.IGNORECASE)
# No article of the web is older; what lies outside is a counter or an identifier.
YEARS = range(1990, 2100)

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T ]\s*(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)(?:\D{0,4}(\d{1,2}):(\d{2})(?!\d))?")
_AT = re.compile(r"\s+(?:at|в|саат|соат|сағат|сағ\.?|soat)\s+(?=\d{1,2}:\d{2})", re.IGNORECASE)
_IN_PATH = re.compile(r"(?<!\d)(20\d{2}|199\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A parsed date: `value` as stored; `zoned` is False where a time stood without its zone."""

    value: str
    zoned: bool = True


def dated(text: str | None, source: str, certainty: Certainty, timezone: str | None = None) -> Dated | None:
    """A machine-readable date as `Dated`, or None where it is none.

    A time without a zone is read in the outlet's `timezone`; where that is unknown too it is taken as UTC and one
    step less sure.
    """
    moment = read(text, timezone)
    if moment is None:
        return None
    if not moment.zoned:
        certainty = "medium" if certainty == "high" else "low"
    return Dated(moment.value, source, certainty)


def read(text: str | None, timezone: str | None = None) -> Moment | None:
    """Reads ISO 8601 in its loose forms (`2024-04-28 07:00:00Z`), RFC 2822, and day-first numeric dates."""
    line = " ".join((text or "").split())[:100]
    if not line:
        return None
    if match := _ISO.match(line):
        return _moment(match.groups(), timezone)
    if match := _DAY_FIRST.search(line):
        day, month, year, hour, minute = match.groups()
        return _moment((year, month, day, hour, minute, None, None), timezone)
    return _spelled(line, timezone)


def day_printed(text: str | None) -> str | None:
    """The day that a page prints, numeric or spelled out: evidence, never a publication date."""
    moment = read(text)
    return moment.value[:10] if moment else None


def from_address(path: str) -> Dated | None:
    """The day that an address carries (`/2024/04/28/`, `-20240428.html`)."""
    match = _IN_PATH.search(path)
    moment = _moment((*match.groups(), None, None, None, None), None) if match else None
    return Dated(moment.value, "url", "medium") if moment else None


def from_markup(root: HtmlElement, url: str) -> Dated | None:
    """The date that htmldate reads from a page's markup, for pages that declare none. Never from running text."""
    from htmldate import find_date  # imports dateparser

    # A fixed upper bound: its default is the day of the call, and the same page must always give the same date.
    found = find_date(root, extensive_search=False, original_date=True, url=url, max_date=f"{YEARS[-1]}-12-31")
    return Dated(found, "htmldate", "low") if found else None


def best(candidates: list[Dated | None]) -> Dated | None:
    """The surest candidate, the first of equals; a full time before a bare day of the same certainty and day.

    A date that another machine-readable one contradicts by more than a day is one step less sure.
    """
    known = [candidate for candidate in candidates if candidate]
    if not known:
        return None
    order: tuple[Certainty, ...] = ("high", "medium", "low")
    chosen = min(known, key=lambda candidate: order.index(candidate.certainty))
    rivals = [other for other in known if other.certainty == chosen.certainty]
    if chosen.certainty == "high" and any(_days_apart(chosen.value, rival.value) > 1 for rival in rivals):
        return Dated(chosen.value, chosen.source, "medium")
    return chosen


def _days_apart(a: str, b: str) -> int:
    return abs((date.fromisoformat(a[:10]) - date.fromisoformat(b[:10])).days)


def _moment(parts: tuple[str | None, ...], timezone: str | None) -> Moment | None:
    year, month, day, hour, minute, second, zone = parts
    try:
        known_day = date(int(year or 0), int(month or 0), int(day or 0))
    except ValueError:
        return None
    if known_day.year not in YEARS:
        return None
    try:
        clock = time(int(hour or ""), int(minute or 0), int(second or 0))
    except ValueError:
        return Moment(known_day.isoformat())
    known = _zone(zone, timezone)
    return Moment(utc(datetime.combine(known_day, clock, known or UTC)), known is not None)


def _zone(written: str | None, timezone: str | None) -> tzinfo | None:
    """The zone written behind the time, else the outlet's, else None."""
    if written:
        offset = re.fullmatch(r"([+-])(\d{2}):?(\d{2})?", written)
        if offset is None:
            return UTC
        sign, hours, minutes = offset.groups()
        return fixed_zone((1 if sign == "+" else -1) * timedelta(hours=int(hours), minutes=int(minutes or 0)))
    if timezone:
        try:
            return ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise OutletError(f"{timezone!r} is not a time zone") from error
    return None


def utc(when: datetime) -> str:
    """An aware time as it is stored."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=4096)
def _spelled(line: str, timezone: str | None) -> Moment | None:
    """A date with its month in words, in the languages of the region.

    Only absolute dates: "today" and "two days ago" need the time at which the page was fetched, which is not known
    here, and reading them against the clock would make up a date.
    """
    if not re.search(r"\d", line) or not re.search(r"[^\W\d_]{3}", line):
        return None
    if (posted := _rfc2822(line)) is not None:
        return Moment(utc(posted)) if posted.year in YEARS else None
    line = _MONTH.sub(lambda match: str(match.lastgroup), line)
    line = _AT.sub(" ", line)
    from_digit = line[re.search(r"\d", line).start() :]  # type: ignore[union-attr]
    for form in (line, from_digit):
        if (parsed := _date_parser().get_date_data(form).date_obj) is not None:
            break
    else:
        return None
    parts = (str(parsed.year), str(parsed.month), str(parsed.day))
    if not re.search(r"\d{1,2}:\d{2}", line):
        return _moment((*parts, None, None, None, None), timezone)
    if parsed.tzinfo is not None:
        return Moment(utc(parsed)) if parsed.year in YEARS else None
    return _moment((*parts, str(parsed.hour), str(parsed.minute), str(parsed.second), None), timezone)


def _rfc2822(line: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(line)
    except ValueError:
        return None
    return when if when.tzinfo else None


@lru_cache(maxsize=1)
def _date_parser() -> DateDataParser:
    from dateparser.date import DateDataParser

    return DateDataParser(
        languages=list(LANGUAGES),
        settings={
            "DATE_ORDER": "DMY",
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month", "year"],
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
