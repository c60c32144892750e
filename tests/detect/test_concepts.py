"""What all languages share: groups of terms that stand in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from acca_crawler.detect import detect
from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.concepts import Concepts, count_concepts, read_concepts, write_concepts
from acca_crawler.detect.detector import shipped_model
from acca_crawler.detect.languages import reading_language
from acca_crawler.detect.rules import read_rules
from acca_crawler.detect.windows import RuleMatcher

TOLD = {
    "ru": "В Бишкеке милиция задержала журналиста.",
    "ky": "Бишкекте милиция журналистти кармады.",
    "kk": "Алматыда полиция журналисті ұстады.",
    "uz": "Toshkentda militsiya jurnalistni hibsga oldi.",
    "en": "In Tashkent the police detained a journalist.",
}


@pytest.mark.parametrize("language", sorted(TOLD))
def test_one_event_has_the_same_concepts_in_every_language(language: str) -> None:
    found = RuleMatcher(annotate(TOLD[language], language=language), read_rules()).concepts()
    assert found["detention + victim_role:2"] == found["opening: detention"] == found["place of the region"] == 1
    assert shipped_model().concepts.scores(found)[0] > shipped_model().concepts.scores({})[0]


def test_concepts_of_two_sentences_make_no_pair() -> None:
    counts = count_concepts([(frozenset({"detention"}), "body"), (frozenset({"torture"}), "background")])
    assert set(counts) == {"detention", "torture", "background: torture"}


def test_what_stands_often_counts_less_than_once_each() -> None:
    concepts = Concepts({"detention": (1.0, 2.0, 1.0), "memory": (1.0, -2.0, 0.0)}, (-1.0, 0.5))
    assert concepts.scores({"detention": 1}) == (1.0, 1.5)
    alone, beside = concepts.scores({"detention": 1})[0], concepts.scores({"detention": 1, "memory": 1})[0]
    assert beside < concepts.scores({"detention": 9, "memory": 1})[0] < alone
    assert concepts.scores({"never seen": 3}) == (-1.0, 0.5)


def test_weights_are_read_as_they_were_written(tmp_path: Path) -> None:
    concepts = Concepts({"detention + victim_role:2": (2.5, 1.25, -0.5)}, (0.1, 0.2))
    write_concepts(concepts, tmp_path / "concepts.json")
    assert read_concepts(tmp_path / "concepts.json", (0.1, 0.2)) == concepts


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("Бугун тўхтатилган ҳайдовчи ва унинг дўсти қўйиб юборилди, деди ҳоким.", "uz-Cyrl"),
        ("Бүгүн Бишкекте өткөн жыйында мүчөлөр өз сөзүн айтышты.", "ky"),
        ("Сегодня в Бишкеке Өмүрбек Асанов рассказал о новой дороге, которую строят у озера Иссык-Куль.", "ru"),
    ],
)
def test_a_post_in_another_language_of_a_russian_channel_is_read_as_what_it_is(text: str, read_as: str) -> None:
    assert reading_language(text, "ru") == read_as


def test_such_a_post_is_judged_by_its_own_words() -> None:
    text = "Тошкентда милиция ходимлари журналистни ҳибсга олди ва уни қийноққа солди, деди унинг онаси."
    assert detect(text, language="ru").level == "alert"
