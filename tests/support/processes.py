"""What /proc tells of processes."""

from __future__ import annotations

from pathlib import Path

_OF_ALL_TESTS = b"warm.serve()"
"""In the command line of the process that starts commands for all workers of a run (`support.warm`), and of these."""


def descendants(pid: int) -> list[int]:
    """The processes below a process, the deepest last; below a worker, without the commands of all workers' tests."""
    is_worker = _OF_ALL_TESTS not in command_line(pid)
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        child = int(stat.parent.name)
        if int(fields[1]) == pid and not (is_worker and _OF_ALL_TESTS in command_line(child)):
            found.append(child)
    return [*found, *(below for child in found for below in descendants(child))]


def runs(pid: int) -> bool:
    """Whether a process works; one that has ended and is waited for by nobody does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def command_line(pid: int) -> bytes:
    """A process's command line; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
