"""Facts are extracted from as many sentences as an article has, not from all of an endless text."""

from __future__ import annotations

from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.facts import MAX_SENTENCES, facts_of

NAMED = "Суд арестовал Айбека {}. "


def test_persons_are_looked_for_in_a_bounded_number_of_sentences() -> None:
    text = NAMED.format("Асанова") + "Суд идёт. " * (MAX_SENTENCES - 2) + NAMED.format("Усенова") * 2
    found = {fact.value for fact in facts_of(annotate(text, language="ru")) if fact.kind == "person"}
    assert found == {"Айбек Асанов", "Айбек Усенов"}
    later = facts_of(annotate("Суд идёт. " * MAX_SENTENCES + text, language="ru"))
    assert not [fact for fact in later if fact.kind == "person"]
