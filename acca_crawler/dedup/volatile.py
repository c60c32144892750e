"""Remove text that changes without an edit: clocks, counters, "updated 5 minutes ago"."""

from __future__ import annotations

import re

MAX_WORDS = 12
"""Maximum words in a line that is only a counter or a clock; longer lines are sentences, whose numbers are facts."""

_COUNTED = (
    r"просмотр\w*|прочитал\w*|прочтени\w*|комментари\w*|репост\w*|поделил\w*|лайк\w*|подписчик\w*|посетител\w*|"
    r"онлайн|на сайте|курс\w*|доллар\w*|евро|views?|reads?|comments?|shares?|likes?|followers?|visitors?|online|"
    r"көрүү\w*|көрүлдү|окулду|пикир\w*|қаралым\w*|қаралды|оқылды|пікір\w*|koʻrish\w*|ko.?rildi|koʻrildi|oʻqildi|"
    r"кўрилди|кўришлар|ўқилди|izoh\w*|изоҳ\w*|фикр\w*|дида шуд|хонда шуд|назар\w*|görüldi|okaldy|teswir\w*"
)
_UNITS = (
    r"секунд\w*|сек|минут\w*|мин|час\w*|ч|seconds?|minutes?|mins?|hours?|мүнөт\w*|саат\w*|сағат\w*|daqiqa|дақиқа\w*|"
    r"soat|соат\w*|sagat\w*|minut\w*"
)
_UPDATED = r"обновлен\w*|обновлён\w*|обновился|updated|жаңыртылды|жаңартылды|yangilandi|янгиланди|навсозӣ\w*|täzelendi"
_AGO = r"назад|ago|бұрын|мурун|мурда|oldin|avval|олдин|аввал|пеш|öň|ozal"

_VOLATILE = (
    re.compile(rf"\b\d{{1,3}}\s(?:{_UNITS})\.?\s(?:{_AGO})\b", re.IGNORECASE),
    re.compile(rf"\b(?:{_UPDATED})\b.{{0,40}}\d", re.IGNORECASE),
    re.compile(rf"\b(?:{_COUNTED})\b.{{0,20}}\d|\d[\d\s.,]{{0,9}}(?:{_COUNTED})\b", re.IGNORECASE),
    re.compile(r"^\W{0,5}\d{1,2}:\d{2}(?::\d{2})?\W{0,5}$"),
)


def settled(text: str) -> str:
    """Return the text without volatile lines; the paragraph separators stay the same."""
    return "\n\n".join(line for line in text.split("\n\n") if not is_volatile(line))


def is_volatile(line: str) -> bool:
    """Whether a line is a clock, a counter, or the time since the last update."""
    return (
        any(digit.isdigit() for digit in line)
        and len(line.split()) <= MAX_WORDS
        and any(pattern.search(line) for pattern in _VOLATILE)
    )
