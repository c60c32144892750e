"""The views are defined once, described once, and brought up to date when the archive opens for writing."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from storage.evidence.verify_records import check_schema
from storage.reports.view_columns import VIEWS as DESCRIBED
from storage.schema.database import open_archive, open_read_only
from storage.schema.migrations import migrations
from storage.schema.views import VIEWS

LAST_CHANGE = ("m032_views_of_single_countries", "48d2cf0f4ff4f01c31997e055b2a06fb64cadab59883395078d87f14c1a7e236")
"""The migration that came with the last change of a view, and the SHA-256 of all views."""


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


def test_a_view_changes_only_with_a_migration(tmp_path: Path) -> None:
    """Otherwise `acca verify` calls the views of an archive of the earlier release changed: append an empty one."""
    name, digest = LAST_CHANGE
    plain = "\n".join(" ".join(sql.split()) for sql in VIEWS.values())
    assert hashlib.sha256(plain.encode()).hexdigest() == digest
    db = open_archive(tmp_path / "acca.db")
    assert name in {applied.name for applied in migrations.applied(db)}


def test_views_of_an_earlier_release_are_no_finding(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "acca.db")
    db.executescript("DROP VIEW v_articles; CREATE VIEW v_articles AS SELECT 1 AS old")
    assert [found.table for found in check_schema(db)] == ["v_articles"]
    db.execute("DELETE FROM _sqlite_migrations WHERE name = ?", [LAST_CHANGE[0]])
    db.conn.commit()
    db.close()
    assert list(check_schema(open_read_only(tmp_path / "acca.db"))) == []
