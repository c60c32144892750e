"""A name keeps its identity in every case; the endings are in `case_endings.toml`."""

from __future__ import annotations

import pytest

from acca_crawler.dedup import case_endings
from acca_crawler.dedup.countries import country_of
from acca_crawler.dedup.names import same_name
from acca_crawler.text.transliterate import name_key
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(case_endings.__file__, "case_endings.toml")
EXAMPLES = [(language, example) for language, listed in LANGUAGES.items() for example in listed["examples"]]


@pytest.mark.parametrize(("language", "example"), EXAMPLES)
def test_every_form_of_a_name_is_recognised(language: str, example: str) -> None:
    name, *forms = [name_key(word, language=language) for word in example.split()]
    if country := country_of(name):
        assert {form: country_of(form) for form in forms} == dict.fromkeys(forms, country)
    else:
        assert [form for form in forms if not same_name(name, form)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_ending_has_an_example(language: str) -> None:
    shown = set()
    for example in LANGUAGES[language]["examples"]:
        name, *forms = [name_key(word, language=language) for word in example.split()]
        shown |= {form.removeprefix(name) for form in forms}
    assert set(LANGUAGES[language]["endings"]) - shown == set()


@pytest.mark.parametrize(
    "pair",
    [
        "Али Алина",
        "Кари Карина",
        "Ири Ирина",
        "Карима Каримова",
        "Кариму Каримов",
        "Шавката Шавкатовича",
        "Салима Салимовым",
        "Нурбек Нурбеков",
        "Зайниддин Зайниддинов",
        "Раджаб Раджабзода",
        "Рахим Рахман",
        "Жанат Жанар",
        "Марат Мурат",
        "Хасан Хусан",
        "Камал Камил",
        "Асанов Эсенов",
    ],
)
def test_another_name_that_begins_alike_is_another(pair: str) -> None:
    assert not same_name(*map(name_key, pair.split()))


@pytest.mark.parametrize(
    "pair",
    [
        "Юлдашев Yoʻldoshev",
        "Закир Zokir",
        "Мырзабек Мырзабегі",
        "Камила Комил",
        "Джамшид Ҷамшед",
        "Рахманова Raxmonov",
    ],
)
def test_another_spelling_is_the_same_name(pair: str) -> None:
    assert same_name(*map(name_key, pair.split()))
