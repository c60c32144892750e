"""The archive's files: for its owner alone, and never begun afresh beside the captures of a lost database."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from storage.exceptions import ArchiveError
from storage.schema.database import open_archive, refuse_fresh_start
from storage.schema.lock import writer_lock


def test_a_new_archive_and_its_lock_are_for_the_owner_alone(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "acca.db")
    db.execute("CREATE TABLE extra (x)")
    with writer_lock(tmp_path / "acca.lock"):
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}
    assert {"acca.db", "acca.db-wal", "acca.lock"} <= set(modes)


@pytest.mark.parametrize("left", [None, b""])
def test_captures_without_their_database_stop_a_crawl(tmp_path: Path, left: bytes | None) -> None:
    archive, warc = tmp_path / "acca.db", tmp_path / "warc"
    refuse_fresh_start(archive, warc)
    warc.mkdir()
    refuse_fresh_start(archive, warc)
    (warc / "20261122-1-0.warc.gz").write_bytes(b"a record")
    if left is not None:
        archive.write_bytes(left)
    with pytest.raises(ArchiveError, match="restore a backup"):
        refuse_fresh_start(archive, warc)
