"""The docs say what the program does: their generated parts are fresh, and every command has its place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from acca_crawler.cli import COMMANDS

ROOT = Path(__file__).parents[1]
GENERATED = [path for path in sorted((ROOT / "docs").glob("*.md")) if "[[[cog" in path.read_text()]


@pytest.mark.parametrize("page", GENERATED, ids=lambda path: path.name)
def test_the_generated_parts_are_fresh(page: Path) -> None:
    command = [sys.executable, "-m", "cogapp", "--check", "--diff", "-P", "-I", ".", str(page.relative_to(ROOT))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"run `make docs`\n{done.stdout}{done.stderr}"


def test_every_command_is_documented() -> None:
    headings = [line for line in (ROOT / "docs/commands.md").read_text().splitlines() if line.startswith("## ")]
    assert headings == [f"## acca {name}" for name in COMMANDS]
