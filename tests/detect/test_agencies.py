"""State bodies are facts under one name and meaning, in whatever form the text has them."""

from __future__ import annotations

import tomllib

import pytest

from acca_crawler.detect import detect
from acca_crawler.detect.agencies import FILE, agencies
from acca_crawler.detect.annotate import annotate
from acca_crawler.items import LANGUAGES

TABLES = tomllib.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_of_the_word_lists_hold(language: str) -> None:
    for example in TABLES[language]["examples"]:
        read_as = example.get("language", language)
        found = agencies(annotate(example["text"], "", read_as).sentences, read_as)
        assert list(dict.fromkeys(one.kind for one in found)) == example["kinds"], example


def test_a_body_is_listed_whether_it_acts_holds_or_answers() -> None:
    text = "В Оше сотрудники РОВД избили задержанного. В пресс-службе МВД пообещали проверку. ГКНБ не ответил."
    found = [fact for fact in detect(text, language="ru").facts if fact.kind == "agency"]
    assert [(fact.value, fact.detail) for fact in found] == [
        ("полиция", "police"),
        ("МВД", "interior ministry"),
        ("спецслужбы", "security services"),
    ]
