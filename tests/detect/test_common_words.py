"""Every common word that says which lexicon reads a text has an example, and Russian ones are known as Russian."""

from __future__ import annotations

import re

import pytest

from acca_crawler.detect import languages
from acca_crawler.detect.languages import RUSSIAN_WORD, reading_language
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(languages.__file__, "common_words.toml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_list_has_an_example_that_is_recognised(language: str) -> None:
    words, examples = LANGUAGES[language]["words"], LANGUAGES[language]["examples"]
    assert {text: reading_language(text) for text in examples} == dict.fromkeys(examples, language)
    assert [word for word in words if not any(re.search(rf"(?i)\b{word}\b", text) for text in examples)] == []


def test_russian_words_are_no_words_of_another_language() -> None:
    others = [word for language, groups in LANGUAGES.items() if language != "ru" for word in groups["words"]]
    assert [word for word in others if RUSSIAN_WORD.search(word)] == []
    assert [word for word in LANGUAGES["ru"]["words"] if not RUSSIAN_WORD.fullmatch(word)] == []
