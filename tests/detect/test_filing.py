"""What a report is filed under is learned from labelled reports, and held against what rules gave."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.categories import categories_of
from acca_crawler.detect.dataset import CATEGORY_OF, Labelled
from acca_crawler.detect.detector import shipped_model
from acca_crawler.detect.filing import SCALE, read_filing, values_of, write_filing
from acca_crawler.detect.fit_filing import fit_filing
from acca_crawler.detect.windows import RuleMatcher


def report(label: str) -> Labelled:
    return Labelled("1", "", "text", "alert", "en", None, "", 0, (label,))


REPORTS = [
    *[(report("death_custody"), Counter({"death": 2, "custody": 1}))] * 8,
    *[(report("arb_detention"), Counter({"detention": 1, "custody": 1}))] * 8,
    (Labelled("2", "", "text", "ignore", "en", None, "", 0, ("death_custody",)), Counter({"sport": 9})),
]


def test_a_category_is_likelier_beside_its_clues() -> None:
    filing = fit_filing(REPORTS)
    chances = filing.chances({"death": 1, "custody": 1})
    assert chances["death_in_custody"] > 0.5 > chances["arbitrary_detention"]
    assert set(filing.rarity) == {"death", "custody", "detention"}  # nothing of the ignored text


def test_a_written_filing_is_read_back(tmp_path: Path) -> None:
    filing = fit_filing(REPORTS)
    write_filing(filing, tmp_path / "filing.json")
    assert read_filing(tmp_path / "filing.json") == filing


def test_values_have_one_length_and_leave_out_what_is_unknown() -> None:
    values = values_of({"a": 3, "b": 1, "unknown": 7}, {"a": 1.0, "b": 2.0})
    assert set(values) == {"a", "b"}
    assert sum(value * value for value in values.values()) == pytest.approx(SCALE * SCALE)
    assert values_of({"unknown": 1}, {"a": 1.0}) == {}


def test_the_shipped_weights_know_every_category_that_a_label_names() -> None:
    assert set(shipped_model().filing.intercepts) == set(CATEGORY_OF.values())


@pytest.mark.parametrize(
    ("chances", "categories"),
    [
        ({"torture": 0.3, "accountability": 0.2}, ("torture",)),
        ({"torture": 0.05, "ill_treatment": 0.7}, ("ill_treatment",)),
        (
            {"torture": 0.3, "death_in_custody": 0.6, "ill_treatment": 0.5},
            ("torture", "death_in_custody", "ill_treatment"),
        ),
        ({"torture": 0.05, "ill_treatment": 0.2}, ("ill_treatment",)),
        ({"torture": 0.3, "accountability": 0.9}, ("torture",)),
        ({"ill_treatment": 0.2}, ("torture",)),  # nothing was learned of torture
        ({"torture": 0.1, "punitive_psychiatry": 0.1, "ill_treatment": 0.2}, ("ill_treatment",)),
        ({"torture": 0.17, "attack_on_defender": 0.55, "ill_treatment": 0.45}, ("torture", "ill_treatment")),
        ({"torture": 0.17, "attack_on_defender": 0.65}, ("torture", "attack_on_defender")),
    ],
)
def test_what_is_unlikely_goes_and_what_is_likely_needs_no_rule(
    chances: dict[str, float], categories: tuple[str, ...]
) -> None:
    book = shipped_model().book
    annotated = annotate("В Оше милиционеры избили задержанного и пытали его.", "", "ru")
    windows = RuleMatcher(annotated, book).windows()
    assert categories_of(annotated, windows, book, chances) == categories
