"""Which pages are parts of an article, and what their texts have in common."""

from __future__ import annotations

import pytest

from acca_crawler.ingest.parts import PartWalk, new_paragraphs, not_a_part
from acca_crawler.items import Extraction, Page, PartPage

FIRST = "https://vestnik.example/news/trial"
ARTICLE = Extraction("One.\n\nTwo.", "The trial", FIRST, further_parts=((2, f"{FIRST}/2"), (4, f"{FIRST}/4")))
WORDS = "A long enough text that no form to sign in would have, about the second day in court. " * 5


@pytest.mark.parametrize(
    ("found", "is_part"),
    [
        (Extraction(WORDS, "The trial (page 2)", f"{FIRST}/2"), True),
        (Extraction(WORDS, "The second day", f"{FIRST}/2", first_part=FIRST), True),
        (Extraction(WORDS, "The second day", f"{FIRST}/2", canonical_url=FIRST), True),
        (Extraction(WORDS, "", f"{FIRST}/2"), True),
        (Extraction(WORDS, "The weather", f"{FIRST}/2", canonical_url="https://vestnik.example/"), False),
        (Extraction("Please sign in to read on.", "Sign in", f"{FIRST}/2", first_part=FIRST), False),
    ],
)
def test_a_part_shows_that_it_is_one(found: Extraction, is_part: bool) -> None:
    assert (not_a_part(ARTICLE, found, b"") is None) is is_part


def test_what_earlier_parts_have_is_left_out_at_both_ends_only() -> None:
    assert new_paragraphs(["Lead.", "No.", "Share."], ["Lead.", "Yes.", "No.", "Maybe.", "Share."]) == [
        "Yes.", "No.", "Maybe.",
    ]  # fmt: skip
    assert new_paragraphs(["Lead.", "Text."], ["Lead.", "Text."]) == []


def test_a_part_that_no_page_names_is_missing_and_the_walk_goes_on() -> None:
    walk = PartWalk(Page(FIRST, b""), ARTICLE)
    assert walk.next() == (2, f"{FIRST}/2")
    walk.add(PartPage(2, f"{FIRST}/2", missing="HTTP 404"), None)
    assert walk.next() == (4, f"{FIRST}/4")
    walk.add(PartPage(4, f"{FIRST}/4", b"x"), Extraction(WORDS, "The trial", f"{FIRST}/4"))
    assert walk.next() is None
    assert [(part.number, part.missing) for part in walk.page.parts] == [
        (2, "HTTP 404"), (3, "no page gives its address"), (4, ""),
    ]  # fmt: skip
