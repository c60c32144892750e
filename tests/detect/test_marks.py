"""A count of people is known in every language, and a number of days, money or kilometres is none."""

from __future__ import annotations

import pytest

from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.rules import marks_of


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Семеро задержанных доставлены в отдел"),
        ("ru", "Десятки жителей задержаны у мэрии"),
        ("ky", "Беш тургун кармалды"),
        ("ky", "Ондогон адам камалды"),
        ("kk", "Төрт белсенді ұсталды"),
        ("kk", "Ондаған тұрғын қамалды"),
        ("uz", "Uch nafar faol ushlandi"),
        ("uz-Cyrl", "Тўрт нафар аёл ушланди"),
        ("tg", "Панҷ нафар боздошт шуд"),
        ("tk", "Dört aýal tussag edildi"),
        ("en", "Dozens of residents were detained"),
        ("en", "Police detained 12 residents"),
    ],
)
def test_people_are_counted(language: str, text: str) -> None:
    assert "counted" in marks(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Дорога закрыта на 15 суток"),
        ("ru", "Штраф составил 300 рублей"),
        ("ky", "Жол 15 күнгө жабылды"),
        ("ky", "Баасы 300 сомго чейин кымбаттады"),
        ("kk", "Жол 10 сағатқа жабылды"),
        ("uz", "Yoʻl 5 kunga yopildi"),
        ("tg", "Нархи он 50 сомонӣ аст"),
        ("tk", "Bahasy 20 manat boldy"),
        ("en", "The road was closed for three days"),
    ],
)
def test_days_and_money_are_no_people(language: str, text: str) -> None:
    assert "counted" not in marks(text, language)


def marks(text: str, language: str) -> set[str]:
    return {mark for sentence in annotate(text, "", language).sentences for mark in marks_of(sentence)}
