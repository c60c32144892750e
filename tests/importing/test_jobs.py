"""`acca import --jobs N`: the same archive as with one process, in the same order, whatever happens to the readers."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.importing.test_odd_files import HOME, OUTLET, record
from tests.support.desk import TIMEOUT, Desk
from tests.support.local import article
from tests.support.processes import descendants

PAGES = 24
SQL = (
    "SELECT articles.id, articles.url, title, text, language, level FROM articles "
    "JOIN revisions ON revisions.id = articles.revision_id "
    "LEFT JOIN flags ON flags.revision_id = revisions.id ORDER BY 1"
)


def pages(count: int = PAGES) -> bytes:
    """A WARC file with articles of which some repeat, some are not articles, and one can't be read."""
    records = [
        record(
            f"{HOME}news/2026/11/report-{number}",
            article(f"Report {number} from village {number}", f"It was on day {number}."),
        )
        for number in range(count)
    ]
    records.insert(5, record(f"{HOME}news/2026/11/report-empty", "<html><body></body></html>"))
    records.insert(9, record(f"{HOME}news/2026/11/report-3", article("Report 3 from village 3", "It was on day 3.")))
    return b"".join(records)


def desk_in(directory: Path, count: int = PAGES) -> Desk:
    directory.mkdir()
    desk = Desk(directory)
    desk.configure(OUTLET)
    (directory / "pages.warc").write_bytes(pages(count))
    return desk


def test_two_jobs_give_the_archive_of_one(tmp_path: Path) -> None:
    one, two = desk_in(tmp_path / "one"), desk_in(tmp_path / "two")
    said = [desk.acca("import", "pages.warc", "--jobs", jobs) for desk, jobs in ((one, "1"), (two, "2"))]
    assert said[0] == said[1]
    assert len(one.tuples(SQL)) == PAGES
    assert two.tuples(SQL) == one.tuples(SQL)
    assert "everything matches" in two.acca("verify")
    assert [row["status"] for row in two.rows("SELECT status FROM runs")] == ["ok"]


def test_a_file_that_is_torn_is_imported_up_to_the_tear(tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "torn")
    whole = (desk.directory / "pages.warc").read_bytes()
    (desk.directory / "pages.warc").write_bytes(whole[: len(whole) - 300])
    said = desk.all_of("import", "pages.warc", "--jobs", "2", code=1)
    assert desk.value("SELECT count(*) FROM articles") == PAGES - 1
    assert said.splitlines()[-1].startswith("pages.warc: "), "the failure comes after what was read before it"


@pytest.mark.parametrize("which", [-1, 1, 0], ids=["a worker", "a guard", "what forked it"])
def test_a_killed_reader_loses_nothing(tmp_path: Path, which: int) -> None:
    count = 120
    desk = desk_in(tmp_path / "killed", count)
    process = desk.start("import", "pages.warc", "--jobs", "2")
    deadline = time.monotonic() + TIMEOUT
    killed = 0
    while process.poll() is None and killed < 2 - (which != -1) and time.monotonic() < deadline:
        below = descendants(process.pid)
        if len(below) >= 5:  # what forks the guards, and two of these, each with a worker
            os.kill(below[which], signal.SIGKILL)
            killed += 1
        time.sleep(0.3)
    printed, errors = process.communicate(timeout=TIMEOUT)
    assert killed, "no reader was found"
    assert process.returncode == 0, errors
    assert printed.count(": new, ") == count
    assert desk.value("SELECT count(*) FROM articles") == count
    assert "everything matches" in desk.acca("verify")
