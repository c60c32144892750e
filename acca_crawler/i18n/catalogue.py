"""English and Russian gettext catalogues, loaded from their .po files on first use.

`ru.po` contains the texts of pages and messages, `ru.lexicon.po` the glosses and reasons of detection.
"""

from __future__ import annotations

import gettext
import io
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import negotiate_locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from acca_crawler.clock import parse_stamp

INTERFACE_LANGUAGES = {"en": "English", "ru": "Русский"}
"""Languages of pages and messages: a code, and the name in the language itself."""
LOCALES = Path(__file__).with_name("locale")
_LEAP_YEAR = "2000"
"""A year that has a 29 February."""
_WEIGHT = re.compile(r"[+-]\d+\.\d+ ")


@dataclass(frozen=True)
class Language:
    """An interface language: its texts, and its date and number formats. Times are shown in `zone` and labelled so."""

    code: str
    texts: gettext.NullTranslations
    lexicon: gettext.NullTranslations
    zone: str = "UTC"

    def in_zone(self, zone: str | None) -> Language:
        """Return this language with times in a zone (an IANA name); None means UTC."""
        return replace(self, zone=zone or "UTC")

    def text(self, message: str, **values: object) -> str:
        """Return the text in this language, with its `{named}` placeholders filled in."""
        found = self.texts.gettext(message)
        return found.format(**values) if values else found

    def plural(self, one: str, many: str, count: int) -> str:
        """Return the plural form for this count; `{n}` is the count."""
        return self.texts.ngettext(one, many, count).format(n=self.number(count))

    def gloss(self, english: str) -> str | None:
        """Return a lexicon gloss in this language, None if it has no translation."""
        found = self.lexicon.gettext(english)
        return found if found != english or self.code == "en" else None

    def reason(self, reason: str) -> str | None:
        """Return a detector's reason (`+2.0 violence and custody in one sentence`) in this language, or None."""
        weight = _WEIGHT.match(reason)
        start = weight.end() if weight else 0
        if gloss := self.gloss(reason[start:]):
            return f"{reason[:start]}{gloss}"
        message, colon, words = reason[start:].partition(": ")  # followed by the words with the most weight
        gloss = self.gloss(message) if colon else None
        return f"{reason[:start]}{gloss}{colon}{words}" if gloss else None

    def day(self, day: str | None) -> str:
        """Format a day, e.g. 22 Nov 2026; a missing day is shown as unknown."""
        if not day:
            return self.text("date unknown")
        return format_date(parse_stamp(day[:10]).date(), "d MMM y", locale=self.locale)

    def event_day(self, value: str) -> str:
        """Format the day of an event as a fact has it: 3 Oct where no year is given (`--10-03`).

        A value that is no day, such as a 31 November, is returned as it is.
        """
        year, pattern = (_LEAP_YEAR, "d MMM") if value.startswith("--") else ("", "d MMM y")
        try:
            day = date.fromisoformat(f"{year}{value.removeprefix('-')}")
        except ValueError:
            return value
        return format_date(day, pattern, locale=self.locale)

    def days(self, first: str, last: str) -> str:
        """Format a period of days; one day alone if it has no more."""
        return self.day(first) if first == last else f"{self.day(first)} – {self.day(last)}"

    def month(self, month: str) -> str:
        """Format a month such as 2026-11: Nov 2026."""
        return format_date(parse_stamp(f"{month[:7]}-01").date(), "LLL y", locale=self.locale)

    def moment(self, stamp: str | None) -> str:
        """Format a timestamp, to the minute, in the language's zone."""
        if not stamp:
            return self.text("date unknown")
        if len(stamp) == 10:
            return self.day(stamp)
        local = self.local(stamp)
        return f"{format_datetime(local, 'd MMM y, HH:mm', locale=self.locale)} {_offset(local)}"

    def local(self, stamp: str) -> datetime:
        """Return a timestamp as a time in the language's zone."""
        return parse_stamp(stamp).astimezone(ZoneInfo(self.zone))

    def day_heading(self, stamp: str, now: str) -> str:
        """Format the day of a timestamp in the language's zone, as seen from `now`: today, yesterday or its date."""
        day = self.local(stamp).date()
        ago = (self.local(now).date() - day).days
        if ago in (0, 1):
            return self.text("Today") if ago == 0 else self.text("Yesterday")
        written = format_date(day, "EEEE, d MMMM y", locale=self.locale)
        return written[0].upper() + written[1:]

    def number(self, number: float) -> str:
        """Format a number with this language's separators."""
        return format_decimal(number, locale=self.locale)

    def percent(self, share: float) -> str:
        """Format a share (0 to 1) as whole per cent."""
        return format_percent(share, locale=self.locale)

    def size(self, size: float) -> str:
        """Format a number of bytes in megabytes, from a thousand of them in gigabytes."""
        unit, of = ("gigabyte", 1e9) if size >= 1e9 else ("megabyte", 1e6)
        return format_unit(round(size / of, 1), f"digital-{unit}", "short", locale=self.locale)

    @property
    def locale(self) -> Locale:
        """Return the Babel locale; English uses European date formats."""
        return Locale.parse("en_GB" if self.code == "en" else self.code)


def _offset(local: datetime) -> str:
    """Return the offset of a time from UTC as a label: UTC, UTC+6, UTC+5:30."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}{f':{rest:02}' if rest else ''}"


@cache
def language(code: str) -> Language:
    """Return the interface language for this code; English if it is not supported."""
    if code not in INTERFACE_LANGUAGES:
        code = "en"
    return Language(code, _catalogue(f"{code}.po", code), _catalogue(f"{code}.lexicon.po", code))


def _catalogue(name: str, code: str) -> gettext.NullTranslations:
    """Load a catalogue; texts stay untranslated if there is no such file."""
    path = LOCALES / name
    if not path.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def choose(kept: str | None, cookie: str | None, accepted: str) -> Language:
    """Return the user's own choice, else this browser's, else the first supported language of `Accept-Language`."""
    for code in (kept, cookie):
        if code in INTERFACE_LANGUAGES:
            return language(code)
    found = negotiate_locale(_preferred(accepted), list(INTERFACE_LANGUAGES), sep="-")
    return language(found.partition("-")[0] if found else "en")


def _preferred(accepted: str) -> list[str]:
    """Return the languages of an Accept-Language header, highest priority first."""
    weighed: list[tuple[float, str]] = []
    for part in accepted[:1000].split(","):
        code, _, weight = part.strip().partition(";q=")
        if code:
            weighed.append((float(weight) if re.fullmatch(r"[01](\.\d+)?", weight) else 1.0, code))
    return [code for weight, code in sorted(weighed, key=lambda found: -found[0]) if weight]
