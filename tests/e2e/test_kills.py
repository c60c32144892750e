"""A crawl that is killed again and again, at any moment: nothing lost, nothing doubled, the chain whole.

`ACCA_KILLS=100` kills it a hundred times; the ordinary run of the tests a few times.
"""

from __future__ import annotations

import os
import random
import shutil
import time

from acca_crawler.newsroom import Newsroom
from storage.evidence.verify import verify
from storage.schema.database import open_read_only
from tests.support.desk import TIMEOUT, Desk, RecordProperty
from tests.support.warm import Started

KILLS = int(os.environ.get("ACCA_KILLS", "6"))
MAX_START = 1.0
"""Seconds within which a kill may come that does not wait for anything to be stored."""


def held(desk: Desk) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    """The captures and the revisions in the archive, as far as it has been made yet."""
    archive = desk.directory / "archive" / "acca.db"
    if not archive.exists() or not desk.rows("SELECT 1 FROM sqlite_master WHERE name = 'pruned'"):
        return set(), set()
    captures = desk.rows("SELECT id, url, payload_sha256, warc_file, warc_offset FROM captures")
    revisions = desk.rows("SELECT id, article_id, row_sha256 FROM revisions")
    return {tuple(row) for row in captures}, {tuple(row) for row in revisions}


def captures(desk: Desk) -> int:
    """The number of captures so far."""
    exists = (desk.directory / "archive" / "acca.db").exists()
    if not exists or not desk.rows("SELECT 1 FROM sqlite_master WHERE name = 'pruned'"):
        return 0
    return int(desk.value("SELECT count(*) FROM captures"))


def kill_at_random(desk: Desk, process: Started, dice: random.Random) -> None:
    """Kill a crawl at a random moment: somewhere in its start, or soon after some more captures."""
    if dice.random() < 0.2:
        time.sleep(dice.uniform(0, MAX_START))
    else:
        enough = captures(desk) + dice.randrange(1, 25)
        deadline = time.monotonic() + TIMEOUT
        while captures(desk) < enough and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(dice.uniform(0, 0.08))
    process.kill()
    process.communicate(timeout=TIMEOUT)


def test_kills_at_random_moments_lose_nothing_and_double_nothing(
    desk: Desk, newsroom: Newsroom, record_property: RecordProperty
) -> None:
    dice = random.Random(20261122)
    newsroom.sites["acca"].faults.slow = 0.02
    titles = sorted(post.title for post in newsroom.posts("acca"))
    killed_while_writing = 0
    for number in range(KILLS):
        process = desk.start("crawl", "acca")
        before = held(desk)
        kill_at_random(desk, process, dice)
        after = held(desk)
        assert before[0] <= after[0], f"kill {number}: captures were lost"
        assert before[1] <= after[1], f"kill {number}: revisions were lost"
        assert len(after[1]) == len({article for _, article, _ in after[1]}), f"kill {number}: a revision is doubled"
        killed_while_writing += before != after
        if not after[0]:
            continue
        db = open_read_only(desk.directory / "archive" / "acca.db")
        assert [str(one) for one in verify(db, desk.directory / "archive" / "warc") if one.is_error] == []
        db.close()
        if len(after[1]) == len(titles):
            desk.acca("crawl", "acca")
            assert_whole(desk, titles)
            shutil.rmtree(desk.directory / "archive")
    newsroom.sites["acca"].faults.slow = 0
    desk.acca("crawl", "acca")
    assert_whole(desk, titles)
    assert killed_while_writing >= KILLS // 2
    record_property("kills", KILLS)
    record_property("working", killed_while_writing)


def assert_whole(desk: Desk, titles: list[str]) -> None:
    """Every article once, each row of the index with its record, every run in the chain."""
    assert sorted(row["title"] for row in desk.rows("SELECT title FROM revisions")) == titles
    assert desk.value("SELECT count(*) FROM addresses WHERE status != 'stored'") == 0
    assert desk.value("SELECT count(*) FROM runs WHERE id NOT IN (SELECT run_id FROM manifests)") == 0
    assert "everything matches" in desk.acca("verify")
