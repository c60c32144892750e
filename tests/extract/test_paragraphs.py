"""What cleaning makes of a line of markup's text."""

from __future__ import annotations

import pytest

from acca_crawler.extract.paragraphs import clean


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("The court adjourned.", "The court adjourned."),
        (" The court adjourned. ", "The court adjourned."),
        ("The  court", "The court"),
        ("The\n\tcourt", "The court"),
        ("The\N{NO-BREAK SPACE}court", "The court"),
        ("The\N{IDEOGRAPHIC SPACE}court", "The court"),
        ("  ", ""),
        ("co\N{SOFT HYPHEN}urt", "court"),
        ("co\N{ZERO WIDTH SPACE}urt", "court"),
        ("co\N{COMBINING GRAPHEME JOINER}urt", "court"),
        ("co\x0burt", "court"),
        ("\x93court\x94", "“court”"),
        ("сои\N{COMBINING BREVE}", "со\N{CYRILLIC SMALL LETTER SHORT I}"),
    ],
)
def test_a_line_is_collapsed_composed_and_without_what_nobody_sees(text: str, line: str) -> None:
    assert clean(text) == line
