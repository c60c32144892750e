"""What a process pays before detection judges its first text: words and weights loaded, beside numpy's own import.

    python -m benchmarks.loading

Each round is an interpreter of its own: in one that has judged before, words are loaded already. Milliseconds of
processor time, medians; goal: weights and one language's words within 150.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROUNDS = 7
TEXT = "Сегодня в Ташкенте открылся новый парк, сообщает мэрия."
STEPS = ("importing numpy", "importing detection", "weights and the words of one language", "those of six more")


def main() -> None:
    """Print the median of each step, and the ratio of loading to numpy's import."""
    command = [sys.executable, "-m", "benchmarks.loading", "once"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # compiles what is not compiled yet
    rounds = [subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True) for _ in range(ROUNDS)]
    columns = zip(*([float(figure) for figure in one.stdout.split()] for one in rounds), strict=True)
    medians = [statistics.median(column) for column in columns]
    for step, taken in zip(STEPS, medians, strict=True):
        print(f"{step:40} {taken:5.0f} ms")
    print(f"weights and one language: {medians[2] / medians[0]:.2f} of importing numpy")


def once() -> None:
    """Load step by step, and print the milliseconds of each."""
    steps: list[float] = []
    started = time.process_time()

    def done() -> None:
        nonlocal started
        now = time.process_time()
        steps.append((now - started) * 1000)
        started = now

    import_module("numpy")
    done()
    detection = import_module("acca_crawler.detect.detector")
    done()
    detection.detect(TEXT, language="ru")
    done()
    annotate, items = import_module("acca_crawler.detect.annotate"), import_module("acca_crawler.items")
    for language in items.LANGUAGES:
        annotate.matcher_for(language)
    done()
    print(*steps)


if __name__ == "__main__":
    once() if sys.argv[1:] == ["once"] else main()
