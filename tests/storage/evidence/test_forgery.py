"""A test for each row of the table of forgeries in docs/evidence.md: what notices it, or that nothing here does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from acca_crawler.config.evidence import EvidenceSection, TimestampAuthority
from acca_crawler.config.loading import ArchiveSection, Config
from acca_crawler.timestamping.checking import check_timestamps
from acca_crawler.timestamping.stamping import stamp_manifests
from storage.evidence import manifest
from storage.evidence.backup import backup
from storage.evidence.rowhash import REVISION_COLUMNS, revision_sha256
from storage.evidence.verify import check_head, verify
from storage.exceptions import BackupError
from storage.schema.database import open_archive
from tests.support.authority import OutsideWorld, outside_world
from tests.support.evidence import Evidence, capture


class Forged(Evidence):
    """An archive of three closed runs, each with two captures and two revisions, and what a forger does to it."""

    def findings(self, head: str | None = None) -> list[str]:
        """Return every finding, notes included, also about the time-stamps and a hash known from outside."""
        found = [*verify(self.db, self.warc, self.path.with_name("people.db")), *check_timestamps(self.db)]
        found += check_head(self.db, head) if head else []
        return [str(finding) for finding in found]

    def head(self) -> str:
        """Return the hash of the newest manifest, as published."""
        newest = manifest.head(self.db)
        assert newest is not None
        return newest.sha256

    def edit_text(self, revision: int) -> None:
        """Change a text, and the hash beside it."""
        (row,) = self.db.query("SELECT * FROM revisions WHERE id = ?", [revision])
        row["text"] = "ештеңе болған жоқ"
        columns = {name: row[name] for name in REVISION_COLUMNS}
        self.db.execute(
            "UPDATE revisions SET text = ?, row_sha256 = ? WHERE id = ?",
            [row["text"], revision_sha256(columns), revision],
        )

    def delete_run(self, run: int) -> None:
        """Delete everything that a run left: rows, files, manifest."""
        self.db.execute("PRAGMA foreign_keys = OFF")
        for (path,) in self.db.execute("SELECT path FROM warc_files WHERE run_id = ?", [run]).fetchall():
            (self.warc / path).unlink()
        of_run = "SELECT id FROM revisions WHERE run_id = ?"
        self.db.execute(f"DELETE FROM flags WHERE revision_id IN ({of_run})", [run])
        self.db.execute("DELETE FROM articles WHERE first_run_id = ?", [run])
        for table in ("revisions", "captures", "warc_files", "manifests", "timestamps"):
            self.db.execute(f"DELETE FROM {table} WHERE run_id = ?", [run])
        self.db.execute("DELETE FROM runs WHERE id = ?", [run])

    def rebuild_chain(self) -> None:
        """Write every manifest again, with the times that they had."""
        closed = self.db.execute("SELECT run_id, closed_at FROM manifests ORDER BY run_id").fetchall()
        self.db.execute("PRAGMA foreign_keys = OFF")
        self.db.execute("DELETE FROM manifests")
        for run, at in closed:
            manifest.close_run(self.db, run, at)


@pytest.fixture
def archive(tmp_path: Path) -> Forged:
    """A sound archive."""
    (tmp_path / "archive").mkdir()
    forged = Forged(tmp_path / "archive")
    for _ in range(3):
        forged.close(forged.stored_run(2))
    assert forged.findings() == []
    return forged


@pytest.fixture
def world(tmp_path: Path) -> Iterator[OutsideWorld]:
    """A time-stamp authority."""
    with outside_world(tmp_path / "authority") as world:
        yield world


def dated(archive: Forged, world: OutsideWorld) -> None:
    """Have the newest manifest dated."""
    authority = TimestampAuthority(url=f"{world.url}/tsr", certificate=world.root)
    config = Config(
        archive=ArchiveSection(directory=archive.path.parent), evidence=EvidenceSection(authority=(authority,))
    )
    found = stamp_manifests(archive.db, config)
    assert found.stamped == 1 and found.errors == {}


def test_a_text_changed_with_its_hash(archive: Forged) -> None:
    archive.edit_text(1)
    (finding,) = archive.findings()
    assert "revisions row 1-2: one of the rows 1 to 2 is not as it was when run 1 was closed" in finding


def test_a_forged_article_with_a_forged_capture_in_a_closed_run(archive: Forged) -> None:
    with archive.store() as store:
        forged = store.write(capture("https://khabar.example/forged"), run_id=2, outlet="khabar")
    archive.revision(2, forged)
    found = " ".join(archive.findings())
    assert "captures row 7: is not in the manifest of run 2" in found
    assert "revisions row 7: is not in the manifest of run 2" in found
    assert "warc_files row 20261122-2-1.warc.gz: is not in the manifest of run 2" in found


def test_a_forged_article_in_a_run_of_its_own_is_only_dated_by_others(archive: Forged, world: OutsideWorld) -> None:
    archive.close(archive.stored_run(1))
    assert archive.findings() == [], "the forger used our software: nothing in the archive shows it"
    dated(archive, world)
    (finding,) = archive.findings()
    assert "late-timestamp" in finding and "run 4 says that it ended at 2026-11-22" in finding


def test_the_last_run_deleted(archive: Forged, tmp_path: Path) -> None:
    known = archive.head()
    backup(archive.path, archive.warc, tmp_path / "copy")
    archive.delete_run(3)
    assert archive.findings() == [], "cut off cleanly, nothing in the archive shows it"
    (finding,) = archive.findings(head=known)
    assert finding.startswith("unknown-head") and known in finding
    with pytest.raises(BackupError, match="run 2 is its last, the backup has run 3"):
        backup(archive.path, archive.warc, tmp_path / "copy")


def test_a_run_in_the_middle_deleted(archive: Forged) -> None:
    archive.delete_run(2)
    found = archive.findings()
    assert any("broken-chain: manifests row 3: does not follow on the manifest of run 1" in one for one in found)


def test_warc_files_swapped(archive: Forged) -> None:
    one, other = (archive.warc / f"20261122-{run}-0.warc.gz" for run in (1, 2))
    kept = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(kept)
    found = archive.findings()
    for path in (one, other):
        assert any("changed-bytes" in finding and path.name in finding for finding in found)


def test_the_archive_rolled_back_to_an_older_copy(archive: Forged, tmp_path: Path) -> None:
    archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    shutil.copytree(archive.path.parent, tmp_path / "older")
    archive.close(archive.stored_run(1))
    known = archive.head()
    backup(archive.path, archive.warc, tmp_path / "copy")
    older = tmp_path / "older"
    assert [*verify(open_archive(older / "archive.db"), older / "warc")] == [], "an older copy is sound in itself"
    (finding,) = check_head(open_archive(older / "archive.db"), known)
    assert finding.kind == "unknown-head"
    with pytest.raises(BackupError, match="older than its backup"):
        backup(older / "archive.db", older / "warc", tmp_path / "copy")


def test_the_chain_rebuilt_from_scratch(archive: Forged, world: OutsideWorld, tmp_path: Path) -> None:
    dated(archive, world)
    known = archive.head()
    backup(archive.path, archive.warc, tmp_path / "copy")
    archive.edit_text(1)
    archive.rebuild_chain()
    found = archive.findings()
    assert len(found) == 1 and found[0].startswith("bad-timestamp"), found
    assert "dated another manifest of run 3 than the one that is there" in found[0]
    archive.db.execute("DELETE FROM timestamps")
    assert archive.findings() == [], "without the time-stamp nothing in the archive shows it"
    assert archive.findings(head=known)[0].startswith("unknown-head")
    with pytest.raises(BackupError, match="its history no longer matches the backup's"):
        backup(archive.path, archive.warc, tmp_path / "copy")
    dated(archive, world)
    assert "late-timestamp" in archive.findings()[0], "a new time-stamp dates the forgery"


def test_the_clock_set_back(archive: Forged, world: OutsideWorld) -> None:
    run = archive.run()
    archive.db.execute("UPDATE runs SET started_at = '2020-01-01T00:00:00.000Z' WHERE id = ?", [run])
    archive.close(run)
    assert any("clock-ran-back" in finding for finding in archive.findings())
    ahead = archive.run()
    manifest.close_run(archive.db, ahead, "2046-01-01T00:00:00.000Z")
    archive.db.execute("UPDATE runs SET status = 'ok' WHERE id = ?", [ahead])
    dated(archive, world)
    assert any("late-timestamp" in one and "ended at 2046-01-01" in one for one in archive.findings())


def test_only_what_is_new_is_verified_since_a_run(archive: Forged) -> None:
    archive.edit_text(1)
    archive.edit_text(5)
    found = [*verify(archive.db, archive.warc, since_run=3)]
    assert [finding.row for finding in found] == ["5-6"]
    archive.db.execute("UPDATE manifests SET sha256 = 'x' WHERE run_id = 2")
    found = [*verify(archive.db, archive.warc, since_run=3)]
    assert "broken-chain" in {finding.kind for finding in found}, "the first new one must follow on the one before"


def test_several_processes_find_the_same(archive: Forged, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.edit_text(1)
    (archive.warc / "20261122-2-0.warc.gz").unlink()
    alone = [str(finding) for finding in verify(archive.db, archive.warc)]
    monkeypatch.setattr("storage.evidence.verify_tasks.WORTH_A_PROCESS", 0)
    said: list[tuple[int, int]] = []
    together = verify(archive.db, archive.warc, jobs=2, progress=lambda done, total: said.append((done, total)))
    assert [str(finding) for finding in together] == alone
    assert len(alone) == 2 and said[-1][0] == said[-1][1]


def test_the_docs_name_every_forgery() -> None:
    page = (Path(__file__).parents[3] / "docs/evidence.md").read_text()
    table = page.partition("## Forgeries")[2].partition("\n## ")[0]
    assert len([line for line in table.splitlines() if line.startswith("| ")]) - 1 == len(FORGERIES), json.dumps(table)


FORGERIES = (
    "text", "article", "own run", "last run", "middle run", "swapped", "rolled back", "rebuilt", "decision", "journal",
    "pruned", "beside", "schema", "stranger's stamp", "deleted stamp", "clock",
)  # fmt: skip
"""The rows of the table; decision and journal are tested in test_journal.py, the last but the clock in test_attacks.py
and tests/timestamping/."""
