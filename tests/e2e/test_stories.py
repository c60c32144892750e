"""Two outlets over two days: what they copy from each other is one story with one alert."""

from __future__ import annotations

import csv
import io
import signal
import time
from pathlib import Path

import pytest

from acca_crawler.newsroom import Newsroom
from acca_crawler.newsroom.demo import configuration
from tests.support.desk import TIMEOUT, Desk


@pytest.fixture
def two_outlets(tmp_path: Path, newsroom: Newsroom) -> Desk:
    """A desk that crawls acca and the outlet that copies it."""
    (tmp_path / "acca.toml").write_text(configuration({name: site.url for name, site in newsroom.sites.items()}))
    return Desk(tmp_path)


def test_copies_of_both_days_are_one_story_with_one_alert(two_outlets: Desk, newsroom: Newsroom) -> None:
    desk = two_outlets
    desk.acca("crawl", "acca", "semdorog")
    taraz = next(entry for entry in desk.diff() if "tortured in Taraz" in entry["title"])
    assert (taraz["kind"], taraz["outlet"], taraz["relation"]) == ("new", "acca", "first")
    assert {(also["outlet"], also["relation"]) for also in taraz["also"]} == {
        ("acca", "translation"), ("semdorog", "translation"),
    }  # fmt: skip
    assert "also: acca (translation), semdorog (translation)" in desk.acca("diff")

    newsroom.set_day(2)
    desk.acca("crawl", "acca", "semdorog")
    (death,) = [entry for entry in desk.diff() if "умер" in entry["title"]]
    assert (death["kind"], death["outlet"]) == ("new", "acca")
    assert [(also["outlet"], also["relation"]) for also in death["also"]] == [
        ("semdorog", "same"),
        ("semdorog", "copy"),
    ]
    together = [death["article_id"], *(also["article_id"] for also in death["also"])]
    found = desk.rows("SELECT DISTINCT story_id FROM story_members WHERE article_id IN (?, ?, ?)", *together)
    assert [one[0] for one in found] == [death["story_id"]]
    stories = (
        "SELECT story_id, count(*) AS raised FROM alerts JOIN story_members USING (article_id) WHERE kind = 'new' "
    )
    assert {row["raised"] for row in desk.rows(f"{stories} GROUP BY story_id")} == {1}
    assert desk.value("SELECT count(*) FROM story_members") == desk.value("SELECT count(*) FROM articles")

    shown = desk.acca("show", str(death["also"][1]["article_id"]))
    assert f"article {death['article_id']}, acca" in shown
    assert "first reporter" in shown
    assert "semdorog" in shown
    row = next(row for row in csv.DictReader(io.StringIO(desk.acca("diff", "--csv"))) if "умер" in row["title"])
    assert (row["story_id"], row["also"]) == (str(death["story_id"]), "semdorog (same); semdorog (copy)")


def test_a_later_copy_is_a_line_of_the_known_report(two_outlets: Desk) -> None:
    desk = two_outlets
    desk.acca("crawl", "acca")
    alerts = desk.value("SELECT count(*) FROM alerts")
    desk.acca("crawl", "semdorog")
    (copy,) = desk.diff()
    assert (copy["kind"], copy["outlet"], copy["level"]) == ("copy", "acca", "alert")
    assert [also["outlet"] for also in copy["also"]] == ["semdorog"]
    assert desk.value("SELECT count(*) FROM alerts") == alerts
    assert "Known reports, retold (1)" in desk.acca("diff")


def test_a_killed_crawl_leaves_every_article_in_its_story(two_outlets: Desk) -> None:
    desk = two_outlets
    process = desk.start("crawl", "acca", "semdorog")
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        database = desk.directory / "archive" / "acca.db"
        migrated = database.exists() and desk.rows("SELECT 1 FROM sqlite_master WHERE name = 'story_members'")
        if migrated and desk.value("SELECT count(*) FROM articles") > 8:
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert desk.value("SELECT count(*) FROM articles") > 8
    homeless = "SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM story_members)"
    assert desk.value(homeless) == 0
    desk.acca("crawl", "acca", "semdorog")
    assert desk.value(homeless) == 0
    assert desk.value("SELECT count(*) FROM stories WHERE id NOT IN (SELECT story_id FROM story_members)") == 0
