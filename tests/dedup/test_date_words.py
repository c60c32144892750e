"""Every weekday and ordinal of the list is read, and no weekday begins with more than plain letters."""

from __future__ import annotations

import re

import pytest

from acca_crawler.dedup import date_words as module
from acca_crawler.dedup.date_words import date_words
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(module.__file__, "date_words.toml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_list_has_an_example_that_is_read(language: str) -> None:
    examples = LANGUAGES[language]["examples"]
    assert {text: list(date_words(text)) for text in examples} == examples
    for group, lines in LANGUAGES[language].items():
        start = r"\d-?" if group == "ordinals" else r"(?<!\w)"
        patterns = [] if group == "examples" else [re.compile(rf"{start}(?:{line})(?!\w)", re.I) for line in lines]
        assert [one for one in patterns if not any(map(one.search, examples))] == [], group


def test_every_weekday_begins_with_three_letters() -> None:
    """A text is searched only where such a beginning is."""
    lines = [
        line
        for groups in LANGUAGES.values()
        for group, listed in groups.items()
        if group not in ("examples", "ordinals")
        for line in listed
    ]
    assert [line for line in lines if not line[:3].isalpha() or line[3:4] in ("?", "*", "{")] == []
