"""Folding: which letters are one, and which are not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acca_crawler.text.normalise import fold_for_matching, one_script


@pytest.mark.parametrize(
    ("text", "language", "folded"),
    [
        ("Маҳбуси сиёсӣ", "tg", "маҳбуси сиёсӣ"),
        ("ўтаётган гиёҳванд", "uz-Cyrl", "oʻtayotgan giyohvand"),
        ("Счётчик", "ru", "счетчик"),
    ],
)
def test_yo_stays_where_it_is_a_letter_of_its_own(text: str, language: str, folded: str) -> None:
    assert fold_for_matching(text, language).text == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("aiyptalǵan tergeushi", "айыпталған тергеуші"),
        ("beibit keiin", "бейбіт кейін"),
        ("polisia jauapqa", "полисиа жауапқа"),
        ("üşın bılım, jurnalist äieldı", "үшін білім, журналист әйелді"),
        ("Isı boiynşa", "ісі бойынша"),
        ("TÜRMEDE ÖLDI, ISI ASHANADA bır", "түрмеде өлді, ісі ашанада бір"),
        ("bır is bılım", "бір ис білім"),
        ("qaru aluşy ūlyn", "қару алушы ұлын"),
        ("äskeri Washington qyzmetı", "әскери wашингтон қызметі"),
        ("úshin kúdikti", "үшін күдікті"),
    ],
)
def test_later_kazakh_drafts_are_read_too(text: str, folded: str) -> None:
    read = fold_for_matching(text, "kk-Latn")
    assert read.text == folded
    start = folded.index(folded.split()[-1])
    assert read.original[slice(*read.span(start, len(folded)))] == text.split()[-1]


@pytest.mark.parametrize(
    ("text", "folded"),
    [("aıyp", "айып"), ("jappaı", "жаппай"), ("polısııa", "полисииа"), ("tutqyndar", "тұтқындар")],
)
def test_the_dotless_i_of_kazakh_latin_is_two_letters(text: str, folded: str) -> None:
    assert fold_for_matching(text, "kk-Latn").text == folded


@given(text=st.text("aeoxcABdрасеқөәд12_ -.", max_size=30), language=st.sampled_from(["ru", "kk", "uz", "tk", None]))
@settings(deadline=None)
def test_every_word_is_repaired_as_if_it_were_alone(text: str, language: str | None) -> None:
    alone = "".join(one_script(piece, language) for piece in re.split(r"(\w+)", text))
    assert one_script(text, language) == alone


@pytest.mark.parametrize(
    ("text", "language", "repaired"),
    [
        ("(OPEC) AEX", "ru", "(ОРЕС) АЕХ"),  # whole words of Latin homoglyphs
        ("AEX5 AEX_ Apple", "ru", "AEX5 AEX_ Apple"),  # with a digit, a low line or other letters they stay
        ("зад\u0065ржан", "ru", "задержан"),
        ("\u0441lub \u0441\u0430\u0440", "uz", "club cap"),
        ("AEX зад\u0065ржан", None, "AEX задержан"),  # without a language only mixed words
    ],
)
def test_homoglyphs_are_repaired(text: str, language: str | None, repaired: str) -> None:
    assert one_script(text, language) == repaired
