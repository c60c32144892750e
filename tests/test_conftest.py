"""Where everything is required, nothing is left out unseen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ONE_OF_EACH = """
import pytest

def test_passes(): pass

def test_lacks_a_browser(): pytest.skip("no Chromium here")

@pytest.mark.redis
def test_lacks_redis(): pass

@pytest.mark.xfail
def test_fails_as_expected(): assert False

def test_reads_shared(shared): assert (shared / "README.md").is_file()

@pytest.mark.shared
def test_is_marked_shared(): pass
"""
SETTINGS = """
[pytest]
pythonpath = .
addopts = --import-mode=importlib
markers =
    shared: reads the data folder
    redis: needs Redis
"""
ON_A_WORKER = """
import os, pathlib, time, pytest
MARK

@pytest.fixture(scope="SCOPE")
def server(): return None

@pytest.mark.parametrize("number", range(4))
def test_notes_its_worker(server, number):
    time.sleep(0.05)
    pathlib.Path(__file__ + f".{os.environ['PYTEST_XDIST_WORKER']}").touch()
"""
WHOLE_MODULE = "import pytest\npytest.importorskip('a_library_that_nobody_has')\n"


def project(directory: Path) -> Path:
    """Make a project with this conftest.py; return the folder of its tests."""
    tests = directory / "project/tests"
    (tests / "support").mkdir(parents=True)
    for name in ("conftest.py", "support/fresh.py", "support/programs.py"):
        shutil.copy(Path(__file__).with_name("conftest.py").parent / name, tests / name)
    (directory / "project/pytest.ini").write_text(SETTINGS)
    return tests


def run(tests: Path, *arguments: str, **environment: str) -> list[str]:
    """Run the project's tests; return the lines that pytest printed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:hypothesispytest", *arguments]
    done = subprocess.run(
        command, cwd=tests.parent, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    return done.stdout.splitlines()


def said(directory: Path, *, require_all: bool) -> list[str]:
    """Run a project of the two modules above beside (or without) a data folder, without Redis; the lines it printed."""
    tests = project(directory)
    (tests / "test_each.py").write_text(ONE_OF_EACH)
    (tests / "test_whole.py").write_text(WHOLE_MODULE)
    required = "1" if require_all else ""
    return run(tests, "--continue-on-collection-errors", ACCA_REQUIRE_ALL=required, ACCA_HIDE="redis-server")


def outcomes(directory: Path, *, require_all: bool) -> dict[str, int]:
    """How many tests of that project ended how."""
    *_, summary = said(directory, require_all=require_all)
    counts = [part.split() for part in summary.split(" in ")[0].split(", ")]
    return {how.removesuffix("s") if how == "errors" else how: int(count) for count, how in counts}


def test_a_skip_is_a_skip_for_everybody_else(tmp_path: Path) -> None:
    assert outcomes(tmp_path, require_all=False) == {"passed": 1, "skipped": 5, "xfailed": 1}


def test_a_skip_fails_where_all_is_required_but_for_want_of_the_data_folder(tmp_path: Path) -> None:
    """Three fail: in the test, before it (pytest calls that an error), and a module as a whole (an error too)."""
    expected = {"passed": 1, "failed": 1, "error": 2, "skipped": 2, "xfailed": 1}
    assert outcomes(tmp_path, require_all=True) == expected


@pytest.mark.parametrize("require_all", [False, True])
def test_the_data_folder_is_used_where_it_is(tmp_path: Path, require_all: bool) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/README.md").touch()
    assert outcomes(tmp_path, require_all=require_all)["passed"] == 3


def test_the_last_lines_say_what_was_left_out_and_how_to_get_it(tmp_path: Path) -> None:
    *_, count, command, summary = said(tmp_path, require_all=False)
    assert count == "1 skipped for want of Redis"
    assert command == "To run them too (Debian, Ubuntu): sudo apt-get install redis-server"
    assert summary.startswith("1 passed, 5 skipped")


def test_optional_programs_are_looked_for_in_one_place() -> None:
    """A test that looks by itself runs where `ACCA_HIDE` hides the program, and fails on a bare machine."""
    tests = Path(__file__).parent
    looking = [path for path in tests.rglob("*.py") if "shutil.wh" + "ich(" in path.read_text(encoding="utf-8")]
    assert looking == [tests / "support" / "programs.py"]


def test_tests_that_share_a_server_run_on_one_worker(tmp_path: Path) -> None:
    marked = 'pytestmark = pytest.mark.xdist_group("all")'
    tests = project(tmp_path)
    (tests / "folder").mkdir()
    (tests / "folder/__init__.py").touch()
    files = {
        "alone": ("", "module"), "first": (marked, "function"), "second": (marked, "module"),
        "folder/third": ("", "package"), "folder/fourth": ("", "package"),
    }  # fmt: skip
    for name, (mark, scope) in files.items():
        (tests / name).with_name(f"test_{Path(name).name}.py").write_text(
            ON_A_WORKER.replace("MARK", mark).replace("SCOPE", scope)
        )
    run(tests, "-n", "2", "--dist", "loadgroup")
    workers = {Path(name).name: {path.suffix for path in tests.rglob(f"test_{Path(name).name}.py.*")} for name in files}
    assert len(workers["alone"]) == 1
    assert len(workers["first"] | workers["second"]) == 1
    assert len(workers["third"] | workers["fourth"]) == 1


def test_workers_start_with_what_takes_long(tmp_path: Path) -> None:
    tests = project(tmp_path)
    group = "pytestmark = pytest.mark.xdist_group('many')"
    (tests / "test_a.py").write_text(ON_A_WORKER.replace("MARK", group).replace("SCOPE", "function"))
    (tests / "e2e").mkdir()
    (tests / "e2e/test_b.py").write_text("def test_takes_long(): pass\n")
    passed = [line for line in run(tests, "-n", "1", "--dist", "loadgroup", "-vv") if "PASSED" in line]
    assert len(passed) == 5
    assert "test_takes_long" in passed[0]


def test_workers_do_short_tests_between_slow_ones_and_at_the_end(tmp_path: Path) -> None:
    tests = project(tmp_path)
    many = "import pytest\n\n@pytest.mark.parametrize('number', range({0}))\ndef test_it(number): pass\n"
    (tests / "test_a.py").write_text(many.format(20))
    (tests / "e2e").mkdir()
    (tests / "e2e/test_b.py").write_text(many.format(4))
    passed = [line for line in run(tests, "-n", "1", "--dist", "loadgroup", "-vv") if "PASSED" in line]
    slow = [number for number, line in enumerate(passed) if "e2e" in line]
    assert len(passed) == 24
    assert slow[0] == 0 and slow[-1] < 20
    assert all(second - first > 1 for first, second in pairwise(slow))


def test_a_folder_named_twice_keeps_its_fixtures(tmp_path: Path) -> None:
    """Pytest 9.1 makes a new node of the folder after a file of the folder above, without the first one's fixtures."""
    tests = project(tmp_path)
    (tests / "desk").mkdir()
    (tests / "desk/conftest.py").write_text("import pytest\n\n@pytest.fixture\ndef desk(): return 1\n")
    for name in ("desk/test_a.py", "test_top.py", "desk/test_b.py"):
        (tests / name).write_text(f"def test_it({'desk' if '/' in name else ''}): pass\n")
    *_, summary = run(tests, "tests/desk/test_a.py", "tests/test_top.py", "tests/desk/test_b.py")
    assert summary.startswith("3 passed")
