"""Read the days a report names: days of months and weekdays, in the seven languages.

Two reports that name different days are about different events, however alike their words: weather, sessions, rates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from acca_crawler.text.moments import MONTHS

_WEEKDAYS = (
    r"понедельник\w{0,3}|monday|дүйсенбі\w{0,3}|дүйшөмбү\w{0,3}|душанба куни|dushanba\w{0,4}|duşenbe\w{0,4}",
    r"вторник\w{0,3}|tuesday|сейсенбі\w{0,3}|шейшемби\w{0,3}|сешанба\w{0,4}|seshanba\w{0,4}|сешанбе\w{0,3}|sişenbe\w{0,4}",
    r"сред[ауы]|wednesday|сәрсенбі\w{0,3}|шаршемби\w{0,3}|чоршанба\w{0,4}|chorshanba\w{0,4}|чоршанбе\w{0,3}|çarşenbe\w{0,4}",
    r"четверг\w{0,3}|thursday|бейсенбі\w{0,3}|бейшемби\w{0,3}|пайшанба\w{0,4}|payshanba\w{0,4}|панҷшанбе\w{0,3}|penşenbe\w{0,4}",
    r"пятниц\w{1,3}|friday|жұма\w{0,3}|жума күнү|жума куни|juma kuni|ҷумъа\w{0,3}|anna güni",
    r"суббот\w{1,3}|saturday|сенбі\w{0,3}|ишемби\w{0,3}|шанба куни|shanba kuni|шанбе\w{0,3}|şenbe güni",
    r"воскресень\w{1,3}|sunday|жексенбі\w{0,3}|жекшемби\w{0,3}|якшанба\w{0,4}|yakshanba\w{0,4}|якшанбе\w{0,3}|ýekşenbe\w{0,4}",
)
_ORDINAL = r"(?:-?(?:го|е|ого|st|nd|rd|th|шы|ші|нчи|нчы|inchi|nji|njy|үм|уми|юми|ум))?"
_MONTH = "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(MONTHS, 1))
_DAY_OF_MONTH = re.compile(rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}[ \u00a0-](?:of )?(?:{_MONTH})(?!\w)", re.IGNORECASE)
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
_WEEKDAY_STARTS = frozenset(name[:3] for names in _WEEKDAYS for name in names.replace("сред[ауы]", "сред").split("|"))
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
