"""A backup's databases belong together whenever it was killed, on file systems with and without hard links."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from errno import EPERM
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

from acca_crawler.cli import main
from storage.evidence.backup import backup, restore
from storage.evidence.manifest import close_run
from storage.review import journal
from storage.review.database import open_people
from storage.schema.database import transaction
from tests.support.evidence import Evidence

AT = "2026-11-22T11:00:00Z"
KEEP = 3
CHANGING = ("replace", "hardlink_to", "rmdir", "mkdir")


class Killed(BaseException):
    """The process ends here."""


class Desk:
    """An archive with a journal; each night has a run whose manifest anchors a new entry."""

    def __init__(self, directory: Path) -> None:
        self.evidence = Evidence(directory)
        self.people = directory / "people.db"
        self.evidence.close(self.evidence.stored_run(1))
        self.nights = 0

    def night(self) -> None:
        self.nights += 1
        with closing(open_people(self.people, self.evidence.path)) as people, transaction(people):
            journal.append(people, "export", "asel", {"night": self.nights}, "0" * 64, AT)
        run = self.evidence.stored_run(1)
        close_run(self.evidence.db, run, "2026-11-22T12:00:00.000Z", journal.head_of(self.people))
        self.evidence.db.execute("UPDATE runs SET status = 'ok' WHERE id = ?", [run])
        self.evidence.db.conn.commit()

    def back_up(self, target: Path) -> None:
        backup(self.evidence.path, self.evidence.warc, target, keep=KEEP)


def night_of(directory: Path) -> int:
    """The night of databases that belong together; fails if they do not."""
    with closing(sqlite3.connect(directory / "acca.db")) as db:
        (body,) = db.execute("SELECT body FROM manifests ORDER BY run_id DESC LIMIT 1").fetchone()
    night = int(json.loads(body)["journal"]["count"])
    assert journal.head_of(directory / "people.db").count == night
    return night


def nights_in(target: Path, scratch: Path) -> list[int]:
    """The nights of a backup, the newest first, which is read as `restore` gives it back."""
    shutil.rmtree(scratch, ignore_errors=True)
    restore(target, scratch)
    earlier = (target / f"earlier-{number}" for number in range(1, KEEP))
    return [night_of(scratch), *(night_of(folder) for folder in earlier if folder.is_dir())]


@pytest.fixture(params=[True, False], ids=["links", "no links"])
def links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the file system has hard links."""
    if not request.param:

        def refuse(*_: object) -> None:
            raise OSError(EPERM, os.strerror(EPERM))

        monkeypatch.setattr(Path, "hardlink_to", refuse)
    return bool(request.param)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "archive")
    yield made
    made.evidence.db.close()


def killed_at(step: int, target: Path, desk: Desk) -> bool:
    """Run a backup that is killed before a change of its folder; return False if it made fewer changes."""
    steps = count(1)
    with pytest.MonkeyPatch.context() as patch:
        for name in CHANGING:

            def change(
                path: Path, *arguments: object, original: object = getattr(Path, name), **named: object
            ) -> object:
                if next(steps) == step:
                    raise Killed
                return original(path, *arguments, **named)  # type: ignore[operator]

            patch.setattr(Path, name, change)
        try:
            desk.back_up(target)
        except Killed:
            return True
    return False


@pytest.mark.usefixtures("links")
def test_a_backup_killed_at_any_change_leaves_pairs_that_belong_together(desk: Desk, tmp_path: Path) -> None:
    target, tried, scratch = tmp_path / "backup", tmp_path / "tried", tmp_path / "restored"
    for _ in range(KEEP + 1):
        desk.night()
        desk.back_up(target)
    assert nights_in(target, scratch) == [4, 3, 2]
    desk.night()
    for step in count(1):
        shutil.rmtree(tried, ignore_errors=True)
        shutil.copytree(target, tried)
        killed = killed_at(step, tried, desk)
        found = nights_in(tried, scratch)
        assert found[0] in (4, 5), f"killed before change {step}"
        assert found == sorted(found, reverse=True)
        if killed:
            desk.back_up(tried)
        assert nights_in(tried, scratch) == [5, 4, 3], f"killed before change {step}"
        assert not {path.name for path in tried.iterdir()} & {"copying", "next", "installing", "replaced"}
        if not killed:
            break
    assert step > 5


def test_verify_reads_the_pair_that_belongs_together(desk: Desk, tmp_path: Path) -> None:
    target, tried = tmp_path / "backup", tmp_path / "tried"
    desk.night()
    desk.back_up(target)
    desk.night()
    for step in count(1):
        shutil.rmtree(tried, ignore_errors=True)
        shutil.copytree(target, tried)
        assert killed_at(step, tried, desk)
        if {path.name for path in tried.glob("installing/*")} == {"acca.db"}:  # people.db is in place
            break
    done = CliRunner().invoke(main, ["verify", str(tried), "--jobs", "1"])
    assert done.exit_code == 0, done.output
