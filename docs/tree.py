"""The tree of the source as text, each folder and top-level module with the first sentence of its docstring.

`python docs/tree.py` prints today's, `python docs/tree.py COMMIT` the names as they were at a commit.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]
PACKAGES = ("acca_crawler", "storage", "spiders")
WIDTH = 118
NAMES = 26
"""Columns that a name takes."""


def tree() -> Iterator[str]:
    """Lines for every folder, and for every module that is in a package itself, then for what is beside them."""
    for package in PACKAGES:
        yield _line(0, f"{package}/", _said(ROOT / package / "__init__.py"))
        if package != "spiders":  # a file for each outlet
            yield from _folder(ROOT / package, 1)
    yield _line(0, "tests/", "Laid out as the packages are; e2e/ runs the command over real HTTP.")
    yield _line(0, "benchmarks/", "Each prints a ratio against a peer or a floor that is measured in the same run.")


def _folder(folder: Path, depth: int) -> Iterator[str]:
    for module in sorted(folder.glob("*.py")) if depth == 1 else ():
        if not module.name.startswith("__"):
            yield _line(depth, module.name, _said(module))
    for inner in sorted(path.parent for path in folder.glob("*/__init__.py")):
        yield _line(depth, f"{inner.name}/", _said(inner / "__init__.py"))
        yield from _folder(inner, depth + 1)


def _said(module: Path) -> str:
    """The first sentence of a module's docstring; every one is documented."""
    text = ast.get_docstring(ast.parse(module.read_bytes())) or "(undocumented)"
    return text.split("\n\n")[0].replace("\n", " ").partition(". ")[0].rstrip(".") + "."


def _line(depth: int, name: str, said: str) -> str:
    return f"{'  ' * depth + name:{NAMES}} {said}"


def tree_at(commit: str) -> Iterator[str]:
    """The packages of a commit, each folder with the names of its modules."""
    command = ["git", "ls-tree", "-r", "--name-only", commit, "--", *PACKAGES]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    folders: dict[PurePosixPath, list[str]] = {}
    for path in map(PurePosixPath, names):
        if path.suffix == ".py" and path.name != "__init__.py":
            folders.setdefault(path.parent, []).append(path.stem)
    for folder in sorted(folders):
        modules = " ".join(folders[folder]) if folder.parts[0] != "spiders" else "(one module for each outlet)"
        yield f"{folder}/  ({len(folders[folder])})"
        yield from (f"    {line}" for line in _wrapped(modules))


def _wrapped(words: str) -> Iterator[str]:
    line = ""
    for word in words.split():
        if len(line) + len(word) > WIDTH - 5:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    yield line


if __name__ == "__main__":
    sys.stdout.write("\n".join(tree_at(sys.argv[1]) if len(sys.argv) > 1 else tree()) + "\n")
