"""Numbers in figures and in words; the words of each language are in `numerals.toml`."""

from __future__ import annotations

import pytest

from acca_crawler.dedup import numerals
from acca_crawler.dedup.numerals import numbers
from acca_crawler.text.transliterate import name_key
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(numerals.__file__, "numerals.toml")
EXAMPLES = [(language, *one) for language, listed in LANGUAGES.items() for one in listed["examples"].items()]


def read(text: str, language: str) -> list[str]:
    """The numbers in a text."""
    return list(numbers(text, language, name_key(text, language=language).split()))


@pytest.mark.parametrize(("language", "text", "value"), EXAMPLES)
def test_every_example_is_read(language: str, text: str, value: int) -> None:
    assert read(text, language) == [str(value)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_has_an_example_and_every_word_of_it_is_read(language: str) -> None:
    listed = LANGUAGES[language]
    assert {int(value) for value in listed["words"]} <= set(listed["examples"].values())
    for value, words in listed["words"].items():
        assert [read(word, language) for word in words] == [[value]] * len(words), words
    (twenty, *_) = listed["words"]["20"]
    for word in listed.get("after_tens", ()):
        assert read(word, language) == []
        assert read(f"{twenty} {word}", language) == ["21"]
    for value, words in listed["ordinals"].items():
        assert [read(word, language) for word in words] == [[]] * len(words)
        assert {*map(tuple, (read(f"{twenty} {word}", language) for word in words))} == {(str(20 + int(value)),)}


def test_figures_are_read_however_they_are_grouped() -> None:
    assert read("23 000, 23.000 and 23,000; 4,6 and 4.6", "en") == ["23000", "23000", "23000", "4.6", "4.6"]
    assert read("Twelve of 40 detainees", "en") == ["40", "12"]
    assert read("двадцать", "en") == []


def test_a_number_after_a_letter_and_a_hyphen_is_a_name() -> None:
    assert read("Сборная U-23, танк Т-34 и COVID-19", "ru") == []
    assert read("ИК-6, 8−10 часов и 10-15 минут", "ru") == ["6", "8", "10", "10", "15"]
