"""The docs say what the program does: their generated parts are fresh, and every command has its place."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from itertools import chain
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


def test_the_architecture_names_every_folder_and_every_module_beside_them() -> None:
    shown = (ROOT / "docs/architecture.md").read_text().partition("```text\n")[2].partition("```")[0]
    named = sorted(line.split()[0] for line in shown.splitlines())
    there = ["tests/", "benchmarks/"]
    for package in (ROOT / "acca_crawler", ROOT / "storage", ROOT / "spiders"):
        there += [f"{init.parent.name}/" for init in package.rglob("__init__.py")]
    for package in (ROOT / "acca_crawler", ROOT / "storage"):
        there += [module.name for module in package.glob("*.py") if not module.name.startswith("__")]
    assert named == sorted(there)
    assert "(undocumented)" not in shown


def test_every_command_is_documented() -> None:
    headings = [line for line in (ROOT / "docs/commands.md").read_text().splitlines() if line.startswith("## ")]
    assert headings == [f"## acca {name}" for name in COMMANDS]


def test_the_reason_for_every_dependency_is_given() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    table = (ROOT / "docs/architecture.md").read_text().partition("## Dependencies")[2]
    explained = [name for line in table.splitlines()[4:] for name in line.split("|")[1].strip().split(", ")]
    assert sorted(explained) == sorted(re.split("[<>=]", requirement)[0] for requirement in declared)
