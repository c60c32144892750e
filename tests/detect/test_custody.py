"""Places of custody are facts where a number, a name, a town, a district or an owner tells which one it is."""

from __future__ import annotations

import re
import tomllib

import pytest

from acca_crawler.detect import detect
from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.custody import FILE, custody_places
from acca_crawler.items import LANGUAGES

TABLES = tomllib.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_of_the_word_lists_hold(language: str) -> None:
    for example in TABLES[language]["examples"]:
        read_as = example.get("language", language)
        places = custody_places(annotate(example["text"], "", read_as).sentences, read_as)
        assert [place.name for place in places] == example["found"], example


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_and_opening_has_an_example(language: str) -> None:
    table = TABLES[language]
    found = [name.lower() for example in table["examples"] for name in example["found"]]
    for group, start in {"ordinals": r"\d-", "number_words": r"\w\W"}.items():
        patterns = [re.compile(rf"{start}(?:{line})\b") for line in table.get(group, ())]
        assert [one.pattern for one in patterns if not any(map(one.search, found))] == [], group
    passed = [example["text"].lower() for example in table["examples"] if not example["found"]]
    assert [line for line in table.get("somewhere", ()) if not any(re.match(line, text) for text in passed)] == []


@pytest.mark.parametrize(("stem", "name"), TABLES["ru"]["base_forms"].items())
def test_a_prison_known_by_its_name_is_listed_in_its_base_form(stem: str, name: str) -> None:
    assert stem == name.lower()[: len(stem)]
    text = f"Он умер в тюрьме {stem.capitalize()}е."
    assert [f.value for f in detect(text, language="ru").facts if f.detail == "place of custody"] == [name]


def test_a_place_of_custody_is_a_fact_with_its_words_in_the_text() -> None:
    text = "Милиционеры избили заключённого. Он умер в ИК-17 под Наманганом, родным отдали тело из ИК-17."
    places = [fact for fact in detect(text, language="ru").facts if fact.detail == "place of custody"]
    assert [(place.value, text[place.span.start : place.span.end]) for place in places] == [("ИК-17", "ИК-17")]
