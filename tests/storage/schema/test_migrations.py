"""An archive of every earlier schema opens and is brought to the newest one, with what it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.evidence.verify import verify
from storage.exceptions import ArchiveError
from storage.schema.database import open_archive, open_read_only
from storage.schema.kinds import ArchiveDb
from storage.schema.migrations import migrations
from storage.schema.sqlite_utils_alone import Database
from storage.schema.views import recreate_views

STEPS = [migration.name for migration in migrations._migrations]


def archive_as_of(path: Path, steps: int) -> None:
    """An archive whose schema is that of the first so many steps, with a run in it."""
    db = ArchiveDb(path)
    migrations.apply(db, stop_before=STEPS[steps] if steps < len(STEPS) else None)
    if steps == len(STEPS):
        recreate_views(db)  # as opening the archive for writing does
    db.execute(
        "INSERT INTO runs (kind, started_at, status, arguments, version) "
        "VALUES ('crawl', '2026-01-01T00:00:00Z', 'killed', '{}', '0.0')"
    )
    if steps >= 2:
        db.executescript(
            """
            INSERT INTO outlets VALUES ('khabar', 'Khabar', 'https://khabar.example/', 'media', '[]', '[]');
            INSERT INTO articles (id, outlet, identity, url, first_run_id, first_seen_at, last_seen_at)
            VALUES (1, 'khabar', '/a', 'https://khabar.example/a', 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
            """
        )
    db.conn.commit()
    db.close()


def schema(db: Database) -> set[tuple[str, str]]:
    return {tuple(row) for row in db.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")}


@pytest.mark.parametrize("steps", range(1, len(STEPS) + 1))
def test_an_archive_of_every_earlier_schema_is_brought_up_to_date(tmp_path: Path, steps: int) -> None:
    archive_as_of(tmp_path / "old.db", steps)
    newest = open_archive(tmp_path / "new.db")
    db = open_read_only(tmp_path / "old.db")
    assert schema(db) == schema(newest)
    assert [tuple(row) for row in db.execute("SELECT id, status FROM runs")] == [(1, "killed")]
    assert db.table("articles").count == (1 if steps >= 2 else 0)
    assert [str(one) for one in verify(db, tmp_path / "warc") if one.is_error] == []
    assert [migration.name for migration in migrations.pending(db)] == []


def test_an_archive_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    open_archive(tmp_path / "acca.db").close()
    db = Database(tmp_path / "acca.db")
    row = next(db.query("SELECT * FROM _sqlite_migrations LIMIT 1"))
    db.table("_sqlite_migrations").insert({**row, "id": None, "name": "m999_from_the_future"})
    db.conn.commit()
    db.close()
    for opening in (open_archive, open_read_only):
        with pytest.raises(ArchiveError, match="newer release"):
            opening(tmp_path / "acca.db")
