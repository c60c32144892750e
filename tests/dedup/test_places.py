"""A place is one place, whatever language spells it and whatever ending it has."""

from __future__ import annotations

import pytest

from acca_crawler.dedup.places import place_of
from acca_crawler.text.transliterate import name_key


@pytest.mark.parametrize(
    "spellings",
    [
        "Алматы Almaty Алматыда Олмаота Olmaota Алмаато",
        "Бишкек Bishkek Bişkek Бишкекте Бишкеке",
        "Ош Ўш Osh Оше",
        "Душанбе Dushanbe Duşenbe Душанбеда",
        "Худжанд Хуҷанд Khujand Xoʻjand Xoʻjandda",
        "Хорог Khorog Xorugʻ",
        "Актау Ақтау Ақтауда Aqtau",
    ],
)
def test_spellings_of_one_place(spellings: str) -> None:
    found = {place_of(name_key(spelling)) for spelling in spellings.split()}
    assert len(found) == 1 and None not in found


@pytest.mark.parametrize(
    "word",
    ["Токошев", "Айнура", "милиция", "Bekova", "суд", "Сардор", "Sardorning", "Dushanba", "душанба", "Уральская"],
)
def test_other_words_are_no_places(word: str) -> None:
    assert place_of(name_key(word)) is None


@pytest.mark.parametrize(
    ("spellings", "code"),
    [
        ("Япония Японии Японией Japan Japan’s Yaponiyada Жапонияның", "jp"),
        ("Турции Турцию Turkey Türkiyeden Туркияда", "tr"),
        ("Китай Китаем Китае Xitoyning China", "cn"),
        ("Саудовской Аравии", "sa"),
        ("США AQSh USA Америка", "us"),
    ],
)
def test_a_country_outside_the_region_is_a_place_and_no_person(spellings: str, code: str) -> None:
    assert {place_of(name_key(spelling)) for spelling in spellings.split()} == {code}


@pytest.mark.parametrize("name", ["Индира", "Дана", "Кубанычбек", "Оманов", "Маликов", "Germanov", "Georgia"])
def test_a_persons_name_is_no_country(name: str) -> None:
    assert place_of(name_key(name)) is None


def test_different_places_stay_apart() -> None:
    places = ("Нарын", "Токмок", "Каракол", "Ош", "Бишкек", "Алматы", "Астана", "Шымкент", "Ташкент", "Худжанд")
    assert len({place_of(name_key(place)) for place in places}) == len(places)
