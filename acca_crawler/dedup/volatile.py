"""Remove text that changes without an edit: clocks, counters, "updated 5 minutes ago"; words in `volatile.toml`."""

from __future__ import annotations

import re

from acca_crawler.text.word_lists import any_of, read_word_lists

MAX_WORDS = 12
"""Maximum words in a line that is only a counter or a clock; longer lines are sentences, whose numbers are facts."""

_LANGUAGES = read_word_lists(__file__, "volatile.toml")

_COUNTED, _COUNTERS, _UNITS, _AGO, _UPDATED, _WEEKDAYS, _TODAY, _WEATHER, _ALONE = (
    any_of(_LANGUAGES, group)
    for group in ("counted", "counters", "units", "ago", "updated", "weekdays", "today", "weather", "alone")
)
_SCORE, _OUT_OF, _VOTES, _VIEWS, _GENERATED, _SECONDS, _LEFT = (
    any_of(_LANGUAGES, group) for group in ("score", "out_of", "votes", "views", "generated", "seconds", "left")
)
_CURRENCY = r"(?:usd|eur|rub|kzt|kgs|uzs|tjs|tmt|cny|gbp|[$€₽₸£¥])"

_WITHOUT_NUMBER = re.compile(rf"\W{{0,5}}(?:{_ALONE})\W{{0,5}}", re.IGNORECASE)
_VOLATILE = (
    re.compile(rf"\b\d{{1,3}}\s(?:{_UNITS})\.?\s(?:{_AGO})\b", re.IGNORECASE),
    re.compile(rf"\b(?:{_UPDATED})\b.{{0,40}}\d", re.IGNORECASE),
    re.compile(rf"\b(?:{_COUNTED})\b.{{0,20}}\d|\d[\d\s.,]{{0,9}}(?:{_COUNTED})\b", re.IGNORECASE),
    re.compile(r"^\W{0,5}\d{1,2}:\d{2}(?::\d{2})?\W{0,5}$"),
    re.compile(r"^\W{0,5}\d{1,2}[. ]\w{2,12}[. ]20\d{2}\D{1,6}\d{1,2}:\d{2}(?::\d{2})?\W{0,5}$"),
    re.compile(
        rf"^\W{{0,5}}(?:{_WEEKDAYS}|{_TODAY})\W{{1,3}}\d{{1,2}}\W{{0,2}}\w{{0,12}}[\s\d,.:г]{{0,20}}"
        rf"(?:(?<=\W)(?:{_WEEKDAYS}))?$",
        re.IGNORECASE,
    ),
    re.compile(rf"^\W{{0,5}}(?:{_WEATHER})\b.{{0,30}}\d|^\D{{0,20}}[+−–-]?\d{{1,2}}\s?°", re.IGNORECASE),
    re.compile(
        rf"^(?:{_CURRENCY}\W{{0,3}}\d[\d.,]{{0,9}}\W{{0,3}}){{1,6}}$|^\d[\d.,]{{0,9}}\W?{_CURRENCY}$", re.IGNORECASE
    ),
    re.compile(
        rf"^\W{{0,5}}(?:{_COUNTERS})\W{{1,3}}\d[\d\s.,]{{0,12}}\W{{0,2}}[^\W\d]{{0,10}}\W{{0,3}}$", re.IGNORECASE
    ),
    re.compile(
        rf"^\W{{0,5}}(?:(?:{_SCORE})\W{{1,3}})?\d{{1,2}}(?:[.,]\d{{1,2}})?\s?(?:/|{_OUT_OF})\s?(?:5|10|100)\b"
        r"\D{0,5}(?:\d{1,7}\s?[^\W\d]{2,10}\W{0,3})?$",
        re.IGNORECASE,
    ),
    re.compile(rf"^\W{{0,5}}\d[\d\s.,]{{0,9}}(?:{_VOTES})\W{{0,3}}$", re.IGNORECASE),
    re.compile(r"^[👁💬❤👍🔥🕒⏱↗]\ufe0f?\s{0,3}\d[\d\s.,]{0,9}[kmкм]?$", re.IGNORECASE),
    re.compile(rf"\d[\d.,]{{0,9}}\s?[kmкм]\s(?:{_VIEWS})\b", re.IGNORECASE),
    re.compile(rf"\b(?:{_GENERATED})\b.{{0,30}}\d.{{0,9}}(?:{_SECONDS})|\b(?:{_LEFT})", re.IGNORECASE),
)


def settled(text: str) -> str:
    """Return the text without volatile lines; the paragraph separators stay the same."""
    return "\n\n".join(line for line in text.split("\n\n") if not is_volatile(line))


def is_volatile(line: str) -> bool:
    """Whether a line is a clock, a counter, or the time since the last update."""
    return _WITHOUT_NUMBER.fullmatch(line[:60]) is not None or (
        any(digit.isdigit() for digit in line)
        and len(line.split()) <= MAX_WORDS
        and any(pattern.search(line) for pattern in _VOLATILE)
    )
