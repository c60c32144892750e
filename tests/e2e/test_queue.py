"""What waits for review after the sample newsroom's two days: stories, each once however often they were copied."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from acca_crawler.web.auth.passwords import hash_password
from storage.review import database as review_database
from storage.review import users
from tests.support.desk import Desk

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def monitor(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The demo's archive, and somebody who may review it."""
    directory = tmp_path_factory.mktemp("monitor") / "demo"
    shutil.copytree(demo, directory)
    archive = Path(directory) / "archive"
    db = review_database.open_people(archive / "people.db", archive / "acca.db")
    users.add_user(db, "aigul", "monitor", hash_password("a password to try"), "2026-11-22T06:00:00Z")
    db.close()
    return Desk(directory)


def queue(desk: Desk, view: str = "new") -> list[dict[str, Any]]:
    """The stories that wait, or all."""
    return [json.loads(line) for line in desk.acca("alerts", "--view", view, "--json").splitlines()]


def test_every_story_with_an_alert_is_one_line(monitor: Desk) -> None:
    found = queue(monitor, "all")
    stories = monitor.rows("SELECT DISTINCT story_id FROM alerts JOIN story_members USING (article_id)")
    assert sorted(item["story_id"] for item in found) == sorted(row["story_id"] for row in stories)
    members = {
        row["story_id"]: (row["members"], row["outlets"])
        for row in monitor.rows(
            "SELECT story_id, count(*) AS members, count(DISTINCT outlet) AS outlets FROM story_members "
            "JOIN articles ON articles.id = article_id GROUP BY 1"
        )
    }
    assert all((item["members"], item["outlets"]) == members[item["story_id"]] for item in found)
    assert max(item["outlets"] for item in found) >= 3
    assert all(item["kind"] in ("new", "update", "softened") for item in found)
    assert any(item["kind"] == "update" and item["news_article_id"] != item["article_id"] for item in found)


def test_a_decision_takes_the_whole_story_out(monitor: Desk) -> None:
    item = max(queue(monitor), key=lambda item: int(item["members"]))
    monitor.acca("review", str(item["article_id"]), "--verdict", "confirm", "--as", "aigul")
    assert item["story_id"] not in {other["story_id"] for other in queue(monitor)}
    for row in monitor.rows(
        "SELECT DISTINCT article_id AS id FROM alerts JOIN story_members USING (article_id) WHERE story_id = ?",
        item["story_id"],
    ):
        shown = monitor.acca("review", str(row["id"]), "--verdict", "note", "--note", "seen", "--as", "aigul")
        assert shown.endswith(": confirmed.\n")
