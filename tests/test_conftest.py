"""Where everything is required, nothing is left out unseen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ONE_OF_EACH = """
import pytest

def test_passes(): pass

def test_lacks_a_browser(): pytest.skip("no Chromium here")

@pytest.mark.skipif(True, reason="no Redis here")
def test_lacks_redis(): pass

@pytest.mark.xfail
def test_fails_as_expected(): assert False

def test_reads_shared(shared): assert (shared / "README.md").is_file()

@pytest.mark.shared
def test_is_marked_shared(): pass
"""
WHOLE_MODULE = "import pytest\npytest.importorskip('a_library_that_nobody_has')\n"


def outcomes(directory: Path, *, require_all: bool) -> dict[str, int]:
    """Run a project of the two modules above beside (or without) a data folder; how many tests ended how."""
    tests = directory / "project/tests"
    tests.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("conftest.py"), tests)
    (directory / "project/pytest.ini").write_text("[pytest]\nmarkers = shared: reads the data folder\n")
    (tests / "test_each.py").write_text(ONE_OF_EACH)
    (tests / "test_whole.py").write_text(WHOLE_MODULE)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:hypothesispytest", "--continue-on-collection-errors"]
    environment = {**os.environ, "ACCA_REQUIRE_ALL": "1" if require_all else ""}
    done = subprocess.run(
        command, cwd=tests.parent, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    *_, summary = done.stdout.splitlines()
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
