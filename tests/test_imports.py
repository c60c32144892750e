"""Who may import whom, read from the source itself."""

from __future__ import annotations

import ast
import builtins
import sys
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("imports")  # one worker then parses the files, once

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for package in ("acca_crawler", "spiders", "storage") for path in (ROOT / package).rglob("*.py"))
PURE = ("extract", "text", "dedup", "detect", "discovery", "ingest/page", "outlets", "items", "clock", "exceptions")
OURS_FOR_STORAGE = ("storage", "acca_crawler.items", "acca_crawler.clock")
STORAGE_MAY = (*sys.stdlib_module_names, "sqlite_utils", "warcio", "isal", *OURS_FOR_STORAGE)
SLOW = ("scrapy.core.downloader.handlers.http11", "sklearn", "distributed", "playwright")
ALONE = {
    "sqlite_utils": "storage.schema.sqlite_utils_alone",
    "warcio": "storage.evidence.warcio_alone",
    "datasette.app": "acca_crawler.web.datasette_alone",
    "datasette.plugins": "acca_crawler.web.datasette_alone",
    "datasette.views": "acca_crawler.web.datasette_alone",
}
"""Libraries that would load others which we don't use, and our module that loads them without those."""
SPIDERS_MAY_OF_OURS = ("crawl.spider", "outlets", "discovery", "items", "exceptions", "text")


@cache
def parsed(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(path.read_bytes())


@cache
def imported(path: Path) -> list[str]:
    """The full dotted name of everything a file imports, at its top or inside a function."""
    package = path.relative_to(ROOT).parts[:-1]
    found: list[str] = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            module = ".".join((*above, *([node.module] if node.module else [])))
            found += (f"{module}.{alias.name}" for alias in node.names)
    return found


def within(name: str, *modules: str) -> bool:
    """Whether a dotted name is one of the modules or lies inside one."""
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def may_import(path: Path, name: str) -> bool:
    """Whether a file's place in the project allows it to import a name."""
    package, place, *inner = path.relative_to(ROOT).with_suffix("").parts
    if package == "storage":
        return within(name, *STORAGE_MAY)
    if package == "spiders":
        ours = (f"acca_crawler.{module}" for module in SPIDERS_MAY_OF_OURS)
        return within(name, *ours) or not within(name, "acca_crawler", "storage")
    if place in PURE or "/".join((place, *inner)) in PURE:
        return not within(name, "scrapy", "twisted", "storage", "spiders")
    if place == "web":
        return not within(name, "scrapy", "twisted", "spiders")
    return not within(name, "spiders")


def module(path: Path) -> str:
    """The dotted name of a source file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def import_graph(sources: dict[str, set[str]]) -> dict[str, set[str]]:
    """Which of our modules each one imports, from the names that it imports; blocks under TYPE_CHECKING included."""
    graph: dict[str, set[str]] = {}
    for name, names in sources.items():
        found = {whole if whole in sources else whole.rpartition(".")[0] for whole in names}
        graph[name] = (found & sources.keys()) - {name}
    return graph


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that import each other, directly or through others."""
    ahead = {name: reached(graph, name) for name in graph}
    groups = {frozenset(other for other in ahead[name] if name in ahead[other]) for name in graph}
    return sorted(sorted(group) for group in groups if group)


def reached(graph: dict[str, set[str]], start: str) -> set[str]:
    """Everything that a module imports, directly or through others; itself only if it is part of a cycle."""
    found: set[str] = set()
    left = [start]
    while left:
        new = graph[left.pop()] - found
        found |= new
        left += new
    return found


def test_a_file_imports_only_what_its_place_allows() -> None:
    refused = {module(path): [name for name in imported(path) if not may_import(path, name)] for path in SOURCES}
    assert {name: names for name, names in refused.items() if names} == {}


def test_the_rules_are_not_empty() -> None:
    assert not may_import(ROOT / "storage/articles/write.py", "scrapy")
    assert not may_import(ROOT / "storage/articles/write.py", "acca_crawler.outlets.Outlet")
    assert may_import(ROOT / "storage/articles/write.py", "acca_crawler.items.Article")
    assert not may_import(ROOT / "acca_crawler/detect/rules.py", "storage.articles.write")
    assert not may_import(ROOT / "acca_crawler/web/app.py", "scrapy.http.Response")
    assert not may_import(ROOT / "acca_crawler/cli/crawl_command.py", "spiders.acca")
    assert may_import(ROOT / "acca_crawler/cli/show_command.py", "storage.articles.write.CurrentArticle")
    assert not may_import(ROOT / "spiders/acca.py", "acca_crawler.crawl.pipelines")


def test_nothing_imports_in_a_circle() -> None:
    assert cycles(import_graph({module(path): set(imported(path)) for path in SOURCES})) == []


def test_a_circle_is_found_through_any_number_of_modules() -> None:
    sources = {"a": {"b.Name"}, "b": {"c"}, "c": {"a.Other", "json"}, "d": {"a"}, "e": set[str]()}
    assert cycles(import_graph(sources)) == [["a", "b", "c"]]


def test_what_is_pure_stays_so_through_all_that_it_imports() -> None:
    graph = import_graph({module(path): set(imported(path)) for path in SOURCES})
    rooms = tuple(f"acca_crawler.{place.replace('/', '.')}" for place in PURE)
    impure = {
        (name, other)
        for name in graph
        if within(name, *rooms)
        for other in reached(graph, name)
        if within(other, "storage", "spiders", "acca_crawler.crawl", "acca_crawler.config")
    }
    assert impure == set()


EXCEPTION_FILES = ("acca_crawler/exceptions.py", "storage/exceptions.py", "acca_crawler/crawl/errors.py")


def test_every_exception_of_ours_is_in_one_of_three_files_and_says_who_raises_it() -> None:
    builtin = {
        name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, Exception)
    }
    ours: dict[str, set[str]] = {}
    docs: dict[str, str] = {}
    for path in SOURCES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                if bases & (builtin | ours.keys() | {"IgnoreRequest"}) or node.name.endswith(("Error", "Exception")):
                    ours.setdefault(node.name, set()).add(str(path.relative_to(ROOT)))
                    docs[node.name] = ast.get_docstring(node) or ""
    assert {name: files for name, files in ours.items() if not files <= set(EXCEPTION_FILES)} == {}
    assert [
        name for name, said in docs.items() if "raised" not in said and name not in ("AccaError", "StorageError")
    ] == []


def test_no_two_public_classes_have_one_name() -> None:
    homes: dict[str, list[str]] = {}
    for path in SOURCES:
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    shared = {name: files for name, files in homes.items() if len(files) > 1}
    assert shared.keys() - {"Sentence"} == set()  # a sentence's features for stories, and one annotated for detection


def test_what_takes_long_is_imported_where_it_is_used() -> None:
    """A command that needs none of it should not wait for it; only what `make weights` runs may."""
    early = [
        f"{module(path)} imports {name}"
        for path in SOURCES
        if path.name != "fit.py"
        for node in parsed(path).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
        if within(name, *SLOW)
    ]
    assert early == []


def test_libraries_are_loaded_without_their_companions_whoever_is_first() -> None:
    around = [
        f"{module(path)} imports {name}, which {alone} loads faster"
        for path in SOURCES
        for name in imported(path)
        for library, alone in ALONE.items()
        if within(name, library) and module(path) != alone
    ]
    assert around == []
