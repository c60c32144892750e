"""Table of the machine's faults: what is promised for each, and what came of trying it just now, as Markdown.

Every row is tried by tests of the project. `--kills 60` kills a crawl sixty times, and each of the other commands
twenty times; a word as argument chooses the rows that contain it.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
KILLS = 6
PARTS = {
    "kills": "kills",
    "working": "of them while it worked",
    "cuts": "cuts",
    "lossy": "of them with bytes lost",
}
"""Numbers that tests record of themselves, and how the table names them."""


@dataclass(frozen=True)
class Fault:
    """One row: the fault, what is promised, and the tests that try it (as pytest takes them)."""

    name: str
    promise: str
    tests: tuple[str, ...]

    @property
    def files(self) -> str:
        """The files of its tests, as the table names them."""
        return ", ".join(f"`{file}`" for file in dict.fromkeys(test.partition("::")[0] for test in self.tests))


_KILLED = "tests/e2e/test_killed_commands.py::test_a_killed_command_tears_nothing_and_its_next_run_ends_well"
_WHOLE = "What was stored is whole and its next run ends well."
FAULTS = (
    Fault(
        "a crawl killed (`kill -9`)",
        "No capture and no article is lost or doubled, the chain is whole, the next crawl fetches the rest.",
        ("tests/e2e/test_kills.py",),
    ),
    *(
        Fault(f"`acca {name}` killed", promise, (f"{_KILLED}[{name}]",))
        for name, promise in (
            ("import", _WHOLE), ("reprocess", _WHOLE), ("vacuum", _WHOLE), ("reindex", _WHOLE),
            ("backup", "The earlier backup stays whole, and the next run completes the new one."),
        )
    ),
    Fault(
        "`acca restore` killed",
        "What it left is no archive, or the whole one; the next run completes it.",
        ("tests/e2e/test_killed_commands.py::test_a_killed_restore_is_done_by_the_next",),
    ),
    Fault(
        "`acca prune` killed",
        "Every file that is gone is accounted for, and the next run removes the rest.",
        ("tests/e2e/test_killed_commands.py::test_a_killed_prune_is_done_by_the_next",),
    ),
    *(
        Fault(
            f"`acca {name}` killed",
            "The earlier file is there, or the whole new one.",
            ("tests/e2e/test_killed_commands.py::"
             f"test_a_killed_command_leaves_the_earlier_file_or_the_whole_new_one[{name}]",),
        )
        for name in ("export", "pack")
    ),
    Fault(
        "`acca alerts send` killed",
        "Every report is sent; one sent twice has the same key, so that the receiver can drop it.",
        ("tests/alerts/test_killed_sender.py::test_a_sender_killed_at_random_tells_everything_and_repeats_only_under_"
         "the_same_key",),
    ),
    Fault(
        "a migration killed",
        "The archive opens with all its content and the newest schema.",
        ("tests/e2e/test_killed_commands.py::test_a_killed_migration_is_done_by_the_next_command",),
    ),
    Fault("a worker and the writer killed", "Nothing is lost or doubled.", ("tests/workers/test_kills.py",)),
    Fault(
        "a power cut",
        "What was not yet on the disk is undone as a whole, and the next run brings it back.",
        ("tests/e2e/test_power_cuts.py",),
    ),
    Fault(
        "a file torn by a power cut",
        "A WARC file torn at any byte costs the record being written; a backup half copied is continued.",
        ("tests/storage/evidence/test_captures.py", "tests/storage/evidence/test_backup.py"),
    ),
    Fault(
        "two commands at once",
        "Both end well, or one says that the archive is in use.",
        ("tests/e2e/test_killed_commands.py::test_two_commands_at_once_end_well_or_say_that_the_archive_is_in_use",
         "tests/e2e/test_killed_commands.py::"
         "test_two_commands_at_once_bring_an_earlier_release_s_archive_up_to_date",
         "tests/alerts/test_killed_sender.py::test_two_senders_at_once_do_not_double", "tests/test_whole_file.py"),
    ),
    Fault(
        "a signal",
        "The command ends within seconds, what it stored stays, and it says how to go on.",
        ("tests/e2e/test_stopped_commands.py",),
    ),
    Fault(
        "a full or read-only disk",
        "The command ends at once with one line that says so; nothing is torn.",
        ("tests/e2e/test_bad_disk.py",),
    ),
    Fault(
        "a clock a year slow or ten years fast",
        "Nothing is lost, the chain has no holes, and no outlet waits for that year.",
        ("tests/e2e/test_clock_jumps.py", "tests/storage/test_clock_once_wrong.py"),
    ),
    Fault("a closed or full pipe", "The command ends quietly, or in one line.", ("tests/e2e/test_pipes.py",)),
    Fault(
        "the C locale, paths with blanks and Cyrillic",
        "Every command prints and takes names in any script.",
        ("tests/e2e/test_locales.py",
         "tests/e2e/test_killed_commands.py::test_a_path_with_blanks_and_cyrillic_letters_serves_under_the_c_locale"),
    ),
    Fault(
        "damaged pages, feeds, sitemaps, WARC files and settings",
        "No input causes an unexpected error.",
        ("tests/extract/test_mutated.py", "tests/fuzz/test_fuzz.py"),
    ),
    Fault(
        "a page too heavy to read",
        "It is given up within its limits, kept as a capture, and the other pages are read.",
        ("tests/crawl/reading/test_pool.py", "tests/crawl/test_heavy_lists.py", "tests/crawl/test_budget.py"),
    ),
)  # fmt: skip


@dataclass
class Came:
    """What came of a row's tests."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    skipped: int = 0
    numbers: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        """The table's last cell."""
        if self.failed:
            return f"**FAILED**: {', '.join(self.failed)}"
        said = [f"{self.numbers[key]} {label}" for key, label in PARTS.items() if key in self.numbers]
        said += [f"{self.passed} test{'s' if self.passed != 1 else ''} passed"] if self.passed and not said else []
        said += [f"{self.skipped} left out: this machine lacks what they need"] if self.skipped else []
        return ", ".join(said) + (", all as promised" if self.numbers else "") if said else "**not tried**"


def tried(fault: Fault, kills: int) -> Came:
    """Run a row's tests in a process of their own and read their report."""
    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory) / "report.xml"
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *fault.tests],
            cwd=ROOT, env={**os.environ, "ACCA_KILLS": str(kills)}, check=False, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        return read_report(ElementTree.parse(report).iter("testcase")) if report.exists() else Came()


def read_report(cases: Iterable[ElementTree.Element]) -> Came:
    """Count what a report of pytest (JUnit's XML) says."""
    came = Came()
    for case in cases:
        broken = next(case.iter("failure"), next(case.iter("error"), None))
        if broken is not None:
            came.failed.append(case.get("name", ""))
            came.why.append(broken.text or "")
        elif case.find("skipped") is not None:
            came.skipped += 1
        else:
            came.passed += 1
        for one in case.iter("property"):
            came.numbers[one.get("name", "")] += int(one.get("value", "0"))
    return came


def main() -> int:
    """Try the faults and print the table; 1 if a promise was not kept or not tried."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only rows that contain one of these")
    parser.add_argument("--kills", type=int, default=KILLS, help="how often the crawl is killed; others a third")
    given = parser.parse_args()
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # under `nohup` and `&` they are ignored, by the tests' commands too
    rows = [one for one in FAULTS if not given.words or any(word in one.name for word in given.words)]
    print("| fault | promise | last run | tests |\n|---|---|---|---|")
    kept = True
    total = Counter[str]()
    for fault in rows:
        came = tried(fault, given.kills)
        total += came.numbers
        kept = kept and not came.failed and came.passed > 0
        print(f"| {fault.name} | {fault.promise} | {came} | {fault.files} |", flush=True)
        print(*came.why, sep="\n\n", end="", file=sys.stderr)
    if total:
        print(f"\n{total['kills']} kills and {total['cuts']} power cuts in all.")
    return 0 if kept and rows else 1


if __name__ == "__main__":
    sys.exit(main())
