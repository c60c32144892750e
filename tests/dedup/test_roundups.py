"""Every title of a roundup in the list has an example that is recognised."""

from __future__ import annotations

import re

import pytest

from acca_crawler.dedup import roundups
from acca_crawler.dedup.roundups import calls_itself_roundup
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(roundups.__file__, "roundups.toml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_list_has_an_example_that_is_recognised(language: str) -> None:
    titles, examples = LANGUAGES[language]["titles"], LANGUAGES[language]["examples"]
    assert [text for text in examples if not calls_itself_roundup(text, "")] == []
    assert [text for text in examples if not calls_itself_roundup("", f"{text}\nThe court sat.")] == []
    assert [line for line in titles if not any(re.search(line, text.lower()) for text in examples)] == []


def test_a_report_on_one_event_is_none() -> None:
    assert not calls_itself_roundup("Суд в Оше вынес приговор", "Главный свидетель не пришёл.")
