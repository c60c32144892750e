"""Every parser of foreign input on damaged input; `python -m tests.fuzz --minutes 60` does the same for longer.

Input that once crashed a parser is in `tests/fixtures/fuzz/TARGET/` and is tried again in every run.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fuzz.damage import damaged
from tests.fuzz.targets import Target, crash_of, targets
from tests.support.known import FIXTURES

CRASHES = FIXTURES.parent / "fuzz"
TARGETS = targets()
INPUTS = {"extraction": 40, "warc": 40, "lexicon": 15}
"""Damaged inputs by target, 100 for others: what takes long is tried less often here."""


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_no_damaged_input_crashes(target: Target) -> None:
    chance = random.Random(target.name)
    for _ in range(INPUTS.get(target.name, 100)):
        data = damaged(chance.choice(target.seeds), target.seeds, chance)
        error = crash_of(target, data)
        assert error is None, f"{error!r} on {data[:2000]!r}"


@pytest.mark.parametrize("path", sorted(CRASHES.glob("*/*")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_crashed_once_does_not_again(path: Path) -> None:
    assert crash_of(TARGETS[path.parent.name], path.read_bytes()) is None


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_a_seed_is_read_without_an_error(target: Target) -> None:
    for seed in target.seeds:
        assert crash_of(target, seed) is None
