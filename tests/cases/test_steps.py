"""The words of a case's steps, as `steps.toml` lists them."""

from __future__ import annotations

import re

import pytest

from acca_crawler.cases import steps
from acca_crawler.cases.steps import steps_of
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(steps.__file__, "steps.toml")
EXAMPLES = [
    (language, step, example)
    for language, listed in LANGUAGES.items()
    for step, examples in listed["examples"].items()
    for example in examples
]


@pytest.mark.parametrize(("language", "step", "example"), EXAMPLES)
def test_an_example_is_its_step(language: str, step: str, example: str) -> None:
    assert steps_of("", example, language, (), ()) == [step]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_has_an_example(language: str) -> None:
    listed = LANGUAGES[language]
    lines = [(step, line) for step in listed["examples"] for line in listed[step]]
    lower = {step: [example.lower() for example in examples] for step, examples in listed["examples"].items()}
    assert [line for step, line in lines if not any(re.search(line, example) for example in lower[step])] == []
