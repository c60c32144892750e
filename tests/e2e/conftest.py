"""What an operator has: the newsroom over real HTTP, an acca.toml, and the `acca` command in a process of its own."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from acca_crawler.newsroom import Newsroom
from tests.support.desk import ROOT, TIMEOUT, OperatorDesk


@dataclass(frozen=True)
class Desk(OperatorDesk):
    """The desk of an operator who crawls the newsroom."""

    def on_terminal(self, *arguments: str, answer: str = "", code: int | None = None) -> str:
        """Run `acca` on a terminal of its own, give one answer to what it asks, and return what was shown."""
        terminal, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "acca_crawler", *arguments],
            cwd=self.directory, env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "120"},
            stdin=theirs, stdout=theirs, stderr=theirs,
        )  # fmt: skip
        os.close(theirs)
        os.write(terminal, answer.encode())
        shown = _read_all(terminal)
        process.wait(timeout=TIMEOUT)
        assert code is None or process.returncode == code, shown
        return shown

    def diff(self, *arguments: str) -> list[dict[str, Any]]:
        """The diff's entries."""
        return [json.loads(line) for line in self.acca("diff", "--json", *arguments).splitlines()]

    def counts(self) -> dict[str, int]:
        """What the last run counted for acca."""
        run = self.value("SELECT max(id) FROM runs")
        rows = self.rows("SELECT name, value FROM run_counts WHERE run_id = ? AND outlet = 'acca'", run)
        return {row["name"]: row["value"] for row in rows}


def _read_all(terminal: int) -> str:
    found = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # Linux says so when the other side is closed
            chunk = b""
        if not chunk:
            os.close(terminal)
            return found.decode(errors="replace")
        found += chunk


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """The newsroom on its first day."""
    with Newsroom(sites=["acca", "semdorog"]) as started:
        yield started


@pytest.fixture
def desk(tmp_path: Path, newsroom: Newsroom) -> Desk:
    """A desk whose acca outlet is the newsroom's."""
    return make_desk(tmp_path, newsroom)


def make_desk(directory: Path, newsroom: Newsroom, crawl: str = "") -> Desk:
    """A desk with more settings in its [crawl] table."""
    (directory / "acca.toml").write_text(
        f'[crawl]\ndelay = 0\nretries = 1\n{crawl}\n[outlets.acca]\nhome = "{newsroom.sites["acca"].url}/en/"\n'
    )
    return Desk(directory)


Requested = Callable[[], list[str]]


@pytest.fixture
def requested(newsroom: Newsroom) -> Requested:
    """The article pages that acca's site was asked for since this was last called."""

    def articles() -> list[str]:
        paths = [record.path for record in newsroom.sites["acca"].requests if record.kind == "article"]
        newsroom.requests.clear()
        return paths

    return articles
