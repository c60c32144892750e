"""Every word beside a name in a byline has an example, and no role is an author."""

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
    return authors_in(f'<meta name="author" content="{byline}">')


def authors_in(head: str) -> list[str]:
    page = f"<html><head><title>The road</title>{head}</head><body><article>"
    found = extract(f"{page}<h1>The road</h1>{PARAGRAPHS}</article></body></html>".encode(), "https://valley.example/a")
    return list(found.authors)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_list_has_an_example_that_is_read(language: str) -> None:
    groups = LANGUAGES[language]
    examples = groups["examples"]
    assert {byline: authors_of(byline) for byline in examples} == examples
    assert [role for role in groups.get("roles", ()) if authors_of(role.capitalize())] == []
    named = [byline for byline, names in examples.items() if names]
    assert [
        line for line in groups.get("before", ()) if not any(re.match(rf"(?i)(?:{line})\b", text) for text in named)
    ] == []
    joined = [byline for byline, names in examples.items() if len(names) > 1]
    assert [line for line in groups.get("and", ()) if not any(f" {line} " in byline for byline in joined)] == []


@pytest.mark.parametrize("label", [label for groups in LANGUAGES.values() for label in groups.get("labels", ())])
def test_the_author_of_a_link_preview_is_read_beside_its_label(label: str) -> None:
    head = f'<meta name="twitter:label1" content="{label}"><meta name="twitter:data1" content="Asan Example">'
    assert authors_in(head) == ["Asan Example"]


@pytest.mark.parametrize(
    "byline",
    [
        "Айгуль Примерова · 2 часа назад", "Айгуль Примерова, 17 ноября 2026", "Айгуль Примерова a@valley.example",
        "<b>Айгуль Примерова</b><i>Корреспондент</i>", "Текст: Айгуль Примерова<br>Фото: Асан Примеров",
    ],
)  # fmt: skip
def test_what_stands_behind_a_name_is_not_part_of_it(byline: str) -> None:
    assert authors_in(f"<!-- --><div class=byline>{byline}</div>") == ["Айгуль Примерова"]


def test_a_label_glued_to_the_headline_and_a_sites_name_before_it_are_not_part_of_it() -> None:
    names = (
        '<meta property="og:title" content="Долина: О дороге в горы"><meta property="og:site_name" content="Долина">'
    )
    page = f"<head>{names}</head><body><h1><i>Видео</i>О дороге в горы</h1>{PARAGRAPHS}</body>"
    assert extract(page, "https://valley.example/a").title == "О дороге в горы"
