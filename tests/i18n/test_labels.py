"""Every coded value has one label, in both languages, and the code that makes such values makes no others."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from acca_crawler import detect, items
from acca_crawler.i18n import labels
from acca_crawler.i18n.catalogue import language
from acca_crawler.outlets import REGION

ROOT = Path(__file__).parents[2]
CODES: list[tuple[str, tuple[str, ...], dict[str, str]]] = [
    ("change kind", get_args(items.ChangeKind), labels.CHANGES),
    ("alert kind", get_args(items.AlertKind), labels.ALERT_KINDS),
    ("outlet kind", get_args(items.OutletKind), labels.OUTLET_KINDS),
    ("level", get_args(items.Level), labels.LEVELS),
    ("category", get_args(items.Category), labels.CATEGORIES),
    ("verdict", get_args(items.Verdict), labels.VERDICTS),
    ("review status", get_args(items.ReviewStatus), labels.STATUSES),
    ("reason", get_args(items.FalseAlarmReason), labels.REASONS),
    ("country", (*REGION, ""), labels.COUNTRIES),
]


@pytest.mark.parametrize(("name", "codes", "named"), CODES, ids=[name for name, _, _ in CODES])
def test_every_code_has_a_label_in_both_languages(name: str, codes: tuple[str, ...], named: dict[str, str]) -> None:
    assert set(named) == set(codes)
    english, russian = language("en"), language("ru")
    for code, label in named.items():
        assert english.text(label) == label
        assert re.search("[а-я]", russian.text(label), re.IGNORECASE), f"{name} {code} has no Russian label"
    assert len({russian.text(label) for label in named.values()}) == len(named), "two codes look the same in Russian"


def test_every_category_has_a_rank_and_a_form_with_a_number() -> None:
    assert sorted(labels.GRAVITY) == sorted(items.CATEGORIES)
    assert set(labels.COUNTED) == {*items.CATEGORIES, ""}


def test_detection_speaks_of_these_categories() -> None:
    rules: list[dict[str, Any]] = tomllib.loads(
        (Path(detect.__file__).parent / "rules.toml").read_text(encoding="utf-8")
    )["rule"]
    assert {rule["category"] for rule in rules if rule.get("category")} == set(items.CATEGORIES)


def test_the_taxonomy_explains_every_category() -> None:
    page = (ROOT / "docs" / "taxonomy.md").read_text(encoding="utf-8")
    missing = [category for category in items.CATEGORIES if f"`{category}`" not in page]
    assert missing == [], "docs/taxonomy.md does not explain them"
