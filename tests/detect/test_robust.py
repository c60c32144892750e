"""No text may raise: facts are read from every text, whatever its level, so that a rare word cannot lose a report."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.country import country_of
from acca_crawler.detect.facts import facts_of
from acca_crawler.items import LANGUAGES, Fact
from acca_crawler.outlets import REGION

ITEMS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "benchmarks" / "data" / "detection.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
PATRONYMICS = ("uulu", "uly", "kyzy", "qizi", "ugli", "уулу", "уулунун", "улы", "ұлы", "кызы", "қызы", "қызық", "угли")
EDGES = ("Ал", "Бұл", "In", "The", "Aşgabat", "Ташкент", "А.", "I.", "“", "³", "½", "Ⅳ", "٣", "1 000 000", "143¹", "ў")

words = st.sampled_from([word for item in ITEMS for word in f"{item['title']} {item['text']}".split()])
edges = st.sampled_from(PATRONYMICS + EDGES)
mutated = st.lists(
    st.one_of(words, words.map(str.title), words.map(str.upper), words.map(lambda word: word[::-1]), edges), max_size=40
).map(" ".join)
any_text = st.one_of(mutated, st.text(max_size=200))
TO_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
CHANGES: tuple[Callable[[str], str], ...] = (str, str.title, str.upper, lambda text: text.translate(TO_DIGITS))


def all_facts(text: str, title: str, language: str | None) -> tuple[Fact, ...]:
    """Every fact of a text by the path of an alert, whether or not it is one, checked against the text."""
    annotated = annotate(text, title, language)
    country = country_of(annotated.sentences, annotated.sentences[:2], annotated.language)
    assert country is None or country in REGION
    facts = facts_of(annotated, country)
    fields = {"title": title, "text": text}
    for fact in facts:
        assert fact.value.strip()
        assert fields[fact.span.field][fact.span.start : fact.span.end] == fact.span.quote
    return facts


@given(text=any_text, title=any_text, language=st.sampled_from((*LANGUAGES, "kk-Latn", "uz-Cyrl", "kaa", None)))
@settings(deadline=None, max_examples=300)
def test_facts_are_read_from_any_text(text: str, title: str, language: str | None) -> None:
    all_facts(text, title, language)


@given(before=words, name=edges, after=edges, language=st.sampled_from(LANGUAGES))
@settings(deadline=None, max_examples=300)
def test_facts_are_read_from_any_opening_of_a_sentence(before: str, name: str, after: str, language: str) -> None:
    all_facts(f"{before}. {name.capitalize()} {after} {before}. {after} {name.capitalize()}.", "", language)


@pytest.mark.shared
def test_facts_are_read_from_everyday_news(shared: Path) -> None:
    read = 0
    for stream in sorted((shared / "data" / "detection" / "streams").glob("*.jsonl.gz")):
        lines = gzip.decompress(stream.read_bytes()).decode("utf-8").splitlines()
        for line in lines[:: max(1, len(lines) // 20)]:
            item = json.loads(line)
            for change in CHANGES:
                all_facts(change(item["text"][:2000]), change(item["title"] or ""), item["lang"])
                read += 1
    assert read > 1000
