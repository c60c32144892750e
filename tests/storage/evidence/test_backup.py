"""A backup can be taken at any moment, be cut off at any moment, and restored into an archive that verifies."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.evidence.backup import Copied, backup, restore
from storage.evidence.verify import verify
from storage.evidence.verify_findings import Finding
from storage.exceptions import ArchiveLocked, BackupError
from storage.schema.database import open_archive
from storage.schema.lock import writer_lock
from tests.support.evidence import Evidence, capture


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    made = Evidence(tmp_path / "archive")
    for _ in range(2):
        made.close(made.stored_run(3))
    return made


def back_up(evidence: Evidence, target: Path) -> Copied:
    return backup(evidence.path, evidence.warc, target)


def findings(directory: Path) -> list[Finding]:
    db = open_archive(directory / "acca.db")
    found = list(verify(db, directory / "warc"))
    db.close()
    return found


def rows(directory: Path) -> list[tuple[object, ...]]:
    db = open_archive(directory / "acca.db")
    held = [tuple(row) for row in db.execute("SELECT * FROM captures ORDER BY id")]
    db.close()
    return held


def test_a_restored_backup_verifies_and_holds_everything(evidence: Evidence, tmp_path: Path) -> None:
    copied = back_up(evidence, tmp_path / "backup")
    assert copied == Copied(2, sum(path.stat().st_size for path in evidence.warc.iterdir()))
    shutil.rmtree(evidence.warc)
    restore(tmp_path / "backup", tmp_path / "restored")
    assert findings(tmp_path / "restored") == []
    assert rows(tmp_path / "restored") == evidence.rows("SELECT * FROM captures ORDER BY id")
    assert sorted(path.name for path in (tmp_path / "restored").iterdir() if path.suffix != ".lock") == [
        "acca.db",
        "warc",
    ]


def test_a_second_backup_copies_only_what_is_new(evidence: Evidence, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    back_up(evidence, target)
    assert back_up(evidence, target) == Copied(0, 0)
    before = {path.name: path.stat().st_mtime_ns for path in (target / "warc").iterdir()}
    evidence.close(evidence.stored_run(1))
    assert back_up(evidence, target).files == 1
    after = {path.name: path.stat().st_mtime_ns for path in (target / "warc").iterdir()}
    assert {name: after[name] for name in before} == before
    assert findings(target) == []


def test_a_file_that_grew_is_continued(evidence: Evidence, tmp_path: Path) -> None:
    target, run = tmp_path / "backup", evidence.run()
    with evidence.store() as store:
        store.write(capture("https://khabar.example/a"), run_id=run, outlet="khabar")
        first = back_up(evidence, target)
        assert [one.kind for one in findings(target)] == ["open-run", "open-file"]
        store.write(capture("https://khabar.example/b", b"b" * 500), run_id=run, outlet="khabar")
        second = back_up(evidence, target)
    evidence.close(run)
    assert second.files == 1
    assert second.bytes < first.bytes
    back_up(evidence, target)
    assert findings(target) == []


def test_bytes_that_are_not_indexed_yet_are_not_copied(evidence: Evidence, tmp_path: Path) -> None:
    run = evidence.run()
    store = evidence.store()
    store.write(capture("https://khabar.example/a"), run_id=run, outlet="khabar")
    path = evidence.warc / f"20261122-{run}-0.warc.gz"
    whole = path.read_bytes()
    path.write_bytes(whole + b"half a record")
    back_up(evidence, tmp_path / "backup")
    assert (tmp_path / "backup" / "warc" / path.name).read_bytes() == whole


class Interrupted(Exception):
    """Stands for whatever ends a process."""


def interrupt_at(step: int) -> Callable[[str], None]:
    seen = []

    def progress(line: str) -> None:
        seen.append(line)
        if len(seen) == step:
            raise Interrupted

    return progress


@pytest.mark.parametrize("step", [1, 2, 3])
def test_an_interrupted_backup_leaves_the_last_one_whole_and_is_finished_by_the_next(
    evidence: Evidence, tmp_path: Path, step: int
) -> None:
    target = tmp_path / "backup"
    back_up(evidence, target)
    before = rows(target)
    for _ in range(2):
        evidence.close(evidence.stored_run(2))
    with pytest.raises(Interrupted):
        backup(evidence.path, evidence.warc, target, progress=interrupt_at(step))
    assert rows(target) == before
    assert [one for one in findings(target) if one.kind != "unknown-file"] == []
    back_up(evidence, target)
    assert rows(target) == evidence.rows("SELECT * FROM captures ORDER BY id")
    assert findings(target) == []


def test_a_backup_killed_before_its_last_step_pushes_no_earlier_one_out(
    evidence: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace(partial: Path, database: Path) -> Path:
        if database == target / "acca.db":
            raise Interrupted
        return original(partial, database)

    target, kept, original = tmp_path / "backup", [], Path.replace
    for _ in range(3):
        back_up(evidence, target)
        kept.append(rows(target))
        evidence.close(evidence.stored_run(1))
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", replace)
        for _ in range(3):
            with pytest.raises(Interrupted):
                backup(evidence.path, evidence.warc, target)
    back_up(evidence, target)
    assert [rows(target / "earlier-1"), rows(target / "earlier-2")] == [kept[2], kept[1]]


def test_a_half_copied_file_is_continued(evidence: Evidence, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    back_up(evidence, target)
    one, other = sorted((target / "warc").iterdir())
    one.write_bytes(one.read_bytes()[:100])
    other.write_bytes(b"\0" * 200)
    assert back_up(evidence, target).problems == ()
    assert findings(target) == []


@pytest.mark.parametrize("step", [1, 2, 3])
def test_an_interrupted_restore_can_be_run_again(evidence: Evidence, tmp_path: Path, step: int) -> None:
    back_up(evidence, tmp_path / "backup")
    with pytest.raises(Interrupted):
        restore(tmp_path / "backup", tmp_path / "restored", progress=interrupt_at(step))
    assert not (tmp_path / "restored" / "acca.db").exists()
    restore(tmp_path / "backup", tmp_path / "restored")
    assert findings(tmp_path / "restored") == []


def test_a_backup_while_a_crawl_writes_is_one_moment(
    evidence: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.evidence.backup._PAGES_PER_STEP", 5)
    done, written = threading.Event(), threading.Semaphore(0)

    def crawl() -> None:
        writer = Evidence(evidence.path.parent)
        run = writer.run()
        number = 0
        with writer.store(max_bytes=20_000) as store:
            while not done.is_set():
                number += 1
                url = f"https://khabar.example/{number}"
                store.write(capture(url, url.encode() * 20), run_id=run, outlet="khabar")
                written.release()
        writer.db.close()

    thread = threading.Thread(target=crawl)
    thread.start()
    try:
        for number in range(5):
            while written.acquire(blocking=False):
                pass
            assert written.acquire(timeout=30)  # on a busy machine a backup may end before the crawl writes again
            target = tmp_path / f"backup-{number % 2}"
            assert back_up(evidence, target).problems == ()
            assert [one for one in findings(target) if one.is_error] == []
    finally:
        done.set()
        thread.join(timeout=30)
    assert len(rows(tmp_path / "backup-0")) > len(rows(tmp_path / "backup-1")) > 6


def test_a_damaged_source_file_is_reported_and_the_rest_is_copied(evidence: Evidence, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    back_up(evidence, target)
    for _ in range(3):
        evidence.close(evidence.stored_run(1))
    damaged, missing, short = (evidence.warc / f"20261122-{run}-0.warc.gz" for run in (3, 4, 5))
    damaged.write_bytes(bytes([damaged.read_bytes()[0] ^ 1]) + damaged.read_bytes()[1:])
    missing.unlink()
    short.write_bytes(short.read_bytes()[:-1])
    problems = back_up(evidence, target).problems
    assert [problem.split(": ", 1) for problem in problems] == [
        [str(damaged), "the file is not what it was when it was closed"],
        [str(missing), "the file is missing"],
        [str(short), "1 bytes are missing"],
    ]
    assert len(rows(target)) == 9


def test_a_shorter_source_does_not_shorten_the_backup(evidence: Evidence, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    back_up(evidence, target)
    name = evidence.files()[0]
    held = (target / "warc" / name).read_bytes()
    evidence.db.execute("UPDATE warc_files SET bytes = bytes - 10 WHERE path = ?", [name])
    assert len(back_up(evidence, target).problems) == 1
    assert (target / "warc" / name).read_bytes() == held


def test_a_torn_tail_is_copied_too(evidence: Evidence, tmp_path: Path) -> None:
    (evidence.warc / "20261122-1-0.warc.gz.torn-1").write_bytes(b"torn")
    back_up(evidence, tmp_path / "backup")
    assert [one.kind for one in findings(tmp_path / "backup")] == ["torn-tail"]


def test_what_can_not_be_done_is_said(evidence: Evidence, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="there is no archive"):
        backup(tmp_path / "none.db", tmp_path, tmp_path / "backup")
    with pytest.raises(BackupError, match="there is no archive"):
        restore(tmp_path / "none", tmp_path / "restored")
    back_up(evidence, tmp_path / "backup")
    with pytest.raises(BackupError, match="an archive already"):
        restore(tmp_path / "backup", tmp_path / "backup")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BackupError, match="file"):
        back_up(evidence, tmp_path / "file")
    with writer_lock(tmp_path / "backup" / "backup.lock"), pytest.raises(ArchiveLocked):
        back_up(evidence, tmp_path / "backup")


def test_files_beside_an_older_backup_are_not_taken_for_the_new_one(evidence: Evidence, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    back_up(evidence, target)
    older = open_archive(target / "acca.db")
    older.execute("UPDATE captures SET status = 500")
    wal = (target / "acca.db-wal").read_bytes()
    older.close()
    (target / "acca.db-wal").write_bytes(wal)
    back_up(evidence, target)
    assert findings(target) == []


def test_an_emptied_archive_leaves_its_backup_alone(evidence: Evidence, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    back_up(evidence, target)
    before = rows(target)
    evidence.db.close()
    for leftover in ("-wal", "-shm"):
        evidence.path.with_name(evidence.path.name + leftover).unlink(missing_ok=True)
    evidence.path.write_bytes(b"")
    with pytest.raises(BackupError, match="not an archive"):
        back_up(evidence, target)
    evidence.path.unlink()
    open_archive(evidence.path).close()
    with pytest.raises(BackupError, match="another archive"):
        back_up(evidence, target)
    assert rows(target) == before
    assert findings(target) == []


def test_a_source_rolled_back_is_refused_unless_insisted(evidence: Evidence, tmp_path: Path) -> None:
    target, older = tmp_path / "backup", tmp_path / "older"
    back_up(evidence, older)
    evidence.close(evidence.stored_run(1))
    back_up(evidence, target)
    before = rows(target)
    with pytest.raises(BackupError, match="older than its backup: run 2 is its last, the backup has run 3"):
        backup(older / "acca.db", older / "warc", target)
    assert rows(target) == before
    backup(older / "acca.db", older / "warc", target, insist=True)
    assert len(rows(target)) < len(before)


def test_another_history_of_the_same_length_is_refused(evidence: Evidence, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    back_up(evidence, target)
    evidence.db.execute("UPDATE manifests SET sha256 = 'other' WHERE run_id = 2")
    evidence.db.conn.commit()
    with pytest.raises(BackupError, match="its history no longer matches the backup's"):
        back_up(evidence, target)


def test_earlier_backups_stay_and_can_be_restored(evidence: Evidence, tmp_path: Path) -> None:
    target, kept = tmp_path / "backup", []
    for _ in range(4):
        back_up(evidence, target)
        kept.append(rows(target))
        evidence.close(evidence.stored_run(1))
    assert sorted(path.name for path in target.glob("earlier-*")) == ["earlier-1", "earlier-2"]
    assert [rows(target), rows(target / "earlier-1"), rows(target / "earlier-2")] == kept[:0:-1]
    restore(target, tmp_path / "restored", earlier=2)
    assert rows(tmp_path / "restored") == kept[1]
    assert findings(tmp_path / "restored") == []
    backup(evidence.path, evidence.warc, target, keep=1)
    assert list(target.glob("earlier-*")) == []
