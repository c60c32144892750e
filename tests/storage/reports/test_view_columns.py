"""The analysts' views are what the docs and the exports say they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from acca_crawler.cli import export_command
from storage.articles.search import SearchFilter
from storage.exceptions import FilterError
from storage.reports.export import rows
from storage.reports.view_columns import VIEWS, view_named
from storage.schema.database import open_archive


def test_every_view_has_the_documented_columns_and_no_others(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "acca.db")
    made = {row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    assert {name for name in made if name.startswith("v_")} == {view.name for view in VIEWS}
    for view in VIEWS:
        columns = [row["name"] for row in db.execute(f"PRAGMA table_info({view.name})")]
        assert columns == [column.name for column in view.columns]
        assert list(rows(db, view, SearchFilter())) == []
    db.close()


def test_the_command_names_every_view() -> None:
    assert [view.short_name for view in VIEWS] == list(export_command.VIEWS)
    assert view_named("reports") == view_named("v_reports")
    with pytest.raises(LookupError, match="there is no view of_the_sea"):
        view_named("of_the_sea")


def test_a_filter_that_a_view_can_t_obey_is_refused(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "acca.db")
    with pytest.raises(FilterError, match="v_addresses can't be narrowed by country"):
        rows(db, view_named("addresses"), SearchFilter(country="KG"))
    db.close()
