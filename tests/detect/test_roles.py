"""Who did what to whom: every language's examples in `roles.toml`, and what rules make of them."""

from __future__ import annotations

import re
import tomllib

import pytest

from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.roles import FILE, ROLES, grammars, roles_of
from acca_crawler.detect.rules import marks_of, read_rules
from acca_crawler.detect.windows import RuleMatcher

TABLES = tomllib.loads(FILE.read_text(encoding="utf-8"))
EXAMPLES = [
    (language, example["text"], example["roles"]) for language, table in TABLES.items() for example in table["examples"]
]


def found_roles(text: str, language: str) -> set[str]:
    return {role for sentence in annotate(text, "", language).sentences for role in roles_of(sentence)}


@pytest.mark.parametrize(("language", "text", "roles"), EXAMPLES)
def test_every_example_shows_its_roles_and_no_others(language: str, text: str, roles: list[str]) -> None:
    assert found_roles(text, language) == set(roles)


def test_every_language_has_examples_and_every_role_one() -> None:
    assert grammars().keys() == TABLES.keys()
    assert {language for language, _, _ in EXAMPLES} == grammars().keys()
    assert {role for _, _, roles in EXAMPLES for role in roles} == ROLES


@pytest.mark.parametrize(
    ("text", "language", "role"),
    [
        ("В ОВД сообщили, что задержан похититель телефона.", "ru", "official_doer"),
        ("The officers said that a neighbour had beaten the man.", "en", "official_doer"),
        ("Журналист сообщил о задержании вора.", "ru", "role_object"),
        ("Милиция кызматкерлери бул тууралуу билдирди.", "ky", "official_doer"),
    ],
)
def test_who_only_tells_of_it_neither_does_nor_suffers_it(text: str, language: str, role: str) -> None:
    assert role not in found_roles(text, language)


def test_a_letter_that_grows_in_lower_case_raises_nothing() -> None:
    assert isinstance(found_roles("İİ сотрудники ОВД избили журналиста.", "ru"), set)


def test_rules_use_the_roles() -> None:
    book = read_rules()
    windows = RuleMatcher(annotate("Мужчина был избит сотрудниками милиции в Оше.", "", "ru"), book).windows()
    assert any(window.matched & book.bits["official_hurts"] for window in windows)


@pytest.mark.parametrize(("language", "text", "roles"), EXAMPLES)
def test_soft_hyphens_hide_no_role(language: str, text: str, roles: list[str]) -> None:
    assert marks_with_soft_hyphens(text, language) >= set(roles)


def test_soft_hyphens_hide_no_count_and_no_age() -> None:
    text = "В СИЗО избили двенадцать человек: 14 заключенных и 17-летнего парня."
    assert marks_with_soft_hyphens(text, "ru") >= {"counted", "aged"}


def marks_with_soft_hyphens(text: str, language: str) -> set[str]:
    hyphenated = re.sub(r"(?<=\w)(?=\w)", "\u00ad", text)
    return {mark for sentence in annotate(hyphenated, "", language).sentences for mark in marks_of(sentence)}
