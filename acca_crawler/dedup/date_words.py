"""Read the days a report names: days of months and weekdays, in the seven languages; words in `date_words.toml`.

Two reports that name different days are about different events, however alike their words: weather, sessions, rates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from acca_crawler.text.moments import MONTHS
from acca_crawler.text.word_lists import any_of, read_word_lists

_LANGUAGES = read_word_lists(__file__, "date_words.toml")
_WEEKDAYS = tuple(
    any_of(_LANGUAGES, day) for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)
_ORDINAL = rf"(?:-?(?:{any_of(_LANGUAGES, 'ordinals')}))?"
_MONTH = "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(MONTHS, 1))
_DAY_OF_MONTH = re.compile(rf"(?P<day>\d(?<!\d\d)\d?){_ORDINAL}[ \u00a0-](?:of )?(?:{_MONTH})(?!\w)", re.IGNORECASE)
_MONTH_FIRST = re.compile(
    r"(?<!\w)(?:(?P<m1>jan(?:uary|\.)?)|(?P<m2>feb(?:ruary|\.)?)|(?P<m3>mar(?:ch|\.)?)|(?P<m4>apr(?:il|\.)?)|(?P<m5>may)"
    r"|(?P<m6>june?\.?)|(?P<m7>july?\.?)|(?P<m8>aug(?:ust|\.)?)|(?P<m9>sep(?:tember|t?\.)?)|(?P<m10>oct(?:ober|\.)?)"
    r"|(?P<m11>nov(?:ember|\.)?)|(?P<m12>dec(?:ember|\.)?)) (?P<day>\d{1,2})(?!\d)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    "(?<!\\w)(?:" + "|".join(f"(?P<w{number}>{names})" for number, names in enumerate(_WEEKDAYS, 1)) + ")(?!\\w)",
    re.IGNORECASE,
)
# Most texts name no weekday, and only English ones the month first: the first letters of their words tell.
_START = re.compile(r"(?<!\w)\w{3}")
_WEEKDAY_STARTS = frozenset(name[:3] for names in _WEEKDAYS for name in names.split("|"))
_MONTH_STARTS = frozenset(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])


def date_words(text: str) -> Iterator[str]:
    """Yield the days a text names: "3-12" for 12 March, "w1" for Monday."""
    starts = frozenset(_START.findall(text.lower()))
    for pattern in (_DAY_OF_MONTH,) if _MONTH_STARTS.isdisjoint(starts) else (_DAY_OF_MONTH, _MONTH_FIRST):
        for match in pattern.finditer(text):
            day = int(match["day"])
            if 0 < day <= 31 and match.lastgroup:
                months = {name: found for name, found in match.groupdict().items() if found and name != "day"}
                yield f"{next(iter(months)).removeprefix('m')}-{day}"
    if not _WEEKDAY_STARTS.isdisjoint(starts):
        for start in _START.finditer(text):
            if start[0].lower() in _WEEKDAY_STARTS and (weekday := _WEEKDAY.match(text, start.start())):
                yield str(weekday.lastgroup)
