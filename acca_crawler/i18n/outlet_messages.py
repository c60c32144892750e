"""What a run wrote down about an outlet, in the reader's language: the archive has it in English."""

from __future__ import annotations

import re
from functools import cache

from acca_crawler.i18n.catalogue import Language
from acca_crawler.i18n.labels import _

MESSAGES = (
    _("stopped by a signal"),
    _("the archive can't be written to: {why}"),
    _("pages can't be read: {why}; the rest waits for the next run"),
    _("{n} answers in a row were blocks; the rest waits for the next run"),
    _("a host asks us to wait until {why}; the rest waits until then"),
    _("the outlet's share of this run is used up ({why}); the rest waits for the next run"),
    _("{n} pages in a row were too heavy to read; the rest waits for the next run"),
    _("{n} requests in a row failed; the rest waits for the next run"),
    _("every article request failed"),
    _("pages too heavy to read: {n}"),
    _("{n} of {all} articles have fewer than {least} words"),
    _("{n} of {all} articles have no date"),
    _("{n} of {all} articles have no author"),
)
"""Messages of `crawl.run` and `crawl.expected`; `{why}` is any text, all others are numbers."""


def outlet_message(message: str, say: Language) -> str | None:
    """Return a message in a language; None if it has no translation."""
    for text, pattern in _patterns():
        if found := pattern.fullmatch(message):
            return say.text(text, **found.groupdict())
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((text, re.compile(_pattern(text))) for text in MESSAGES)


def _pattern(text: str) -> str:
    parts = re.split(r"\{(\w+)\}", text)
    names = (rf"(?P<{name}>{'.+' if name == 'why' else '[0-9,]+'})" for name in parts[1::2])
    return "".join(re.escape(words) + next(names, "") for words in parts[::2])
