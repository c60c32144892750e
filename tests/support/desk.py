"""An operator's directory, with the `acca` command in a process of its own and a look into the archive."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).parents[2]
TIMEOUT = 120
"""Seconds after which a command that hangs fails its test."""


@dataclass(frozen=True)
class OperatorDesk:
    """An operator's directory with its acca.toml, and what can be done there."""

    directory: Path

    ERRORS: ClassVar[int] = subprocess.PIPE
    """Where a command's second stream goes: apart, or (`STDOUT`) between the lines of the first."""

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `acca` and do not wait for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "acca_crawler", *arguments],
            cwd=self.directory,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=self.ERRORS,
            text=True,
        )

    def acca(self, *arguments: str, code: int = 0) -> str:
        """Run `acca`, insist on its exit code, and return what it printed."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=TIMEOUT)
        assert process.returncode == code, f"acca {' '.join(arguments)}: {process.returncode}\n{out}\n{err or ''}"
        return out if code == 0 else out + (err or "")

    def rows(self, sql: str, *arguments: object) -> list[sqlite3.Row]:
        """What the archive answers to a query."""
        connection = sqlite3.connect(self.directory / "archive" / "acca.db")
        connection.row_factory = sqlite3.Row
        try:
            return connection.execute(sql, arguments).fetchall()
        finally:
            connection.close()

    def value(self, sql: str, *arguments: object) -> Any:
        """The first value that the archive answers."""
        return self.rows(sql, *arguments)[0][0]

    def execute(self, sql: str, *arguments: object) -> None:
        """Change the archive by hand, to let time pass in it."""
        with sqlite3.connect(self.directory / "archive" / "acca.db") as connection:
            connection.execute(sql, arguments)
        connection.close()
