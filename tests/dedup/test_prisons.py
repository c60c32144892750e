"""Names of one place of custody are known as one, with its abbreviation too."""

from __future__ import annotations

import pytest

from acca_crawler.dedup.prisons import may_be_same_prison, same_prison


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("СИЗО Бишкека", "следственном изоляторе № 1 Бишкека", True),
        ("СИЗО-1 Бишкека", "следственный изолятор № 1", True),
        ("ИВС Оша", "изоляторе временного содержания Оша", True),
        ("ИК-16", "исправительной колонии № 16", True),
        ("нарынский изолятор", "изолятор Нарына", True),
        ("СИЗО Бишкека", "СИЗО Оша", False),
        ("следственный изолятор № 1 Бишкека", "СИЗО № 5 Бишкека", False),
        ("ИВС Бишкека", "СИЗО Бишкека", False),
    ],
)
def test_names_of_one_place(one: str, other: str, same: bool) -> None:
    assert same_prison(one, other) is same
    assert same_prison(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("следственном изоляторе № 1", "СИЗО Бишкека", True),
        ("СИЗО № 1", "СИЗО № 5 Бишкека", False),
        ("СИЗО Бишкека", "СИЗО Оша", False),
        ("ИВС", "СИЗО Бишкека", False),
    ],
)
def test_a_number_does_not_contradict_a_town(one: str, other: str, same: bool) -> None:
    assert may_be_same_prison(one, other) is same
    assert may_be_same_prison(other, one) is same
