"""Notices that an article is gone, in every language of the region, and articles that only sound like one."""

from __future__ import annotations

import re

import pytest

from acca_crawler.extract import removal_notices
from acca_crawler.extract.removal_notices import says_gone
from acca_crawler.text.word_lists import any_of, read_word_lists

LANGUAGES = read_word_lists(removal_notices.__file__, "removal_notices.toml")
LONG = " ".join(["Суд города оставил жалобу без рассмотрения."] * 20)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_has_an_example_that_is_recognised(language: str) -> None:
    groups = LANGUAGES[language]
    examples = groups["examples"]
    assert [example for example in examples if says_gone(example, "") is None] == []
    notice = f"(?:{any_of({language: groups}, 'lines')})"
    starts = {"lines": "", "this": "", "after": rf"{notice}\s", "reasons": rf"{notice}\s"}
    for group, start in starts.items():
        patterns = [re.compile(rf"{start}(?:{line})", re.IGNORECASE) for line in groups.get(group, ())]
        assert [one.pattern for one in patterns if not any(map(one.match, examples))] == [], group


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Page not found", "Try a search."),
        ("404 – Tolkun", ""),
        ("Oops! That page can’t be found.", "It looks like nothing was found at this location."),
        ("Nothing Found", "It seems we can’t find what you’re looking for."),
        ("Kostanay: a court hearing", "This article has been removed."),
        ("Страница не найдена | Семь дорог", ""),
        ("В Оше задержан водитель", "Материал удалён."),
        ("Новость снята с публикации", ""),
        ("404 Not Found", "The requested URL was not found on this server."),
        ("Not Found", "Sorry, the page you are looking for could not be found."),
        ("Article withdrawn", "The editors have withdrawn it."),
        ("Такой страницы нет", "Возможно, она была удалена."),
        ("Ой! Такой страницы больше нет", ""),
        ("Новости", "Элемент не найден."),
        ("Наша газета", "Статья удалена автором."),
        ("Наша газета", "Этот материал удалён по требованию прокуратуры."),
        ("Наша газета", "This article was removed at the request of a reader."),
        ("Наша газета", "Запрошенная новость не найдена или была удалена."),
        ("Бет табылмады", "Басты бетке өтіңіз."),
        ("Мақала өшірілді", ""),
        ("Барак табылган жок", ""),
        ("Макала алынып салынган.", ""),
        ("Саҳифа ёфт нашуд", ""),
        ("Хабар ҳазф шудааст", ""),
        ("Sahifa topilmadi", ""),
        ("Maqola oʻchirildi", ""),
        ("Саҳифа топилмади", ""),
        ("Мақола ўчирилган", ""),
        ("Sahypa tapylmady", ""),
        ("Makala aýryldy!", ""),
    ],
)
def test_a_notice_is_one(title: str, text: str) -> None:
    assert says_gone(title, text) is not None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Page of history: the deportation of 1937", LONG),
        ("Страница не найдена: как в Казахстане удаляют статьи о пытках", LONG),
        ("Материал удалён, но вопросы к полиции остались", "Суд города оставил жалобу без рассмотрения."),
        (
            "В Алматы удалили новость о задержании",
            "Материал удалён с сайта по требованию прокуратуры.",
        ),
        ("404 complaints of torture in a year", "Most of them were closed."),
        ("В Оше задержан водитель", LONG + " Материал удалён."),
        ("", ""),
    ],
)
def test_an_article_is_none(title: str, text: str) -> None:
    assert says_gone(title, text) is None
