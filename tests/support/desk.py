"""An operator's directory, with the `acca` command in its own process and access to the archive."""

from __future__ import annotations

import json
import os
import pty
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import warm

ROOT = warm.ROOT
RecordProperty = Callable[[str, object], None]
"""Pytest's `record_property`: adds a number to the test's report."""

TIMEOUT = 120
"""Seconds after which a hanging command fails its test."""


@dataclass(frozen=True)
class Desk:
    """An operator's directory with its acca.toml, and operations on it."""

    directory: Path

    def configure(self, text: str) -> None:
        """Write acca.toml; requests have no delay unless `[crawl]` sets one."""
        crawl = "" if "[crawl]" in text else "[crawl]\ndelay = 0\nretries = 0\n"
        (self.directory / "acca.toml").write_text(crawl + text)

    def start(self, *arguments: str, under: Sequence[str] = ()) -> warm.Started:
        """Start `acca` without waiting for it; `under` as for `acca`."""
        return warm.Started(arguments, self.directory, under=under)

    def acca(self, *arguments: str, code: int = 0, under: Sequence[str] = ()) -> str:
        """Run `acca`, check its exit code, and return its output: stdout only if it succeeded.

        `under` names a function of `circumstances`, and its arguments.
        """
        return self._run(arguments, code, merged=code != 0, under=under)

    def all_of(self, *arguments: str, code: int = 0) -> str:
        """Do the same, with both streams in the order of printing."""
        return self._run(arguments, code, merged=True)

    def _run(self, arguments: tuple[str, ...], code: int, *, merged: bool, under: Sequence[str] = ()) -> str:
        ended, out, err = warm.run(arguments, self.directory, timeout=TIMEOUT, merged=merged, under=under)
        assert ended == code, f"acca {' '.join(arguments)}: {ended}\n{out}\n{err}"
        return out

    def on_terminal(self, *arguments: str, answer: str = "", code: int | None = None) -> str:
        """Run `acca` in a terminal, answer its prompt once, and return the output."""
        terminal, theirs = pty.openpty()
        process = warm.Process(arguments, self.directory, [theirs] * 3, {"TERM": "xterm", "COLUMNS": "120"})
        os.close(theirs)
        os.write(terminal, answer.encode())
        shown = _read_all(terminal)
        process.wait(timeout=TIMEOUT)
        assert code is None or process.returncode == code, shown
        return shown

    def diff(self, *arguments: str) -> list[dict[str, Any]]:
        """Return the diff's entries."""
        return [json.loads(line) for line in self.acca("diff", "--json", *arguments).splitlines()]

    def rows(self, sql: str, *arguments: object) -> list[sqlite3.Row]:
        """Return the rows of a query on the archive."""
        with closing(self._archive()) as archive:
            return archive.execute(sql, arguments).fetchall()

    def tuples(self, sql: str) -> list[tuple[object, ...]]:
        """Return the rows of a query as plain tuples, for comparison."""
        return [tuple(row) for row in self.rows(sql)]

    def value(self, sql: str, *arguments: object) -> Any:
        """Return the first value of a query on the archive."""
        return self.rows(sql, *arguments)[0][0]

    def execute(self, sql: str, *arguments: object) -> None:
        """Change the archive by hand, to simulate the passing of time."""
        with closing(self._archive()) as archive, archive:
            archive.execute(sql, arguments)

    def _archive(self) -> sqlite3.Connection:
        archive = sqlite3.connect(self.directory / "archive" / "acca.db")
        archive.row_factory = sqlite3.Row
        return archive


def _read_all(terminal: int) -> str:
    found = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # Linux reports this when the other side is closed
            chunk = b""
        if not chunk:
            os.close(terminal)
            return found.decode(errors="replace")
        found += chunk


def all_but(name: str) -> str:
    """The lines of acca.toml that disable every outlet but one."""
    from acca_crawler.config.loading import Config
    from acca_crawler.crawl.start import load_outlets

    others = [one for one, spider in load_outlets(Config()).items() if spider.outlet.enabled and one != name]
    return "".join(f"[outlets.{one}]\nenabled = false\n" for one in others)
