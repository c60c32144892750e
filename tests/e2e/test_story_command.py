"""`acca story`: a story is corrected from the command line, and a reprocess respects it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from acca_crawler.web.auth.passwords import hash_password
from storage.review import database as review_database
from storage.review import users
from tests.support.desk import Desk

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def desk(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The demo's archive, and two who may review it."""
    directory = tmp_path_factory.mktemp("desk") / "demo"
    shutil.copytree(demo, directory)
    db = review_database.open_people(directory / "archive" / "people.db", directory / "archive" / "acca.db")
    for name, role in (("aigul", "monitor"), ("lena", "lead")):
        users.add_user(db, name, role, hash_password("a password to try"), "2026-11-22T06:00:00Z")  # type: ignore[arg-type]
    db.close()
    return Desk(directory)


def story_of(desk: Desk, article_id: int) -> int:
    """The number of a report's story."""
    found: int = desk.value("SELECT story_id FROM story_members WHERE article_id = ?", article_id)
    return found


def test_a_member_is_taken_out_stays_out_and_is_put_back(desk: Desk) -> None:
    row = desk.rows(
        "SELECT story_members.article_id, related_to FROM story_members "
        "JOIN articles ON articles.id = story_members.article_id "
        "JOIN flags ON flags.revision_id = articles.revision_id AND current = 1 AND level = 'alert' "
        "WHERE relation IN ('copy', 'same') LIMIT 1"
    )[0]
    member, first = row["article_id"], row["related_to"]
    together = story_of(desk, member)
    output = desk.acca("story", "split", str(member), "--as", "aigul", "--note", "another man")
    assert output.startswith(f"Correction 1: took {member} out of the story of ")
    assert story_of(desk, member) != story_of(desk, first)
    assert desk.value("SELECT count(*) FROM alerts WHERE article_id = ? AND kind = 'new'", member) == 1

    desk.acca("reprocess", "--yes")
    assert story_of(desk, member) != story_of(desk, first)

    (pair,) = [json.loads(line) for line in desk.acca("story", "pairs").splitlines()]
    assert (pair["judged"], pair["a"]["number"], pair["reviewer"]) == ("different", member, "aigul")
    assert pair["a"]["text"]
    assert "aigul" in desk.acca("story", "corrections")

    assert "only a lead" not in desk.acca("story", "undo", "1", "--as", "lena")
    assert story_of(desk, member) == story_of(desk, first) == together
    assert desk.acca("story", "pairs") == ""
    assert "already been undone" in desk.acca("story", "undo", "1", "--as", "aigul", code=2)


def test_two_stories_are_put_together(desk: Desk) -> None:
    one, other = (row[0] for row in desk.rows("SELECT first_article_id FROM stories ORDER BY id LIMIT 2"))
    desk.acca("story", "merge", str(one), str(other), "--as", "aigul")
    assert story_of(desk, one) == story_of(desk, other)
    (pair,) = [json.loads(line) for line in desk.acca("story", "pairs").splitlines()]
    assert pair["judged"] == "same"
    assert "already part of this story" in desk.acca("story", "merge", str(one), str(other), "--as", "aigul", code=2)
    assert "may not review" in desk.acca("story", "split", str(one), "--as", "nobody", code=2)
