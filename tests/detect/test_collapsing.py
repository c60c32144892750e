"""A text is collapsed as its patterns' stems are, and every word of it is found again where it was."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from acca_crawler.detect.collapsing import collapse
from acca_crawler.detect.literal_prefixes import collapsed

texts = st.one_of(
    st.text(st.characters(max_codepoint=0x1FFFF), max_size=80),
    st.text("аб1 2-.\n№😀ʻ", max_size=80),
)


@given(texts)
@settings(deadline=None)
def test_a_text_is_collapsed_like_the_stems(text: str) -> None:
    assert collapse(text).text == f" {collapsed(text)} "


@given(texts)
@settings(deadline=None)
def test_each_code_point_is_found_again(text: str) -> None:
    found = collapse(text)
    assert len(found.positions) == len(found.text) - 2
    for letter, position in zip(found.text[1:-1], found.positions, strict=True):
        assert letter == text[position] or letter in " 0"


def test_lone_surrogates_and_rare_ideographs_are_blanks() -> None:
    assert collapse("a\ud800b \U00020000c").text == " a b c "
