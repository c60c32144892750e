"""What gets installed is ours and whole, and the command answers before it loads what it does not need."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
OURS = {"acca_crawler", "spiders", "storage"}
HEAVY = {
    "bs4",
    "datasette",
    "dateparser",
    "feedparser",
    "htmldate",
    "lxml",
    "numpy",
    "py3langid",
    "pyarrow",
    "pydantic",
    "scrapy",
    "sqlite_utils",
    "trafilatura",
    "twisted",
}
"""Libraries that take longer to import than `acca --help` may take as a whole."""


def built(source: Path, target: Path, umask: int = 0o022, **environment: str) -> Path:
    """Build the wheel of a source tree as `make dist` does, and return its path."""
    recipe = (ROOT / "Makefile").read_text().partition("\ndist:")[2].partition("\n\n")[0]
    arguments = recipe.partition("$(BIN)/python -m hatchling ")[2].partition("\n")[0].split()
    command = [sys.executable, "-m", "hatchling", *arguments, "-d", str(target)]
    subprocess.run(
        command,
        cwd=source,
        env={**os.environ, **environment},
        umask=umask,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (wheel,) = target.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel."""
    return built(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def packed(wheel: Path) -> set[str]:
    """The paths inside the wheel, without its own metadata."""
    with ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_installed_top_level_names_are_ours(packed: set[str]) -> None:
    assert {name.partition("/")[0] for name in packed} == OURS


def test_everything_the_packages_hold_is_installed(packed: set[str]) -> None:
    """Lexicons, templates and the newsroom's pages too: a wheel without them starts, and then fails."""
    held = {path.relative_to(ROOT).as_posix() for name in OURS for path in (ROOT / name).rglob("*") if path.is_file()}
    assert {name for name in held if "__pycache__" not in name} == packed


def test_the_same_source_gives_the_same_wheel_anywhere(wheel: Path, tmp_path: Path) -> None:
    """Another directory, time, order of files, umask, zone and locale change no byte: a stranger can check a wheel."""
    source = tmp_path / "elsewhere"
    for name in sorted(OURS, reverse=True):
        shutil.copytree(ROOT / name, source / name, copy_function=shutil.copyfile)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copyfile(ROOT / name, source / name)
    (tmp_path / "dist").mkdir()
    elsewhere = {"TZ": "Asia/Bishkek", "LC_ALL": "C", "PYTHONHASHSEED": "7", "HOME": str(tmp_path)}
    again = built(source, tmp_path / "dist", umask=0o077, **elsewhere)
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from acca_crawler.cli import main\n"
        "try:\n"
        "    main(['--help'])\n"
        "finally:\n"
        "    print(*sys.modules, file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert "crawl" in done.stdout
    assert HEAVY.isdisjoint(done.stderr.split())


def loaded_by(*modules: str) -> set[str]:
    """What a fresh interpreter has loaded after these modules."""
    script = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return set(done.stdout.split())


def test_libraries_leave_out_the_companions_that_we_never_use() -> None:
    """Dask's arrays took half of the time in which `acca serve` starts, NumPy a third of that of `acca diff`."""
    assert loaded_by("acca_crawler.web.app").isdisjoint({"dask", "scipy", "fsspec", "pandas"})
    short = loaded_by("acca_crawler.operations.status_report", "storage.evidence.records", "storage.review.database")
    assert short.isdisjoint({"numpy", "dask", "scipy", "fsspec", "pandas"})


def declared(*, development: bool) -> list[Requirement]:
    """What pyproject.toml asks for, extras included."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = table["project"]["optional-dependencies"].values()
    asked = [*table["project"]["dependencies"], *(line for extra in extras for line in extra)]
    return [Requirement(line) for line in asked + (table["dependency-groups"]["dev"] if development else [])]


@pytest.mark.parametrize(("lock", "development"), [("requirements.lock", False), ("requirements-dev.lock", True)])
def test_the_lock_holds_everything_asked_for(lock: str, development: bool) -> None:
    pinned = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^ ;]+)", (ROOT / lock).read_text(), re.MULTILINE))
    for requirement in declared(development=development):
        name = canonicalize_name(requirement.name)
        assert name in pinned, f"run `make lock`: {lock} lacks {name}"
        assert requirement.specifier.contains(pinned[name]), f"run `make lock`: {lock} has {name} {pinned[name]}"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_lock_pins_bytes_and_names_no_registry(lock: str) -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"://|^--(extra-)?index|^--find-links", "".join(entries), re.MULTILINE)


def test_a_mistyped_command_is_answered_with_the_nearest() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "acca_crawler", "crwal"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "Did you mean 'crawl'?" in done.stderr


WITHOUT_IRI_GRAMMAR = """
import runpy, sys
sys.modules["rfc3987_syntax"] = None
runpy.run_module("cyclonedx_py", run_name="__main__", alter_sys=True)
"""
"""Writes and validates a bill of materials, but not the form of its addresses, whose grammar takes the most time."""


def test_the_bill_of_materials_has_every_pinned_package_with_its_hashes(tmp_path: Path) -> None:
    recipe = (ROOT / "Makefile").read_text().partition("\nsbom:")[2].partition("\n\n")[0]
    arguments = recipe.partition("cyclonedx-py ")[2].replace("\\\n", " ").split()
    arguments[arguments.index("-o") + 1] = str(tmp_path / "sbom.json")
    command = [sys.executable, "-W", "ignore", "-c", WITHOUT_IRI_GRAMMAR, *arguments]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    bill = json.loads((tmp_path / "sbom.json").read_text())
    assert bill["metadata"]["component"]["name"] == "acca-crawler"
    listed = {(canonicalize_name(one["name"]), one["version"]): one for one in bill["components"]}
    pinned = re.findall(r"^([\w.-]+)==([^\s;\\]+)", (ROOT / "requirements.lock").read_text(), re.M)
    assert {(canonicalize_name(name), version) for name, version in pinned} == set(listed)
    hashes = [one["externalReferences"][0]["hashes"] for one in listed.values()]
    assert all(found and found[0]["alg"] == "SHA-256" for found in hashes)
