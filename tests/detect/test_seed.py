"""The article the project was created from: everything a monitor would note in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from acca_crawler.detect import detect
from acca_crawler.items import Detection, Fact

SEED = Path(__file__).parents[3] / "shared" / "data" / "seed-article.txt"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SEED.exists(), reason="the developers' data folder is missing"),
]


@pytest.fixture(scope="module")
def seed() -> Detection:
    return detect(SEED.read_text(encoding="utf-8"), language="en")


def facts(detection: Detection, kind: str) -> list[Fact]:
    return [fact for fact in detection.facts if fact.kind == kind]


def test_it_is_an_alert_for_torture_and_accountability(seed: Detection) -> None:
    assert seed.level == "alert"
    assert {"torture", "accountability"} <= set(seed.categories)
    assert seed.country == "KZ"


def test_nine_officers_on_suspicion_of_torture_are_told_as_the_reason(seed: Detection) -> None:
    rules = {(span.quote, span.rule.split(":")[0]) for span in seed.spans}
    assert any(rule == "en.accountability" and "suspicion of torture" in quote for quote, rule in rules)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("9", "officers"),
        ("203", "criminal cases"),
        ("3502", "criminal cases"),
        ("737", "persons"),
        ("307", "detainees"),
        ("27", "minors"),
        ("22", "detainees"),
    ],
)
def test_counts_say_what_they_count(seed: Detection, value: str, what: str) -> None:
    assert any(fact.value == value and what in fact.detail for fact in facts(seed, "count"))


@pytest.mark.parametrize(
    ("surname", "role"),
    [
        ("Shalabaev", "official"),
        ("Azimova", "official"),
        ("Ruzakhunov", "victim"),
        ("Sydykov", "victim"),
        ("Temirkan uulu", "detainee"),
    ],
)
def test_persons_have_their_roles(seed: Detection, surname: str, role: str) -> None:
    assert [fact.detail for fact in facts(seed, "person") if fact.value.endswith(surname)] == [role]


def test_protocol_and_denial_are_noted(seed: Detection) -> None:
    assert "Istanbul Protocol" in [fact.value for fact in facts(seed, "document")]
    denial = next(fact for fact in facts(seed, "stage") if fact.value == "denial")
    assert "Ministry of Internal Affairs" in denial.sentence


def test_every_fact_stands_where_it_says(seed: Detection) -> None:
    text = SEED.read_text(encoding="utf-8")
    for fact in seed.facts:
        assert text[fact.span.start : fact.span.end] == fact.span.quote
        assert fact.span.quote in fact.sentence
        assert fact.sentence in text
