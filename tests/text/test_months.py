"""Every name of a month, and every word beside one, has a date that is read."""

from __future__ import annotations

import re

import pytest

from acca_crawler.text import moments
from acca_crawler.text.moments import read_moment
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(moments.__file__, "months.toml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_list_has_an_example_that_is_read(language: str) -> None:
    examples = LANGUAGES[language]["examples"]
    read = {text: moment.value if (moment := read_moment(text)) else None for text in examples}
    assert read == examples
    tokens = {token for text in examples for token in re.findall(r"[^\W\d_]+", text)}
    for group, lines in LANGUAGES[language].items():
        alone = [line for line in lines if not any(re.fullmatch(line, token, re.IGNORECASE) for token in tokens)]
        assert group == "examples" or alone == [], group
