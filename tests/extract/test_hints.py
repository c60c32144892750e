"""Every word that hints at a kind of block has an example that is read."""

from __future__ import annotations

import re

import pytest

from acca_crawler.extract import hints
from acca_crawler.extract.hints import KINDS, hint_bits
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(hints.__file__, "hints.toml")


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_list_has_an_example_that_is_read(language: str) -> None:
    examples = LANGUAGES[language]["examples"]
    read = {text: [kind for bit, kind in enumerate(KINDS) if hint_bits(words(text)) >> bit & 1] for text in examples}
    assert read == examples
    for kind in LANGUAGES[language].keys() - {"examples"}:
        shown = frozenset[str]().union(*(words(text) for text, kinds in examples.items() if kind in kinds))
        assert set(LANGUAGES[language][kind]) - shown == set(), kind


def test_every_group_is_a_kind() -> None:
    assert {group for groups in LANGUAGES.values() for group in groups} == {*KINDS, "examples"}
