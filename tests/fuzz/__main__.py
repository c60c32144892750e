"""Fuzz for long: `python -m tests.fuzz [--minutes 60] [--seed N] [--out DIRECTORY] [TARGET...]`.

Writes each input that crashes a parser, once per place in the code, to DIRECTORY/TARGET/; moved to
`tests/fixtures/fuzz/`, it is a test. Prints inputs and crashes of each target and the slowest input. Exits with 1 if
anything crashed.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.fuzz.damage import damaged
from tests.fuzz.targets import Target, crash_of, targets


def place_of(error: Exception) -> str:
    """Name the error and the last place in the code it passed: one report for each."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}:{last.name}"


def fuzz(target: Target, seconds: float, chance: random.Random, out: Path) -> tuple[int, Counter[str], float]:
    """Fuzz one target; return inputs tried, crashes by place, and the seconds of the slowest input."""
    tried, crashes, slowest = 0, Counter[str](), 0.0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = damaged(chance.choice(target.seeds), target.seeds, chance)
        before = time.process_time()
        error = crash_of(target, data)
        slowest = max(slowest, time.process_time() - before)
        tried += 1
        if error is not None:
            place = place_of(error)
            crashes[place] += 1
            if crashes[place] == 1:
                file = out / target.name / hashlib.sha256(data).hexdigest()[:12]
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
                traceback.print_exception(error)
    return tried, crashes, slowest


def main() -> None:
    """Share the time between the targets and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="by default all")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None, help="by default another one each time")
    parser.add_argument("--out", type=Path, default=Path("fuzz-crashes"))
    arguments = parser.parse_args()
    known = targets()
    if unknown := set(arguments.targets) - known.keys():
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(2**32)
    chosen = arguments.targets or list(known)
    failed = False
    print(f"seed {seed}")
    for name in chosen:
        seconds = 60 * arguments.minutes / len(chosen)
        tried, crashes, slowest = fuzz(known[name], seconds, random.Random(f"{seed} {name}"), arguments.out)
        failed |= bool(crashes)
        print(f"{name:14} {tried:8,} inputs, slowest {slowest:.2f} s of CPU, {sum(crashes.values())} crashes")
        for place, count in crashes.most_common():
            print(f"  {count:6,} {place}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
