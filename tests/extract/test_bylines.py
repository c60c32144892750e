"""Every word before a name in a byline has an example, and no role is an author."""

from __future__ import annotations

import re

import pytest

from acca_crawler.extract import extract, metadata
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(metadata.__file__, "bylines.toml")
PARAGRAPHS = "".join(
    f"<p>Paragraph {number} says what the people of an invented village wrote about the road.</p>"
    for number in range(5)
)


def authors_of(byline: str) -> list[str]:
    page = f'<html><head><title>The road</title><meta name="author" content="{byline}"></head><body><article>'
    found = extract(f"{page}<h1>The road</h1>{PARAGRAPHS}</article></body></html>".encode(), "https://valley.example/a")
    return list(found.authors)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_list_has_an_example_that_is_read(language: str) -> None:
    groups = LANGUAGES[language]
    examples = groups["examples"]
    assert {byline: authors_of(byline) for byline in examples} == examples
    assert [role for role in groups["roles"] if authors_of(role.capitalize())] == []
    named = [byline for byline, names in examples.items() if names]
    assert [
        line for line in groups.get("before", ()) if not any(re.match(rf"(?i)(?:{line})\b", text) for text in named)
    ] == []
