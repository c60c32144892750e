"""Folding: which letters are one, and which are not."""

from __future__ import annotations

import pytest

from acca_crawler.text.normalise import fold


@pytest.mark.parametrize(
    ("text", "language", "folded"),
    [
        ("Маҳбуси сиёсӣ", "tg", "маҳбуси сиёсӣ"),
        ("ўтаётган гиёҳванд", "uz-Cyrl", "oʻtayotgan giyohvand"),
        ("Счётчик", "ru", "счетчик"),
    ],
)
def test_yo_stays_where_it_is_a_letter_of_its_own(text: str, language: str, folded: str) -> None:
    assert fold(text, language).text == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [("aıyp", "айып"), ("jappaı", "жаппай"), ("polısııa", "полисииа"), ("tutqyndar", "тұтқындар")],
)
def test_the_dotless_i_of_kazakh_latin_is_two_letters(text: str, folded: str) -> None:
    assert fold(text, "kk-Latn").text == folded
