"""The optional parts of a machine: which tests need them, whether they are installed, and how to install them.

A test that needs one has its marker (`browser`, `wordpress`, `redis`, `mount`, `evidence_tools`) and is skipped if it
is missing.
`ACCA_HIDE=chromium,php` hides installed programs, to show how tests run on a bare machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORDPRESS = Path("/usr/share/wordpress")
EVIDENCE_TOOLS = Path(__file__).parents[2] / ".evidence-tools"
FETCH_EVIDENCE_TOOLS = ".ci/evidence-tools"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def find(*names: str) -> str | None:
    """Return the path of the first installed program; None without one or if `ACCA_HIDE` names it.

    Debian installs servers in /usr/sbin, which is not on a user's PATH.
    """
    hidden = os.environ.get("ACCA_HIDE", "").split(",")
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    return next((found for name in names if name not in hidden and (found := shutil.which(name, path=path))), None)


@dataclass(frozen=True, slots=True)
class Part:
    """An optional part by its title, and its missing components, as names of Debian packages."""

    title: str
    missing: Callable[[], list[str]]


def _wordpress() -> list[str]:
    packages = [] if find("mariadbd") and find("mariadb-install-db") else ["mariadb-server-core"]
    php = find("php")
    loaded = _output(php, "-m").split() if php else []
    packages += [] if php else ["php-cli"]
    packages += [package for package, module in PHP_MODULES.items() if module not in loaded]
    packages += [] if find("setpriv") else ["util-linux"]
    return packages if (WORDPRESS / "wp-settings.php").is_file() else [*packages, "wordpress"]


PHP_MODULES = {"php-mysql": "mysqli", "php-xml": "SimpleXML"}


def _mount() -> list[str]:
    unshare = find("unshare")
    trial = ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/tmp"]
    may = unshare and subprocess.run([unshare, *trial], capture_output=True, check=False).returncode == 0
    return [] if may else ["util-linux"]


def _evidence_tools() -> list[str]:
    hidden = "evidence-tools" in os.environ.get("ACCA_HIDE", "").split(",")
    there = (EVIDENCE_TOOLS / "replaywebpage/ui.js").is_file() and (EVIDENCE_TOOLS / "wacz/bin/wacz").is_file()
    return [] if there and not hidden else [FETCH_EVIDENCE_TOOLS]


PARTS = {
    "browser": Part("Chromium", lambda: [] if find(*CHROMIUM) else ["chromium"]),
    "wordpress": Part("WordPress", _wordpress),
    "redis": Part("Redis", lambda: [] if find("redis-server") else ["redis-server"]),
    "evidence_tools": Part("ReplayWeb.page and wacz", _evidence_tools),
    "systemd": Part("systemd-analyze", lambda: [] if find("systemd-analyze") else ["systemd"]),
    "mount": Part("mounting a small disk (user namespaces)", _mount),
}


@cache
def missing(part: str) -> tuple[str, ...]:
    """Return the packages to install before tests with this marker can run; empty if they can."""
    return tuple(PARTS[part].missing())


def reason(part: str) -> str | None:
    """Return why a test with this marker is skipped here; None if it runs."""
    packages = missing(part)
    return f"{PARTS[part].title} is missing: install {' '.join(packages)}" if packages else None


def left_out(skipped: Iterable[Iterable[str]]) -> list[str]:
    """Return the lines for the end of a run, given the markers of every skipped test; none if no part was missing."""
    counts = dict.fromkeys(PARTS, 0)
    for markers in skipped:
        for part in {*PARTS}.intersection(markers):
            counts[part] += bool(missing(part))
    lines = [f"{number} skipped for want of {PARTS[part].title}" for part, number in counts.items() if number]
    packages = sorted({package for part, number in counts.items() if number for package in missing(part)})
    if FETCH_EVIDENCE_TOOLS in packages:
        packages.remove(FETCH_EVIDENCE_TOOLS)
        lines.append(f"To run them too: {FETCH_EVIDENCE_TOOLS}")
    if packages:
        lines.append(f"To run them too (Debian, Ubuntu): sudo apt-get install {' '.join(packages)}")
    return lines


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
