"""Reports about one person find each other across scripts; namesakes, relatives and officials stay apart."""

from __future__ import annotations

import re

import pytest

from acca_crawler.cases import matching
from acca_crawler.cases.matching import age_beside, year_of_birth
from acca_crawler.cases.names import name_of, same_name
from acca_crawler.cases.steps import steps_of
from acca_crawler.text.word_lists import read_word_lists
from benchmarks.cases import measure, own_reports

AGES = read_word_lists(matching.__file__, "ages.toml")


def test_suggestions_are_right_on_the_labelled_reports() -> None:
    """As `benchmarks/cases.py` measures it; what is missed is mostly a name that detection did not read."""
    quality = measure(own_reports())
    assert quality.precision >= 0.97
    assert quality.recall >= 0.8
    assert quality.suggested >= 40


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Болот Темирбаев", "Bolot Temirbaev", True),
        ("Темирбаев Болот Асанович", "Болот Темирбаев", True),
        ("Aziz Yoʻldoshev", "Азиз Юлдашев", True),
        ("Нұрлан Ермеков", "Nurlan Yermekov", True),
        ("Serdar Orazow", "Сердар Оразов", True),
        ("Азиз Юлдашев", "Азиза Юлдашева", False),
        ("Чолпон Бекова", "Чолпонбек Беков", False),
        ("Исмаилов Мухаммад Каримович", "Мухаммад Саидович Исмаилов", False),
        ("Темирбаев", "Болот Темирбаев", False),
        ("Азамат Болот уулу", "Азамат Болотов", True),
        ("Азамат Болот уулу", "Азамат Болот кызы", False),
    ],
)
def test_names_are_compared_across_scripts(one: str, other: str, same: bool) -> None:
    assert same_name(name_of(one), name_of(other)) is same
    if same:
        assert set(name_of(one).keys) & set(name_of(other).keys)


@pytest.mark.parametrize("language", AGES)
def test_every_word_of_an_age_has_an_example_that_is_read(language: str) -> None:
    examples = AGES[language]["examples"]
    assert {text: age_beside(text, "Asan" if "Asan" in text else "Асан") for text in examples} == examples
    patterns = [re.compile(rf"\d[- ]?(?:{line})") for line in AGES[language]["years"]]
    assert [one.pattern for one in patterns if not any(map(one.search, examples))] == []


@pytest.mark.parametrize(
    "text", ["Асан получил 12 человек в помощь", "Asan was held for 15 days", "Асана били 20 минут"]
)
def test_another_number_beside_the_name_is_no_age(text: str) -> None:
    assert age_beside(text, "Asan" if "Asan" in text else "Асан") is None


def test_the_age_beside_the_name_gives_the_year_of_birth() -> None:
    assert year_of_birth("Избили 34-летнего Дилшода Каримова.", "Дилшода Каримова", "2023-02-10") == 1989
    assert year_of_birth("Aibek Example, 45, was beaten.", "Aibek Example", "2025-02-10") == 1980
    assert year_of_birth("Избили Дилшода Каримова.", "Дилшода Каримова", "2023-02-10") is None


@pytest.mark.parametrize(
    ("text", "language", "categories", "stages", "steps"),
    [
        ("Он объявил голодовку.", "ru", ("torture",), (), ["hunger_strike", "torture"]),
        ("Суд продлил ему арест на месяц.", "ru", ("arbitrary_detention",), (), ["extended", "detained"]),
        ("A court sentenced him to six years.", "en", (), ("verdict",), ["verdict"]),
        ("He died in a cell.", "en", ("death_in_custody",), (), ["died"]),
        ("Nothing.", None, (), (), ["other"]),
    ],
)
def test_the_step_of_the_case_is_named(
    text: str, language: str | None, categories: tuple[str, ...], stages: tuple[str, ...], steps: list[str]
) -> None:
    assert steps_of("", text, language, categories, stages) == steps
