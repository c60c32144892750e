"""A place is one place, whatever language spells it and whatever ending it has."""

from __future__ import annotations

import pytest

from acca_crawler.dedup.places import place_of
from acca_crawler.text.transliterate import fold


@pytest.mark.parametrize(
    "spellings",
    [
        "Алматы Almaty Алматыда Олмаота Olmaota Алмаато",
        "Бишкек Bishkek Bişkek Бишкекте Бишкеке",
        "Ош Ўш Osh Оше",
        "Душанбе Dushanbe Duşenbe Душанбеда",
        "Худжанд Хуҷанд Khujand Xoʻjand Xoʻjandda",
        "Хорог Khorog Xorugʻ",
    ],
)
def test_spellings_of_one_place(spellings: str) -> None:
    found = {place_of(fold(spelling)) for spelling in spellings.split()}
    assert len(found) == 1 and None not in found


@pytest.mark.parametrize(
    "word",
    ["Токошев", "Айнура", "милиция", "Bekova", "суд", "Сардор", "Sardorning", "Dushanba", "душанба", "Уральская"],
)
def test_other_words_are_no_places(word: str) -> None:
    assert place_of(fold(word)) is None


def test_different_places_stay_apart() -> None:
    places = ("Нарын", "Токмок", "Каракол", "Ош", "Бишкек", "Алматы", "Астана", "Шымкент", "Ташкент", "Худжанд")
    assert len({place_of(fold(place)) for place in places}) == len(places)
