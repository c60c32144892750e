"""The name of a place of custody is in its base form."""

from __future__ import annotations

import pytest

from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.custody_names import custody_name
from acca_crawler.detect.facts import facts_of


@pytest.mark.parametrize(
    ("name", "language", "base"),
    [
        ("следственном изоляторе в Ургенче", "ru", "следственный изолятор в Ургенче"),
        ("колонии-поселения № 43", "ru", "колония-поселение № 43"),
        ("колониях Навоийской области", "ru", "колонии Навоийской области"),
        ("колонию №3", "ru", "колония №3"),
        ("Свердловском РУВД", "ru", "Свердловское РУВД"),
        ("женской ИК-2", "ru", "женская ИК-2"),
        ("СИЗО-1", "ru", "СИЗО-1"),
        ("Жаслыке", "ru", "Жаслык"),
        ("Алматыдағы тергеу изоляторында", "kk", "Алматыдағы тергеу изоляторы"),
        ("№16 колонияда", "kk", "№16 колония"),
        ("УКМКнын тергөө абагында", "ky", "УКМКнын тергөө абагы"),
        ("27-колонияга", "ky", "27-колония"),
        ("Urganch shahridagi tergov hibsxonasida", "uz", "Urganch shahridagi tergov hibsxonasi"),
        ("ДХХ тергов изоляторида", "uz-Cyrl", "ДХХ тергов изолятори"),
        ("Aşgabat şäherindäki türmede", "tk", "Aşgabat şäherindäki türme"),
        ("LB-K/12", "tk", "LB-K/12"),
        ("зиндони Душанбе", "tg", "зиндони Душанбе"),
        ("Karaganda prison", "en", "Karaganda prison"),
    ],
)
def test_a_place_of_custody_is_in_its_base_form(name: str, language: str, base: str) -> None:
    assert custody_name(name, language) == base


def test_the_town_of_a_prison_may_be_in_no_list() -> None:
    text = "Уни Пойгоҳкўлдаги колонияда қийнашди. Кейин у колонияда ўлди."
    places = [fact for fact in facts_of(annotate(text, "", "uz-Cyrl")) if fact.detail == "place of custody"]
    assert [place.value for place in places] == ["Пойгоҳкўлдаги колония"]
