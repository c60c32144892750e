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
    [
        ("aiyptalǵan tergeushi", "айыпталған тергеуші"),
        ("beibit keiin", "бейбіт кейін"),
        ("polisia jauapqa", "полисиа жауапқа"),
        ("üşın bılım, jurnalist äieldı", "үшін білім, жұрналист әйелді"),
        ("úshin kúdikti", "үшін күдікті"),
    ],
)
def test_later_kazakh_drafts_are_read_too(text: str, folded: str) -> None:
    read = fold(text, "kk-Latn")
    assert read.text == folded
    start = folded.index(folded.split()[-1])
    assert read.original[slice(*read.span(start, len(folded)))] == text.split()[-1]


@pytest.mark.parametrize(
    ("text", "folded"),
    [("aıyp", "айып"), ("jappaı", "жаппай"), ("polısııa", "полисииа"), ("tutqyndar", "тұтқындар")],
)
def test_the_dotless_i_of_kazakh_latin_is_two_letters(text: str, folded: str) -> None:
    assert fold(text, "kk-Latn").text == folded
