"""Every line of the Telegram family's word lists has an example that its rule cuts."""

from __future__ import annotations

import re

import pytest

from acca_crawler.text.word_lists import read_word_lists
from spiders import _telegram

LANGUAGES = read_word_lists(_telegram.__file__, "_telegram.toml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_list_has_an_example_that_is_cut(language: str) -> None:
    examples = LANGUAGES[language]["examples"]
    cut_by = {
        text: next((rule.name for rule in _telegram.RULES if re.fullmatch(rule.pattern, text)), None)
        for text in examples
    }
    assert cut_by == examples
    for group, lines in LANGUAGES[language].items():
        alone = [line for line in lines if not any(re.search(rf"(?i)(?<!\w)(?:{line})", text) for text in examples)]
        assert group == "examples" or alone == [], group
