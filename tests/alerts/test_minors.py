"""Every word that names a minor has a sentence in which names are withheld."""

from __future__ import annotations

import re

import pytest

from acca_crawler.alerts import redaction
from acca_crawler.alerts.redaction import is_protected
from acca_crawler.text.word_lists import read_word_lists
from storage.alerts.entries import Person

LANGUAGES = read_word_lists(redaction.__file__, "minors.toml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_list_has_an_example_that_is_protected(language: str) -> None:
    groups = LANGUAGES[language]
    examples = groups["examples"]
    assert [text for text in examples if not is_protected(Person("Some One", "official", text))] == []
    starts = {"years": r"\b\d\d?[-\s]", "words": r"\b"}
    for group, start in starts.items():
        patterns = [re.compile(f"{start}(?:{line})", re.IGNORECASE) for line in groups[group]]
        assert [one.pattern for one in patterns if not any(map(one.search, examples))] == [], group
