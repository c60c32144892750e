"""Places of custody are facts where a number, a name, a town, a district or an owner tells which one it is."""

from __future__ import annotations

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


def test_a_place_of_custody_is_a_fact_with_its_words_in_the_text() -> None:
    text = "Милиционеры избили заключённого. Он умер в ИК-17 под Наманганом, родным отдали тело из ИК-17."
    places = [fact for fact in detect(text, language="ru").facts if fact.detail == "place of custody"]
    assert [(place.value, text[place.span.start : place.span.end]) for place in places] == [("ИК-17", "ИК-17")]
