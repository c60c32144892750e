"""Sentences end where a reader ends them; the abbreviations are in `abbreviations.toml`."""

from __future__ import annotations

import re

import pytest

from acca_crawler.text import sentences as module
from acca_crawler.text.sentences import sentences
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(module.__file__, "abbreviations.toml")
EXAMPLES = [(language, example) for language, listed in LANGUAGES.items() for example in listed["examples"]]


def split(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(("language", "example"), EXAMPLES)
def test_an_example_is_one_sentence_in_any_case(language: str, example: str) -> None:
    assert split(example) == [example]
    assert split(f"{example} {example}") == [example, example]
    if not any(f" {word}." in f" {example.lower()}" for word in LANGUAGES[language].get("before_small", ())):
        assert split(example.upper()) == [example.upper()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_abbreviation_has_an_example(language: str) -> None:
    listed = LANGUAGES[language]
    text = " ".join(listed["examples"]).lower()
    words = {*listed["inside"], *listed.get("before_small", ())}
    assert {word for word in words if not re.search(rf"(?<![\w.]){re.escape(word)}\.", text)} == set()
    assert {word for word in listed.get("numbered", ()) if not re.search(rf"\d-{word}\.", text)} == set()


@pytest.mark.parametrize(
    "text",
    [
        "Задержали 50 чел. | Потом их отпустили.",
        "Его избили (см. видео). | Суд молчал.",
        "(Снимок: А. Асанов и др.) | Суд молчал.",
        "Сотталды (2020 ж.) деді. | Сот үнсіз.",
        "He wrote to Smith et al. | Nobody answered.",
        "Soat 5-da. | Sud boshlandi.",
        "Он сказал: «Били долго». | Суд молчал.",
        "Били?! | Да...  | Долго.",
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(text: str) -> None:
    expected = [part.strip() for part in text.split("|")]
    assert split(text.replace("| ", "")) == expected
