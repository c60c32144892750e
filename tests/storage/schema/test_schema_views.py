"""The views are defined once, described once, and brought up to date when the archive opens for writing."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.reports.views import VIEWS as DESCRIBED
from storage.schema.database import open_archive
from storage.schema.views import VIEWS


def test_every_view_is_described_column_by_column(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "acca.db")
    described = {view.name: [column.name for column in view.columns] for view in DESCRIBED}
    defined = {name: [row[1] for row in db.execute(f"PRAGMA table_info({name})")] for name in VIEWS}
    assert {name: defined[name] for name in described} == described
    assert [name for name in VIEWS if name.startswith("v_") and name not in described] == []


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_of_another_release_is_replaced_when_the_archive_opens(tmp_path: Path, name: str) -> None:
    db = open_archive(tmp_path / "acca.db")
    before = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()[0]
    db.executescript(f"DROP VIEW {name}; CREATE VIEW {name} AS SELECT 1 AS old")
    db.close()
    db = open_archive(tmp_path / "acca.db")
    assert db.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()[0] == before
