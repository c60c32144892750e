"""Lines that change without an edit, and sentences whose numbers are facts."""

from __future__ import annotations

import pytest

from acca_crawler.dedup.volatile import is_volatile, settled


@pytest.mark.parametrize(
    "line",
    [
        *("Обновлено 5 минут назад", "Updated 2 hours ago", "Просмотров: 1 204", "354 views", "Комментарии (5)"),
        *("12:45", "Курс доллара 87,4", "Обновлено: 28.11.2026 10:15", "Қаралым: 77", "10 soat oldin"),
    ],
)
def test_clocks_and_counters_change_by_themselves(line: str) -> None:
    assert is_volatile(line)
    assert settled(f"One.\n\n{line}\n\nTwo.") == "One.\n\nTwo."


@pytest.mark.parametrize(
    "line",
    [
        *("Погибли 5 человек.", "Суд приговорил его к 7 годам.", "Обновлено здание суда", "He was held for 5 days."),
        "Два часа назад сотрудники милиции задержали в городе 12 человек, сообщили журналистам их родственники.",
    ],
)
def test_sentences_with_numbers_are_facts(line: str) -> None:
    assert not is_volatile(line)
