"""Every word of a line that is not part of an article has an example that is cut, and sentences stay."""

from __future__ import annotations

import re

import pytest

from acca_crawler.extract import trimming
from acca_crawler.extract.boilerplate import StripLog
from acca_crawler.extract.paragraphs import Paragraph
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(trimming.__file__, "meta_lines.toml")
BODY = Paragraph("The people of an invented village wrote about the road, which was closed in the night.")


def is_cut(line: str) -> bool:
    return trimming.trim([Paragraph(line), BODY], "The road", StripLog()) == [BODY]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_list_has_an_example_that_is_cut(language: str) -> None:
    groups = LANGUAGES[language]
    examples = groups["examples"]
    assert [example for example in examples if not is_cut(example)] == []
    starts = {"first": "^", "units": r"\d\s"}
    for group, start in starts.items():
        patterns = [re.compile(rf"{start}(?:{line})\b", re.IGNORECASE) for line in groups.get(group, ())]
        assert [one.pattern for one in patterns if not any(map(one.search, examples))] == [], group


@pytest.mark.parametrize(
    "line",
    ["The bypass was closed.", "Фотографа отпустили вечером.", "Булакты көчөдө кармашты.", "It took the whole night."],
)
def test_a_sentence_above_the_text_stays(line: str) -> None:
    assert not is_cut(line)
