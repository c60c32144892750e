"""Every word for a minor has a sentence in which names are withheld; sentences that only sound alike have none."""

from __future__ import annotations

import re

import pytest

from acca_crawler.alerts import redaction
from acca_crawler.alerts.redaction import is_protected
from acca_crawler.text.word_lists import read_word_lists
from storage.alerts.entries import Person

LANGUAGES = read_word_lists(redaction.__file__, "minors.toml")
STARTS = {
    "aged": r"\b\d\d?[-\s]?",
    "years": r"\b\d\d?[-\s]",
    "age_before": r"\b",
    "words": r"\b",
    "term_before": r"\b",
    "term_after": r"\b",
}


def is_about_a_minor(sentence: str) -> bool:
    return is_protected(Person("Some One", "official", sentence))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_list_has_an_example(language: str) -> None:
    groups = LANGUAGES[language]
    assert [text for text in groups["examples"] if not is_about_a_minor(text)] == []
    for group, start in STARTS.items():
        texts = groups["adults" if group.startswith("term") else "examples"]
        patterns = [re.compile(f"{start}(?:{line})", re.IGNORECASE) for line in groups.get(group, ())]
        assert [one.pattern for one in patterns if not any(map(one.search, texts))] == [], group


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_that_only_sounds_like_it_is_about_adults(language: str) -> None:
    assert [text for text in LANGUAGES[language]["adults"] if is_about_a_minor(text)] == []
