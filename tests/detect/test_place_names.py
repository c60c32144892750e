"""Towns are in their base form whatever case the text has; a word beside them finds places that no list has."""

from __future__ import annotations

import re
import tomllib

import pytest

from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.facts import facts_of
from acca_crawler.detect.lexicon import places_for
from acca_crawler.detect.place_names import FILE, base_form

TABLES = tomllib.loads(FILE.read_text(encoding="utf-8"))["kinds"]


@pytest.mark.parametrize(
    ("quote", "language", "name"),
    [
        ("Худжанде", "ru", "Худжанд"),
        ("Хиве", "ru", "Хива"),
        ("Каршинского", "ru", "Карши"),
        ("Кувинского", "ru", "Кувинский"),
        ("района Рудаки", "ru", "Рудаки"),
        ("Турсунзаде", "ru", "Турсунзаде"),
        ("Семее", "ru", "Семей"),
        ("Қизилтепадан", "uz-Cyrl", "Қизилтепа"),
        ("Termizdagi", "uz", "Termiz"),
        ("Qarshi shahrida", "uz", "Qarshi"),
        ("Ноокаттагы", "ky", "Ноокат"),
        ("Кеминдин", "ky", "Кемин"),
        ("Жаңаөзенде", "kk", "Жаңаөзен"),
        ("Лисаковта", "kk", "Лисаковск"),
        ("Хуҷандро", "tg", "Хуҷанд"),
        ("Türkmenabatdaky", "tk", "Türkmenabat"),
        ("Khujand", "en", "Khujand"),
        ("Нигдеевка", "ru", "Нигдеевка"),
    ],
)
def test_a_town_is_in_its_base_form(quote: str, language: str, name: str) -> None:
    assert base_form(quote, language) == name


@pytest.mark.parametrize("language", ["kk", "ky", "tg", "uz", "tk"])
def test_a_name_of_ones_own_language_keeps_its_spelling(language: str) -> None:
    national = {"kk": "KZ", "ky": "KG", "tg": "TJ", "uz": "UZ", "tk": "TM"}[language]
    stems = [
        pattern.removesuffix(r"\w*")
        for place, pattern in places_for(language)
        if place.level == "town" and place.country == national
    ]
    names = [stem for stem in stems if " " not in stem]
    changed = [stem for stem in names if not base_form(stem, language).lower().startswith(stem[:3])]
    assert len(names) > 20
    assert changed == []


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("Дар деҳаи Навкорами ноҳияи Рашт милиса ҷавонро лату кӯб кард.", "tg", ["Навкорам", "Рашт"]),
        ("Нарын облусунун Баетов айылында милиция жигитти кыйнады.", "ky", ["Баетов"]),
        ("Полиция Түркістан облысының Қайнарлы ауылында жігітті қинады.", "kk", ["Қайнарлы"]),
        ("Polisiýa Balkan welaýatynyň Gyzylgaýa obasynda oglany gynady.", "tk", ["Gyzylgaýa"]),
        ("Тошкент вилоятининг Пойгоҳ қишлоғида маҳкумни қийнашди.", "uz-Cyrl", ["Пойгоҳ"]),
        ("Милиционеры избили жителя Бувайдинского района в селе Кызыл-Туу.", "ru", ["Бувайдинский район", "Кызыл-Туу"]),
        ("Милиционеры избили его в селе Тепличном Шетского района.", "ru", ["Тепличное", "Шетский район"]),
        ("Police tortured a man in the village of Kyzyl-Tuu near Osh.", "en", ["Kyzyl-Tuu"]),
        ("Милиционеры избили его в Нукусе. Жители Нукуса и Термеза протестуют.", "ru", ["Нукус", "Термез"]),
        ("Суд по нукусским событиям в Бухаре: подсудимых избили в изоляторе.", "ru", []),
        ("Анын айылында милиция жигитти кыйнады.", "ky", []),
    ],
)
def test_places_are_listed_once_and_unlisted_ones_by_what_they_are(text: str, language: str, names: list[str]) -> None:
    facts = facts_of(annotate(text, "", language), "UZ")
    places = [fact for fact in facts if fact.kind == "place" and fact.detail != "place of custody"]
    assert [fact.value for fact in places] == names
    for fact in places:
        assert text[fact.span.start : fact.span.end] == fact.span.quote


@pytest.mark.parametrize("language", TABLES)
def test_every_word_for_a_place_in_a_stem_has_such_a_stem(language: str) -> None:
    stems = [pattern.removesuffix(r"\w*") for place, pattern in places_for(language) if place.level == "town"]
    first = [
        line for line in TABLES[language].get("stem_first", ()) if not any(map(re.compile(rf"{line}.* ").match, stems))
    ]
    last = [
        line for line in TABLES[language].get("stem_last", ()) if not any(map(re.compile(rf".* {line}").match, stems))
    ]
    assert first + last == []
