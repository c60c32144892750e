"""Ctrl-C, SIGTERM and SIGHUP end an import and a reprocessing within seconds, with what is stored whole."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from tests.support.desk import TIMEOUT, Desk
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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_an_import(tmp_path: Path, number: signal.Signals) -> None:
    desk = Desk(tmp_path)
    desk.configure("")
    files = [f"{one}.txt" for one in range(200)]
    for one, file in enumerate(files):
        (tmp_path / file).write_text(DUMP.format(one))
    process = desk.start("import", *files)
    wait_for(desk, "SELECT count(*) FROM articles")
    end(process, number)
    assert desk.tuples("SELECT kind, status FROM runs") == [("import", "killed")]
    assert "everything matches" in desk.acca("verify")
    stored = desk.value("SELECT count(*) FROM articles")
    assert 0 < stored < len(files)
    desk.acca("import", *files[: stored + 2])
    assert desk.value("SELECT count(*) FROM articles") == stored + 2


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
