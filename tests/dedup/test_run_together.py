"""Sentences that were run together, and pointers to other articles among them."""

from __future__ import annotations

import time

import pytest

from acca_crawler.dedup.document import Document
from acca_crawler.dedup.run_together import is_dated_headline, separated
from acca_crawler.dedup.words import read


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Суд начался, передаёт Kalem.kg.Судья зачитал обвинение.",
            ["Суд начался, передаёт Kalem.kg.", "Судья зачитал обвинение."],
        ),
        (
            'Адвокат сказал: "Мы подадим жалобу"."Он невиновен", - говорит мать.',
            ['Адвокат сказал: "Мы подадим жалобу".', '"Он невиновен", - говорит мать.'],
        ),
        (
            "Ещё новости■Задержан водитель15 апреля 2024 14:53■Погода на юге9 мая 2024, 7:05В Оше открыт мост.",
            [
                "Ещё новости■",
                "Задержан водитель15 апреля 2024 14:53",
                "■Погода на юге9 мая 2024, 7:05",
                "В Оше открыт мост.",
            ],
        ),
        ("Sud boshlandi.Sudya hukmni oʻqidi", ["Sud boshlandi.", "Sudya hukmni oʻqidi"]),
        ("Сот башталды!Айыптоо окулду", ["Сот башталды!", "Айыптоо окулду"]),
        ("Он живёт на ул.Абая в г.Ош, пишет kalem.media и gazeta.kg", None),
        ("Начало в 14:53Б, по адресу А.Токомбаева", None),
        ("Слушание 15 апреля 2024, 14:53 в зале суда", None),
    ],
)
def test_sentences_are_taken_apart(text: str, parts: list[str] | None) -> None:
    assert [text[start:end] for start, end in separated(text, [(0, len(text))])] == (parts or [text])


@pytest.mark.parametrize(
    ("sentence", "points"),
    [
        ("Задержан водитель15 апреля 2024 14:53", True),
        ("Haydovchi qoʻlga olindi 2024-yil 15-aprel, 14:53", True),
        ("Айдоочу кармалды 15.04.2024 14:53", True),
        ("Водителя задержали 15 апреля 2024 года в 14:53.", False),
        ("Водителя задержали 15 апреля", False),
    ],
)
def test_a_headline_with_the_time_of_another_article_is_known(sentence: str, points: bool) -> None:
    assert is_dated_headline(sentence) is points


def test_what_a_run_together_text_points_to_and_recalls_is_no_evidence() -> None:
    text = (
        "Министр осмотрел мост, передаёт Kalem.kg.Продолжение■Дожди размыли дорогу13 апреля 2024 11:19"
        "Работы закончат осенью.Напомним, весной здесь утонул Бакыт Сатыбаев."
    )
    assert [part.recalled for part in read("Мост", text, "ru").parts] == [False, True, True, False, True]
    profile = Document("Мост", text, "ru").profile
    assert not {"bakit", "doji"} & profile.stems and "osen" in "".join(profile.stems)


def test_a_text_full_of_times_of_day_takes_no_quadratic_time() -> None:
    text = "1:12а" * 20_000
    began = time.process_time()
    assert list(separated(text, [(0, len(text))])) == [(0, len(text))]
    assert time.process_time() - began < 5  # a minute and more where each looks at all before it
