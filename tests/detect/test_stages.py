"""How far a case is, in the words of each language."""

from __future__ import annotations

import pytest

from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.facts import facts_of


@pytest.mark.parametrize(
    ("text", "language", "stage"),
    [
        ("Блогер сообщил о нападении сотрудников милиции в Оше.", "ru", "allegation"),
        ("Об избиении в милиции Оша начато следствие.", "ru", "investigation"),
        ("В Оше суд назначил активисту административный арест на 10 суток.", "ru", "verdict"),
        ("Суд в Хиве вынес решение по делу о пытках.", "ru", "verdict"),
        ("Милиция ИИМ кыйноо тууралуу маалыматты четке какты.", "ky", "denial"),
        ("Кыйноо боюнча кылмыш иши козголду.", "ky", "investigation"),
        ("Азаптау бойынша сотқа дейінгі тергеп-тексеру басталды.", "kk", "investigation"),
        ("Қийноқ ҳақидаги маълумот ҳақиқатга мос келмайди, дейди ИИВ.", "uz-Cyrl", "denial"),
        ("Qiynoq boʻyicha jinoyat ishi qoʻzgʻatildi.", "uz", "investigation"),
        ("Дар бораи шиканҷа санҷиш гузаронида шуд.", "tg", "investigation"),
        ("Ony gynadylar, soň iki ýyl azatlykdan mahrum etdiler.", "tk", "verdict"),
        ("The man tortured in Osh was fined by a court.", "en", "verdict"),
    ],
)
def test_a_stage_is_told_by_the_words_of_a_language(text: str, language: str, stage: str) -> None:
    facts = [fact for fact in facts_of(annotate(text, "", language)) if fact.kind == "stage"]
    assert stage in {fact.value for fact in facts}
    assert all(text[fact.span.start : fact.span.end] == fact.span.quote for fact in facts)


def test_a_court_that_orders_an_examination_has_given_no_verdict() -> None:
    facts = facts_of(annotate("Суд по делу о пытках в Оше назначил экспертизу.", "", "ru"))
    assert "verdict" not in {fact.value for fact in facts if fact.kind == "stage"}
