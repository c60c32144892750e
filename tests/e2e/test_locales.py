"""Every command prints and takes names in any script, whatever the locale of cron, a container or a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import warm
from tests.support.desk import Desk

DUMP = (
    "20.08.2022\nNews\nЖитель Оша рассказал о пытках\n"
    "Жителя Оша пытали в милиции, сообщили ACCA правозащитники. Oʻsh.\n"
)
BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An archive with one report in Russian, imported from a file with a Russian name."""
    desk = Desk(tmp_path)
    desk.configure("")
    (tmp_path / "отчёт.txt").write_text(DUMP, encoding="utf-8")
    return desk


def acca(desk: Desk, *arguments: str, encoding: str = "utf-8", **environment: str) -> str:
    """Run a command in an interpreter of its own, with this environment only."""
    done = subprocess.run(
        [sys.executable, "-m", "acca_crawler", *arguments], cwd=desk.directory, capture_output=True, timeout=120,
        check=False, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(warm.ROOT), **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert b"Traceback" not in done.stderr
    return done.stdout.decode(encoding)


def test_a_locale_that_knows_ascii_alone(desk: Desk) -> None:
    assert "Житель Оша" in acca(desk, "import", "отчёт.txt", **BARE)
    for command in (["history", "1"], ["alerts"], ["status"], ["export", "reports"]):
        acca(desk, *command, **BARE)
    assert "Житель Оша" in acca(desk, "diff", **BARE)
    assert "Житель Оша" in acca(desk, "search", "пытали", **BARE)
    assert "отчёт.txt" in acca(desk, "show", "1", **BARE)


def test_an_encoding_that_lacks_a_character_prints_its_escape(desk: Desk) -> None:
    desk.acca("import", "отчёт.txt")
    shown = acca(desk, "show", "1", encoding="koi8-r", PYTHONIOENCODING="koi8-r", PYTHONUTF8="0")
    assert "Житель Оша" in shown
    assert "O\\u02bbsh" in shown
