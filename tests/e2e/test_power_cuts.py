"""The power goes while a command writes: bytes that were not synced are lost at any place, and nothing else is.

`ACCA_KILLS=60` cuts it sixty times in a crawl and twenty times in each other command; the ordinary run of the tests a
few times.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from pathlib import Path

import pytest

from acca_crawler.newsroom import Newsroom
from tests.e2e.test_killed_commands import COMMANDS, duration, texts
from tests.e2e.test_kills import assert_whole, kill_at_random
from tests.support.desk import TIMEOUT, Desk, RecordProperty
from tests.support.power_cut import cut_power

CUTS = int(os.environ.get("ACCA_KILLS", "6"))


def test_a_crawl_whose_power_is_cut_is_whole_after_the_next(
    desk: Desk, newsroom: Newsroom, record_property: RecordProperty
) -> None:
    dice = random.Random(20261130)
    newsroom.sites["acca"].faults.slow = 0.02
    titles = sorted(post.title for post in newsroom.posts("acca"))
    archive = desk.directory / "archive"
    lossy = 0
    for _ in range(CUTS):
        kill_at_random(desk, desk.start("crawl", "acca"), dice)
        lossy += (archive / "acca.db-shm").exists() and cut_power(archive, dice) > 0
        if dice.random() < 0.3:
            desk.acca("crawl", "acca")
            assert_whole(desk, titles)
            shutil.rmtree(archive)
    desk.acca("crawl", "acca")
    assert_whole(desk, titles)
    record_property("cuts", CUTS)
    record_property("lossy", lossy)


@pytest.mark.parametrize("name", ["import", "reprocess", "vacuum", "reindex"])
def test_a_command_whose_power_is_cut_tears_nothing_and_its_next_run_ends_well(
    filled: Desk, name: str, tmp_path_factory: pytest.TempPathFactory, record_property: RecordProperty
) -> None:
    before = texts(filled)
    longest = duration(filled, COMMANDS[name], tmp_path_factory.mktemp("rehearsal") / "desk")
    dice = random.Random(name)
    archive = filled.directory / "archive"
    cuts, lossy = max(1, CUTS // 3), 0
    for number in range(cuts):
        process = filled.start(*COMMANDS[name])
        while process.poll() is None and not has_content(archive / "acca.db-wal"):
            time.sleep(0.001)
        time.sleep(dice.uniform(0, longest / 2))
        process.kill()
        process.communicate(timeout=TIMEOUT)
        lossy += (archive / "acca.db-shm").exists() and cut_power(archive, dice) > 0
        assert set(before) <= set(texts(filled)), f"cut {number}: an article was lost or changed"
    filled.acca(*COMMANDS[name])
    assert "everything matches" in filled.acca("verify")
    assert len(texts(filled)) == len(before) + (name == "import")
    record_property("cuts", cuts)
    record_property("lossy", lossy)


def has_content(file: Path) -> bool:
    """Whether a file is there and not empty."""
    try:
        return file.stat().st_size > 0
    except FileNotFoundError:
        return False
