"""Detect removal notices served with status 200, as opposed to articles about something that was removed."""

from __future__ import annotations

import re

from acca_crawler.text.word_lists import any_of, read_word_lists

MAX_NOTICE = 40
"""Maximum words of a notice. A longer text is an article, whatever it is about."""

_LANGUAGES = read_word_lists(__file__, "removal_notices.toml")
_LINES, _AFTER, _THIS, _REASONS = (any_of(_LANGUAGES, group) for group in ("lines", "after", "this", "reasons"))
_NOTICE = re.compile(rf"\W*(?:{_LINES})", re.IGNORECASE)
_AFTER_NOTICE = re.compile(rf"\s*(?:$|[.!…|–—«·•(-]|(?:{_AFTER})\b)")
_THIS_ONE = re.compile(rf"\W*(?:{_THIS})\b", re.IGNORECASE)
_AT_WHOSE_WORD = re.compile(rf"\s(?:{_REASONS})\b", re.IGNORECASE)
"""What may follow a notice that speaks of itself: "this article was removed at the request of…"."""


def says_gone(title: str, text: str) -> str | None:
    """Return the notice that the article was removed, or None if the page has none.

    The notice is the title, or the start of a text of a few words: an article about a removed video has a different
    title and a longer text.
    """
    if len(text.split(maxsplit=MAX_NOTICE)) > MAX_NOTICE:
        return None
    return _notice(title) or _notice(text)


def _notice(text: str) -> str | None:
    folded = " ".join(text.split())
    match = _NOTICE.match(folded)
    if match is None:
        return None
    of_itself = _THIS_ONE.match(folded) and _AT_WHOSE_WORD.match(folded, match.end())
    if not of_itself and not _AFTER_NOTICE.match(folded, match.end()):
        return None
    return match[0].strip()
