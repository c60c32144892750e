"""The function words that tell languages apart are in `language.toml`, each in a title that is identified by them."""

from __future__ import annotations

import re

import pytest

from acca_crawler.text import language
from acca_crawler.text.language import VARIETIES, identify
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(language.__file__, "language.toml")
EXAMPLES = [(name, example) for name, listed in LANGUAGES.items() for example in listed["examples"]]


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_is_in_its_language(name: str, example: str) -> None:
    assert identify(example) == (name if name in VARIETIES else None)


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_word_has_an_example(name: str) -> None:
    used = re.findall(r"\w+", " ".join(LANGUAGES[name]["examples"]).lower())
    assert set(LANGUAGES[name]["words"]) - set(used) == set()


def test_every_language_has_words_and_endings() -> None:
    assert set(LANGUAGES) == {*VARIETIES, "kaa"}
    assert [name for name in VARIETIES if not (LANGUAGES[name]["words"] and LANGUAGES[name]["endings"])] == []
