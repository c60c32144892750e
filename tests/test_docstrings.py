"""Public docstrings say what a caller can't guess: the zone of times, the errors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("acca_crawler", "spiders", "storage")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
TIME = re.compile(r"(?:.*_)?at|since|until")
ZONE = re.compile(r"\bUTC\b|\bdays?\b|\baware\b")


def is_time(name: str, kind: str) -> bool:
    """Whether a field or parameter is a time, as text or as an object."""
    return bool(TIME.fullmatch(name) and "str" in kind) or kind in ("datetime", "datetime | None")


class Documented:
    """A public class or function, its docstring and those of what contains it, and the help of a command's options."""

    def __init__(self, node: ast.ClassDef | ast.FunctionDef, path: Path, around: str) -> None:
        self.node = node
        self.place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        self.own = ast.get_docstring(node) or ""
        self.text = "\n".join((around, self.own, *self._fields(), *map(ast.unparse, node.decorator_list)))

    def _fields(self) -> Iterator[str]:
        return (ast.unparse(one) for one in self.node.body[1:] if isinstance(one, ast.Expr))

    def times(self) -> list[str]:
        """The fields or parameters that are times."""
        found = (
            [(ast.unparse(one.target), one.annotation) for one in self.node.body if isinstance(one, ast.AnnAssign)]
            if isinstance(self.node, ast.ClassDef)
            else [(one.arg, one.annotation) for one in (*self.node.args.args, *self.node.args.kwonlyargs)]
        )
        return [name for name, kind in found if kind and is_time(name, ast.unparse(kind))]

    def errors(self) -> set[str]:
        """The names of the errors that it raises itself."""
        if isinstance(self.node, ast.ClassDef):
            return set()
        raised = (ast.unparse(one.exc) for one in ast.walk(self.node) if isinstance(one, ast.Raise) and one.exc)
        names = {call.split("(")[0].split(".")[-1] for call in raised}
        return {name for name in names if name[0].isupper() and name != "AssertionError"}


def documented(path: Path) -> Iterator[Documented]:
    """Every public class, function and method of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from _within(tree, path, ast.get_docstring(tree) or "")


def _within(node: ast.Module | ast.ClassDef, path: Path, around: str) -> Iterator[Documented]:
    for one in node.body:
        if isinstance(one, ast.ClassDef | ast.FunctionDef) and not one.name.startswith("_"):
            found = Documented(one, path, around)
            yield found
            if isinstance(one, ast.ClassDef):
                yield from _within(one, path, found.text)


@pytest.fixture(scope="module")
def public() -> list[Documented]:
    """Everything public in all files."""
    return [one for path in SOURCES for one in documented(path)]


def test_all_that_is_public_has_a_docstring(public: list[Documented]) -> None:
    assert [one.place for one in public if not one.own] == []


def test_docstrings_name_the_zone_of_times(public: list[Documented]) -> None:
    found = ((one, one.times()) for one in public)
    assert [(one.place, times) for one, times in found if times and not ZONE.search(one.text)] == []


def test_docstrings_name_the_errors(public: list[Documented]) -> None:
    found = ((one, one.errors()) for one in public if "same errors" not in one.own)
    assert [
        (one.place, errors) for one, errors in found if errors and not any(map(one.text.__contains__, errors))
    ] == []
