"""Startup time of `acca --help` against an idle Python interpreter."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROUNDS = 15
FLOOR = ("-c", "pass")
HELP = ("-m", "acca_crawler", "--help")


def seconds(*arguments: str) -> float:
    """Wall time of one run of the interpreter, its exit code checked."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Run both in turns, so that a busy machine slows both, and compare the medians."""
    seconds(*HELP)  # compiles what is not compiled yet
    runs = [(seconds(*HELP), seconds(*FLOOR)) for _ in range(ROUNDS)]
    ours, floor = (statistics.median(column) for column in zip(*runs, strict=True))
    print(f"acca --help       {ours * 1000:6.0f} ms (goal: under 300)")
    print(f"python -c pass    {floor * 1000:6.0f} ms")
    print(f"ratio             {ours / floor:6.1f}")


if __name__ == "__main__":
    main()
