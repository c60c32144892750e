"""Recognise a report on many events by what it calls itself; the words are in `roundups.toml`."""

from __future__ import annotations

import re

from acca_crawler.text.word_lists import any_of, read_word_lists

MAX_HEADING = 120
"""Characters of a text's first line that are read as a heading."""

_TITLES = re.compile(any_of(read_word_lists(__file__, "roundups.toml"), "titles"))


def calls_itself_roundup(title: str, text: str) -> bool:
    """Whether the title or the first line announces the main news of a day or a week."""
    first = text.split("\n", 1)[0][:MAX_HEADING]
    return bool(_TITLES.search(title.lower()) or _TITLES.search(first.lower()))
