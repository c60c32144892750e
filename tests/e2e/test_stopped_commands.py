"""Ctrl-C, SIGTERM and SIGHUP end an import and a reprocessing within seconds, with what is stored whole."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.desk import ROOT, TIMEOUT, Desk
from tests.support.warm import Started

DUMP = "20.08.2022\nNews\nReport {0}\nMen of village number {0} were beaten by police officers, relatives told us.\n"


def wait_for(desk: Desk, sql: str) -> None:
    """Wait until a query on the archive gives something true."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        if (desk.directory / "archive" / "acca.db").exists():
            try:
                if desk.value(sql):
                    return
            except Exception:  # noqa: BLE001 - the tables are being made
                pass
        time.sleep(0.05)
    pytest.fail(f"never true: {sql}")


def end(process: Started, number: signal.Signals) -> str:
    process.send_signal(number)
    _, errors = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 130, errors
    assert errors.splitlines()[-1].startswith(f"acca: stopped by {number.name}")
    assert "Traceback" not in errors
    return errors


def importing(tmp_path: Path) -> tuple[Desk, list[str], Started]:
    """An import of 200 files that has stored the first."""
    desk = Desk(tmp_path)
    desk.configure("")
    files = [f"{one}.txt" for one in range(200)]
    for one, file in enumerate(files):
        (tmp_path / file).write_text(DUMP.format(one))
    process = desk.start("import", *files)
    wait_for(desk, "SELECT count(*) FROM articles")
    return desk, files, process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_an_import(tmp_path: Path, number: signal.Signals) -> None:
    desk, files, process = importing(tmp_path)
    end(process, number)
    assert desk.tuples("SELECT kind, status FROM runs") == [("import", "killed")]
    shown = desk.acca("status")
    assert "acca: killed in run 1" in shown and "stopped by a signal; run it again" in shown
    assert "everything matches" in desk.acca("verify")
    with closing(sqlite3.connect(tmp_path / "archive" / "people.db")) as people:
        assert people.execute("SELECT action, subject LIKE '%\"interrupted\"%' FROM journal").fetchall() == [
            ("import", 1)
        ]
    stored = desk.value("SELECT count(*) FROM articles")
    assert 0 < stored < len(files)
    desk.acca("import", *files[: stored + 2])
    assert desk.value("SELECT count(*) FROM articles") == stored + 2


def test_a_killed_import_is_not_called_well(tmp_path: Path) -> None:
    desk, files, process = importing(tmp_path)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=TIMEOUT)
    assert "acca: running in run 1" in desk.acca("status")
    desk.acca("import", files[0])
    assert desk.tuples("SELECT run_id, status FROM run_outlets") == [(1, "killed"), (2, "ok")]


@pytest.mark.parametrize("command", [["-m", "acca_crawler"], ["-m", "acca_crawler", "search", "word"]])
def test_a_signal_while_modules_are_loaded_ends_in_one_line(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "click.py").write_text("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(9)\n")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # what is started with `&` ignores it
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "acca: stopped\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_signal_ends_a_reprocessing_and_the_next_one_goes_on(
    tmp_path: Path, number: signal.Signals, jobs: str
) -> None:
    desk = Desk(tmp_path)
    desk.configure("")
    for one in range(40):
        (tmp_path / f"{one}.txt").write_text(DUMP.format(one))
    desk.acca("import", *(f"{one}.txt" for one in range(40)))
    desk.execute("UPDATE flags SET score = -1")
    process = desk.start("reprocess", "--jobs", jobs)
    wait_for(desk, "SELECT count(*) FROM runs WHERE kind = 'reprocess'")
    end(process, number)
    assert desk.value("SELECT status FROM runs WHERE kind = 'reprocess'") == "killed"
    assert "everything matches" in desk.acca("verify")
    desk.acca("reprocess")
    assert desk.value("SELECT count(*) FROM flags WHERE current AND score = -1") == 0
