"""`acca import --engine dask`: the same archive as with one process, whatever happens to the cluster."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.importing.test_jobs import desk_in
from tests.importing.test_odd_files import HOME, record
from tests.support.desk import TIMEOUT, Desk
from tests.support.local import article
from tests.support.newsstand import Sample
from tests.support.processes import command_line, descendants
from tests.support.story_reports import COPY, ENGLISH, REPORT, RETELLING

pytestmark = pytest.mark.xdist_group("dask")  # one cluster at a time: each takes seconds of two cores to start
DASK = ("--engine", "dask", "--jobs", "2")
TABLES = (
    "articles", "captures", "doubts", "flag_facts", "flag_spans", "flags", "outlets", "post_links", "revision_profiles",
    "revision_statements", "revisions", "search_docsize", "search_documents", "stories", "story_keys", "story_members",
    "story_mentions", "story_names", "story_news", "stripped", "warc_imports",
)  # fmt: skip
OF_THE_MOMENT = {
    "first_seen_at", "imported_at", "last_seen_at", "next_visit_at", "record_sha256", "row_sha256", "stored_at",
    "warc_length", "warc_offset", "record_bytes",
}  # fmt: skip
"""Columns with the time of storing, or with what is written into a record with it."""


def stored(desk: Desk) -> dict[str, list[dict[str, object]]]:
    """All that an import stored, but for when."""
    return {
        table: [
            {name: row[name] for name in row.keys() if name not in OF_THE_MOMENT}  # noqa: SIM118 - a row of SQLite
            for row in desk.rows(f"SELECT * FROM {table} ORDER BY 1, 2")
        ]
        for table in TABLES
    }


def page(report: Sample) -> str:
    """A report's page."""
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in report.text.split("\n\n"))
    return (
        f'<!doctype html><html lang="{report.language}"><head><title>{report.title}</title></head>'
        f"<body><article><h1>{report.title}</h1>{paragraphs}</article></body></html>"
    )


def reports() -> bytes:
    """Further records: a report, its copy, its retelling and its translation, which make a story."""
    return b"".join(
        record(f"{HOME}news/2026/11/story-{number}", page(report), date=f"2026-11-2{number}")
        for number, report in enumerate((REPORT, COPY, RETELLING, ENGLISH))
    )


def desks(tmp_path: Path) -> tuple[Desk, Desk]:
    """Two desks with the same file."""
    found = desk_in(tmp_path / "one"), desk_in(tmp_path / "two")
    for desk in found:
        with (desk.directory / "pages.warc").open("ab") as file:
            file.write(reports())
    return found


@pytest.mark.parametrize("options", [(), ("--cc-news",)], ids=["any file", "cc-news"])
def test_a_cluster_gives_the_archive_of_one_process(tmp_path: Path, options: tuple[str, ...]) -> None:
    one, two = desks(tmp_path)
    said = one.acca("import", *options, "--jobs", "1", "pages.warc")
    assert two.acca("import", *options, *DASK, "pages.warc") == said
    assert one.value("SELECT count(*) FROM story_members") > 0
    assert stored(two) == stored(one)
    assert "everything matches" in two.acca("verify")


def wait_until(held: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while not held():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def stored_articles(desk: Desk) -> int:
    """How many articles the archive has so far; none while it is being created."""
    try:
        return int(desk.value("SELECT count(*) FROM articles"))
    except sqlite3.OperationalError:
        return 0


def cluster_workers(pid: int) -> list[int]:
    """The processes of a cluster that a command started."""
    return [one for one in descendants(pid) if b"spawn_main" in command_line(one)]


def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "killed", 120)
    process = desk.start("import", *DASK, "pages.warc")
    wait_until(lambda: process.poll() is not None or stored_articles(desk) >= 3)
    os.kill(cluster_workers(process.pid)[-1], signal.SIGKILL)
    printed, errors = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0, errors
    assert printed.count(": new, ") == stored_articles(desk) == 120
    assert "everything matches" in desk.acca("verify")


def test_a_killed_import_continues_and_stores_none_twice(tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "killed", 60)
    for number in range(2, 5):
        (desk.directory / f"{number}.warc").write_bytes(
            b"".join(
                record(f"{HOME}news/2026/11/more-{number}-{one}", article(f"More {number} {one}", f"It was {one}."))
                for one in range(20)
            )
        )
    files = ("pages.warc", "2.warc", "3.warc", "4.warc")
    process = desk.start("import", "--cc-news", *DASK, *files)
    wait_until(lambda: process.poll() is not None or stored_articles(desk) >= 70)
    workers = cluster_workers(process.pid)
    process.kill()
    process.wait(timeout=TIMEOUT)
    wait_until(lambda: not any(Path(f"/proc/{one}").exists() for one in workers))
    reached = desk.value("SELECT count(DISTINCT file) FROM warc_imports")
    assert reached
    said = desk.acca("import", "--cc-news", *DASK, *files)
    assert said.count("continued at offset") == reached
    assert stored_articles(desk) == 60 + 3 * 20
    assert desk.value("SELECT count(*) FROM captures") == desk.value("SELECT count(DISTINCT url) FROM captures")
    assert "everything matches" in desk.acca("verify")


def test_a_scheduler_that_is_not_there_is_named_before_anything_is_stored(tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "alone")
    shown = desk.acca("import", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9", "pages.warc", code=1)
    assert "the Dask cluster tcp://127.0.0.1:9 can't be reached" in shown
    assert not (desk.directory / "archive/acca.db").exists() or desk.value("SELECT count(*) FROM runs") == 0
    shown = desk.acca("import", "--scheduler", "tcp://127.0.0.1:9", "pages.warc", code=2)
    assert "add --engine dask" in shown
