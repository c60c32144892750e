"""Words whose stem alone proves them are matched like any other alternative, only without a regular expression."""

from __future__ import annotations

import re

import pytest

from acca_crawler.detect.matcher import Branch, Matcher
from acca_crawler.detect.stems import branches_with_stems
from acca_crawler.text.sentences import sentences

TEXT = "Пытки, пыткам; пытка-попытка. В суде 12 суток: су\u02bbд, суд2 и суд\nпытк"
PATTERNS = (
    r"пытк\w*", "суд", r"суд\w+", r"в\W+суде", "суток", r"\d+\W+суток", "пытк", r"в\W+(?:\w+\W+)?(?:суток|школ\w*)",
    r"в\W+(?:школ|больниц)\w*",
)  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_matches_what_its_regular_expression_matches_at_word_starts(pattern: str) -> None:
    text = TEXT.lower()
    found = [(hit.start, hit.end) for hit in Matcher([("key", pattern)]).find(text, sentences(text))]
    assert found == [match.span() for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text)]


def test_words_and_beginnings_of_words_need_no_regular_expression() -> None:
    def is_proven(pattern: str) -> list[bool]:
        return [Branch("key", source, stems).is_proven for source, stems, _ in branches_with_stems(pattern)]

    assert is_proven(r"пытк\w*|суд") == [True, True]
    assert is_proven(r"суд\w+|в\W+суде|суд2|пыт(?:ать|ки)|у-дарил\w*") == [False] * 5
