"""Every label of a link to another part has an example that is read."""

from __future__ import annotations

import pytest
from lxml import html

from acca_crawler.extract import parts
from acca_crawler.extract.parts import is_same_title, part_links
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(parts.__file__, "part_labels.toml")


def read_as(label: str) -> str | None:
    root = html.fromstring(f"<div><a href='/a?page=2'>{label}</a></div>")
    links = part_links(root.iter("link", "a"), "https://valley.example/a", ("https://valley.example/a",))
    return next((found for found, _, _ in links), None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_list_has_an_example_that_is_read(language: str) -> None:
    groups = LANGUAGES[language]
    examples = groups["examples"]
    assert {label: read_as(label) for label in examples} == examples
    assert [title for title in groups["titles"] if not is_same_title(f"The road - {title}", "The road")] == []
    assert set(groups["next"]) - set(examples.values()) == set()
    numbered = " ".join(label.lower() for label, number in examples.items() if number.isdecimal())
    assert [word for word in groups["page"] if word not in numbered] == []
    assert [
        word for word in groups.get("page_after", ()) if not any(one.endswith(word) for one in groups["titles"])
    ] == []
