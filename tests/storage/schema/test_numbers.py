"""Numbers as people type them, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from acca_crawler.cli.choices import NUMBER
from storage.reports.diff import find_article
from storage.schema.database import open_archive
from storage.schema.numbers import typed_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12),
        (" #12 ", 12),
        ("0", 0),
        ("²", None),
        ("١٢", None),
        ("-1", None),
        ("9" * 16, None),
        ("", None),
        (None, None),
    ],
)
def test_a_typed_number_is_one_that_the_archive_can_have(typed: str | None, number: int | None) -> None:
    assert typed_number(typed) == number


@pytest.mark.parametrize("typed", ["9" * 20, "²"])
def test_what_can_be_no_number_finds_nothing(tmp_path: Path, typed: str) -> None:
    db = open_archive(tmp_path / "acca.db")
    assert find_article(db, typed) is None
    db.close()
    with pytest.raises(click.BadParameter, match="is not a number such as 12"):
        NUMBER.convert(typed, None, None)
