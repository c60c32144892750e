"""What must hold for any text: offsets, monotony, and indifference to case, Unicode form and look-alike letters."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from acca_crawler.detect import detect
from acca_crawler.items import HIGH, Detection
from acca_crawler.text.language import VARIETIES
from acca_crawler.text.normalise import fold_for_matching
from acca_crawler.text.sentences import MAX_LENGTH, sentences

ITEMS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "benchmarks" / "data" / "detection.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
LEVELS = {"ignore": 0, "digest": 1, "alert": 2}
UNRELATED = {
    "en": "The honey fair opens on Saturday. Bees like lime trees, and the weather will be dry.",
    "tk": "Şenbe güni bal ýarmarkasy açylýar. Howa gury bolar.",
    "uz": "Shanba kuni asal yarmarkasi ochiladi. Havo quruq boʻladi.",
    "uz-Cyrl": "Шанба куни асал ярмаркаси очилади. Ҳаво қуруқ бўлади.",
}
CYRILLIC_UNRELATED = "В субботу откроется ярмарка мёда. Пчёлы любят липу, погода будет сухой."

words = st.sampled_from([word for item in ITEMS for word in f"{item['title']} {item['text']}".split()])
any_text = st.one_of(st.text(max_size=300), st.lists(words, max_size=60).map(" ".join))
items = st.sampled_from(ITEMS)


def judged(item: dict[str, str], text: str | None = None, title: str | None = None) -> Detection:
    return detect(
        item["text"] if text is None else text,
        title=item["title"] if title is None else title,
        language=item["lang"],
    )


@given(text=any_text, title=any_text, language=st.sampled_from((*VARIETIES, None)))
@settings(deadline=None)
def test_offsets_point_at_the_quoted_words(text: str, title: str, language: str | None) -> None:
    detection = detect(text, title=title, language=language)
    fields = {"title": title, "text": text}
    for span in (*detection.spans, *detection.against, *(fact.span for fact in detection.facts)):
        assert fields[span.field][span.start : span.end] == span.quote
        assert span.quote


@given(text=any_text, language=st.sampled_from((*VARIETIES, None)))
@settings(deadline=None)
def test_folding_keeps_the_way_back(text: str, language: str | None) -> None:
    folded = fold_for_matching(text, language)
    offsets = [folded.offset(position) for position in range(len(folded.text) + 1)]
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    for position in range(len(folded.text)):
        start, end = folded.span(position, position + 1)
        assert 0 <= start < end <= len(text)


@given(text=any_text)
@settings(deadline=None)
def test_sentences_are_ordered_bounded_and_lose_only_blanks(text: str) -> None:
    spans = sentences(text)
    previous = 0
    for start, end in spans:
        assert not text[previous:start].strip()
        assert start < end <= start + MAX_LENGTH
        previous = end
    assert not text[previous:].strip()


@given(item=items, place=st.sampled_from(("before", "after")))
@settings(deadline=None)
def test_unrelated_text_takes_away_no_sure_alert(item: dict[str, str], place: str) -> None:
    """Title, lead and length count, so that a doubtful alert may fall; one of high certainty does not."""
    more = UNRELATED.get(item["lang"], CYRILLIC_UNRELATED)
    longer = f"{more}\n\n{item['text']}" if place == "before" else f"{item['text']}\n\n{more}"
    if judged(item).score >= HIGH:
        assert judged(item, longer).level == "alert"


@given(item=items, case=st.sampled_from((str.upper, str.lower)))
@settings(deadline=None)
def test_case_does_not_change_the_judgement(item: dict[str, str], case: Callable[[str], str]) -> None:
    other = judged(item, case(item["text"]), case(item["title"]))
    assert (other.level, other.categories) == (judged(item).level, judged(item).categories)


@given(item=items, form=st.sampled_from(("NFC", "NFD")))
@settings(deadline=None)
def test_unicode_form_does_not_change_the_judgement(item: dict[str, str], form: str) -> None:
    other = judged(
        item,
        unicodedata.normalize(form, item["text"]),  # type: ignore[arg-type]
        unicodedata.normalize(form, item["title"]),  # type: ignore[arg-type]
    )
    assert (other.level, other.categories) == (judged(item).level, judged(item).categories)


@given(item=st.sampled_from([item for item in ITEMS if item["lang"] in ("ru", "kk", "ky", "tg", "uz-Cyrl")]))
@settings(deadline=None)
def test_look_alike_letters_do_not_change_the_judgement(item: dict[str, str]) -> None:
    disguised = str.maketrans("асеорх", "aceopx")
    other = judged(item, item["text"].translate(disguised), item["title"].translate(disguised))
    same = judged(item)
    assert (other.level, other.categories, other.score) == (same.level, same.categories, same.score)


@given(item=items, every=st.integers(3, 40))
@settings(deadline=None)
def test_soft_hyphens_do_not_change_the_judgement(item: dict[str, str], every: int) -> None:
    text = item["text"]
    split = "".join(
        letter + "\u00ad" * (i % every == 0 and letter.isalpha() and text[i + 1 : i + 2].isalpha())
        for i, letter in enumerate(text)
    )
    other = judged(item, split)
    assert other.level == judged(item).level
    for span in other.spans:
        assert (item["title"] if span.field == "title" else split)[span.start : span.end] == span.quote


def test_hostile_texts_are_read_to_their_end() -> None:
    unit = "жестокое " + "слово " * 4
    for text in ("пытк" * 50_000, unit * 5_000, "не " * 50_000, "\n" * 50_000, "избили " + " " * 100_000, "(" * 50_000):
        assert detect(text, language="ru").level in LEVELS
    for text in ("confess" + " a" * 50_000, "o'" * 50_000, "a\u0301" * 20_000, "." * 50_000, "tortured, " * 10_000):
        assert detect(text, language="en").level in LEVELS


def test_no_stretch_longer_than_a_sentence_is_ever_searched() -> None:
    spans = sentences("избили " * 20_000)
    assert max(end - start for start, end in spans) <= MAX_LENGTH
