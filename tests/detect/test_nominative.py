"""Persons are listed in the nominative, the form of the text kept beside it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from acca_crawler.detect import detect
from acca_crawler.detect.name_words import FILE
from acca_crawler.detect.nominative import nominative

MENTIONS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "benchmarks" / "data" / "names.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.mark.parametrize("language", sorted({row["lang"] for row in MENTIONS}))
def test_nearly_every_mention_is_given_in_the_nominative(language: str) -> None:
    rows = [row for row in MENTIONS if row["lang"] == language]
    given = [nominative(row["form"], language, row["before"], row["after"], row["others"]) for row in rows]
    assert sum(one == row["name"] for one, row in zip(given, rows, strict=True)) >= 0.95 * len(rows)


def test_the_examples_of_the_word_lists_hold() -> None:
    examples = tomllib.loads(FILE.read_text(encoding="utf-8"))["example"]
    assert {example["language"] for example in examples} >= {"ru", "kk", "ky", "tg", "uz", "uz-Cyrl", "tk", "en"}
    for example in examples:
        given = nominative(example["form"], example["language"], example.get("before", ""), "", ())
        assert given == example["name"], example


def test_a_man_in_the_genitive_is_not_listed_as_a_woman() -> None:
    text = "Суд в Ташкенте приговорил блогера Азиза Мирзаахмедова к пяти годам, в колонии его избили надзиратели."
    persons = [fact for fact in detect(text, language="ru").facts if fact.kind == "person"]
    assert [(person.value, person.span.quote) for person in persons] == [("Азиз Мирзаахмедов", "Азиза Мирзаахмедова")]


def test_a_woman_in_the_nominative_stays_one() -> None:
    assert nominative("Азиза Мирзаахмедова", "ru", "", " заявила, что", ()) == "Азиза Мирзаахмедова"


def test_other_mentions_decide_where_an_ending_is_ambiguous() -> None:
    assert nominative("Batyr Amanowa", "tk", "", " hat ýazdy", ("Amanow",)) == "Batyr Amanow"
    assert nominative("Aýna Amanowa", "tk", "", " hat ýazdy", ()) == "Aýna Amanowa"


@pytest.mark.parametrize("name", ["", "А", "А. Б", "Ли-", "-", "Уулу", "Ooo O", "Ёёё Ъъъ"])
@pytest.mark.parametrize("language", ["ru", "kk", "ky", "tg", "uz", "uz-Cyrl", "tk", "en", "kk-Latn"])
def test_no_name_raises(name: str, language: str) -> None:
    assert isinstance(nominative(name, language, "против ", " сказал", {name, "Асанов"}), str)
