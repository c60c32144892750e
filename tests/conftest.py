"""Shared by every test: the developers' data folder, and no silent skips where all parts are required.

A test is skipped if its marker names an optional part that this machine lacks; the last lines of the run say what to
install. `ACCA_REQUIRE_ALL=1` (set by `.ci/run`) turns the skip of an optional part into a failure: a CI machine without
Chromium, WordPress or Redis must not appear to pass. We may not publish the data folder beside the project, so its
absence remains a skip.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support import fresh, programs

SHARED = Path(__file__).parents[2] / "shared"
REQUIRE_ALL = os.environ.get("ACCA_REQUIRE_ALL") == "1"

SLOW_FIRST = (
    "tests/wordpress/", "tests/browser/", "tests/e2e/", "tests/crawl/", "tests/workers/", "tests/outlet_tools/",
    "tests/timestamping/", "tests/test_patterns.py", "tests/test_packaging.py",
    "tests/operations/", "tests/packing/", "tests/importing/",
)  # fmt: skip
"""What takes long, mostly since it waits: xdist's workers start with it, and do short tests in between."""

SLOW_UNTIL = 0.7
"""The share of the short tests that is done when the last slow one begins: the others fill all workers evenly."""

# Where byte code may not be written, as in many containers, every started command compiles thousands of modules.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

fresh.install()

MEMORY, MIN_FREE = Path("/dev/shm"), 8 * 1024**3
"""A disk in memory, and the bytes that must be free on it: small containers have one of a few megabytes."""


def _has_room(disk: Path) -> bool:
    if not os.access(disk, os.W_OK):
        return False
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize >= MIN_FREE and not found.f_flag & os.ST_NOEXEC


# Every archive waits for its disk a dozen times: in memory, tests that open one take half as long.
if _has_room(MEMORY):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the developers' data folder beside the project; skip the test if it is missing."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is missing")
    return SHARED


def pytest_configure(config: pytest.Config) -> None:
    """Have xdist keep our order; by default, groups with many tests come first, however short."""
    if config.pluginmanager.hasplugin("xdist"):
        config.option.loadscopereorder = False
    if config.pluginmanager.hasplugin("hypothesispytest") and not config.getoption("--hypothesis-profile"):
        _be_patient()


def _be_patient() -> None:
    """Let no property fail since a loaded machine was slow; what must be fast has a test that measures it."""
    from hypothesis import HealthCheck, settings

    settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect no garbage while modules are loaded, which would be a tenth of the time: hardly any of it is garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keep the collected tests out of garbage collection, which would go over them again in every test."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep tests that share a server or an archive of their file or folder on one worker; spread all others evenly.

    A group that several files share stays one: a second group would set its archive up on another worker again.
    """
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        fixtures = item._fixtureinfo.name2fixturedefs if isinstance(item, pytest.Function) else {}
        scopes = {one.scope for definitions in fixtures.values() for one in definitions}
        file = item.nodeid.partition("::")[0]
        shared = file.rpartition("/")[0] if "package" in scopes else file if "module" in scopes else ""
        if shared and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(shared))
    if hasattr(config, "workerinput"):
        items[:] = _mixed(items)


def _mixed(items: list[pytest.Item]) -> list[pytest.Item]:
    """Let a few short tests follow each slow one: where all workers wait at once, the machine is idle.

    Groups come first among the short ones, since one worker takes all of a group.
    """
    ranks = {item: _rank(item) for item in items}
    slow = sorted((item for item in items if ranks[item] < len(SLOW_FIRST)), key=ranks.__getitem__)
    short = sorted(
        (item for item in items if ranks[item] == len(SLOW_FIRST)),
        key=lambda item: not item.get_closest_marker("xdist_group"),
    )
    places = {item: SLOW_UNTIL * number / len(slow) for number, item in enumerate(slow)}
    places |= {item: number / len(short) for number, item in enumerate(short)}
    return sorted(items, key=places.__getitem__)


def _rank(item: pytest.Item) -> int:
    return next((rank for rank, start in enumerate(SLOW_FIRST) if item.nodeid.startswith(start)), len(SLOW_FIRST))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests marked `shared` without the data folder, and tests whose optional part is missing."""
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        pytest.skip(f"{SHARED} is missing")
    for part in programs.PARTS:
        if item.get_closest_marker(part) and (reason := programs.reason(part)):
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, None, None]:
    """Print at the end which optional parts were missing, and the command that installs them."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])  # a module skipped as a whole has no keywords
    for line in programs.left_out(getattr(report, "keywords", ()) for report in skipped):
        terminalreporter.write_line(line, yellow=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a skip if all parts are required, except for a missing data folder or an expected failure."""
    report = yield
    about_shared = "shared" in getattr(item, "fixturenames", ()) or item.get_closest_marker("shared")
    excused = hasattr(report, "wasxfail") or (about_shared and not SHARED.is_dir())
    if REQUIRE_ALL and report.skipped and not excused:
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Do the same for a module that skips itself as a whole."""
    report = yield
    if REQUIRE_ALL and report.skipped:
        _fail(report)
    return report


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"ACCA_REQUIRE_ALL is set, and this was left out: {reason}"
