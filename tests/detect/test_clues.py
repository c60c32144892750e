"""What a report is filed under is learned from glosses and circumstances, which are alike in all languages."""

from __future__ import annotations

import pytest

from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.clues import clues_of
from acca_crawler.detect.detector import shipped_model
from acca_crawler.detect.windows import RuleMatcher


def clues(text: str, language: str) -> set[str]:
    annotated = annotate(text, "", language)
    matcher = RuleMatcher(annotated, shipped_model().book)
    return set(clues_of(annotated, matcher.windows(), matcher.concepts()))


@pytest.mark.parametrize(
    ("text", "language", "has", "has_not"),
    [
        ("В Оше задержали журналиста.", "ru", {"detention", "gloss: journalist", "defenders"}, {"gloss: lawyer"}),
        ("Ошто журналист кармалды.", "ky", {"detention", "gloss: journalist", "defenders"}, {"lawyers"}),
        ("Бөлүмдө жигит сабалган. Прокуратура текшерүү баштады.", "ky", {"consequences"}, {"defenders"}),
        ("В Алматы в СИЗО держат граждан Узбекистана.", "ru", {"nationals elsewhere", "national held abroad"}, set()),
        ("В Ташкенте в СИЗО держат граждан Узбекистана.", "ru", set(), {"nationals elsewhere"}),
        (
            "В Оше задержали журналиста. Он в РОВД. Друзья ждут его у входа. Напомним, адвоката избили.",
            "ru",
            {"defenders", "gloss: journalist"},
            {"gloss: lawyer"},
        ),
    ],
)
def test_glosses_and_circumstances_are_clues(text: str, language: str, has: set[str], has_not: set[str]) -> None:
    found = clues(text, language)
    assert has <= found
    assert not has_not & found
    assert not any(" + " in clue for clue in found)
