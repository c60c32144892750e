"""Whole judgements: level, category, country and why, from the outside."""

from __future__ import annotations

import pytest

from acca_crawler.detect import detect
from acca_crawler.detect.rationale import MAX_SPANS


@pytest.mark.parametrize(
    ("language", "title", "text", "category", "country"),
    [
        (
            "ru",
            "В Бишкеке задержанный пожаловался на пытки",
            "Двое оперативников избили 20-летнего Азата Мамырова в РОВД, надели ему на голову пакет и требовали "
            "признания. Его мать подала жалобу.",
            "torture",
            "KG",
        ),
        (
            "en",
            "Activist detained in Almaty",
            "Police detained activist Sara Omarova at her home in Almaty and did not let her lawyer in.",
            "arbitrary_detention",
            "KZ",
        ),
        (
            "tg",
            "",
            "Як маҳбус дар зиндони Душанбе баъди латукӯб ҷон дод. Хешовандон мегӯянд, ки ӯро шиканҷа кардаанд.",
            "death_in_custody",
            "TJ",
        ),
        (
            "uz",
            "Samarqandda mahbus vafot etdi",
            "Qamoqxonada 30 yoshli mahbus Jasur Olimov vafot etdi, onasi uning jasadida kaltak izlari borligini aytdi.",
            "death_in_custody",
            "UZ",
        ),
    ],
)
def test_a_report_of_abuse_is_an_alert(language: str, title: str, text: str, category: str, country: str) -> None:
    detection = detect(text, title=title, language=language)
    assert detection.level == "alert"
    assert category in detection.categories
    assert detection.country == country
    assert detection.reasons


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("ru", "Рейс задержан", "В аэропорту Алматы из-за тумана задержан рейс на Астану."),
        ("ru", "Задержан угонщик", "В Оше милиция задержала мужчину, подозреваемого в краже автомобиля."),
        ("en", "Striker beat the goalkeeper", "The team beat its rivals 3-1 in Tashkent."),
        ("uz", "Oʻgʻri ushlandi", "Toshkentda ichki ishlar xodimlari oʻgʻrilikda gumon qilingan shaxsni qoʻlga oldi."),
        ("ar", "", "جۇرتقا جاقىن پوليتسيا"),
    ],
)
def test_ordinary_news_is_ignored(language: str, title: str, text: str) -> None:
    assert detect(text, title=title, language=language).level == "ignore"


def test_spans_quote_the_given_text() -> None:
    text = "В\u00adчера в Бишкеке милиционеры из\u00adбили журналиста в РОВД."
    detection = detect(text, language="ru")
    assert detection.spans
    for span in detection.spans:
        assert text[span.start : span.end] == span.quote


def test_the_words_that_decided_come_first_and_once() -> None:
    text = (
        "The council met in Osh on Monday. Roads were discussed at length.\n\n"
        "Police officers beat human rights activists in a remand prison in Osh, the activists said. "
        "The officers used electric shocks.\n\nA court in Osh will hear the case of the activists."
    )
    quotes = [span.quote for span in detect(text, language="en").spans]
    assert quotes[0] == "beat human rights activists"
    assert quotes.index("electric shocks") < quotes.index("activists")
    spans = [span for span in detect(text, language="en").spans if span.rule.startswith("en.victim_role")]
    assert all(one.end <= other.start or other.end <= one.start for one in spans for other in spans if one != other)


def test_a_word_that_gave_nothing_comes_after_those_that_decided() -> None:
    text = "A court spokesman in Bishkek spoke. Police tortured the detainee Azat Mamyrov in a cell in Bishkek."
    quotes = [span.quote for span in detect(text, language="en").spans]
    assert quotes[0] == "Police tortured"
    assert "court" in quotes[2:]


def test_a_long_report_brings_no_more_words_than_anybody_reads() -> None:
    text = "Police tortured a detainee, broke his legs and beat his lawyer in a remand prison in Osh. " * 60
    assert len(detect(text, language="en").spans) == MAX_SPANS
