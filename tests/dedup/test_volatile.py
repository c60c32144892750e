"""Lines that change without an edit, and sentences whose numbers are facts."""

from __future__ import annotations

import re

import pytest

from acca_crawler.dedup import volatile
from acca_crawler.dedup.volatile import is_volatile, settled
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(volatile.__file__, "volatile.toml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_list_has_an_example_that_is_cut(language: str) -> None:
    examples = LANGUAGES[language]["examples"]
    assert [example for example in examples if not is_volatile(example)] == []
    for group, lines in LANGUAGES[language].items():
        alone = [line for line in lines if not any(has(line, example) for example in examples)]
        assert group == "examples" or alone == [], group


def has(line: str, example: str) -> bool:
    """Whether an example has a word of the list."""
    return re.search(rf"(?<!\w)(?:{line})(?!\w)", example, re.IGNORECASE) is not None


@pytest.mark.parametrize(
    "line",
    [
        *("Обновлено 5 минут назад", "Updated 2 hours ago", "Просмотров: 1 204", "354 views", "Комментарии (5)"),
        *(
            "Прочитано 35 раз",
            "O'qildi: 120",
            "Бозид: 120",
            "Last update 15:04",
            "1.2K views",
            "👁 1204",
            "Kurs: 12 650",
        ),
        *("USD 87,45 EUR 95,10", "+12°C Бишкек", "Погода: -3 °C", "Суббота, 28 ноября", "28 ноября 2026, 15:04:22"),
        *("час назад", "Сгенерировано за 0.034 сек.", "До Нового года осталось 33 дня", "Посещений сегодня: 123"),
        *("Рейтинг: 4.3/5 (12 голосов)", "4,5 из 5", "27 голосов", "Нравится 5", "Понравилось 7 читателям"),
        *("Сегодня 29 ноября, воскресенье", "Сегодня, 29 ноября"),
        *("12:45", "Курс доллара 87,4", "Обновлено: 28.11.2026 10:15", "Қаралым: 77", "10 soat oldin"),
    ],
)
def test_clocks_and_counters_change_by_themselves(line: str) -> None:
    assert is_volatile(line)
    assert settled(f"One.\n\n{line}\n\nTwo.") == "One.\n\nTwo."


@pytest.mark.parametrize(
    "line",
    [
        *("Судья прочитала приговор 12 активистам", "Суд осталось 3 дела", "28 ноября 2026 года его увезли в 15:04"),
        *("Вчера задержали 12 человек", "Рейтинг страны упал на 12 мест", "Четверг стал 12 днём голодовки"),
        *("Голосов не хватило 5 депутатам фракции", "Он сидит с 29 ноября", "4 из 5 задержанных отпустили"),
        *("Погибли 5 человек.", "Суд приговорил его к 7 годам.", "Обновлено здание суда", "He was held for 5 days."),
        "Два часа назад сотрудники милиции задержали в городе 12 человек, сообщили журналистам их родственники.",
    ],
)
def test_sentences_with_numbers_are_facts(line: str) -> None:
    assert not is_volatile(line)
