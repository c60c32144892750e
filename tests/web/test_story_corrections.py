"""A story is corrected on a report's page: taken apart, put together, undone, and remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.articles.stories import story_number
from storage.schema.database import open_archive
from tests.support.archive import BEATEN, RUSSIAN
from tests.web.conftest import TOKEN, Browser, Server
from tests.web.test_stories import COPY, items, place, plain, store


def correct(browser: Browser, article_id: int, **fields: object) -> int:
    """Send the form of a report's story as the page does; returns the status."""
    shown = browser.get(f"/reports/{article_id}").text
    data = {"csrftoken": TOKEN.findall(shown)[0], "back": "", **fields}
    return browser.request("POST", f"/reports/{article_id}/story", data=data).status_code


@pytest.fixture
def archive(server: Server) -> Path:
    """The archive's file: two stories, the first with a second member."""
    path = server.config.archive_file
    for number, one in enumerate((BEATEN, RUSSIAN), start=1):
        place(path, number, one)
    assert store(path, COPY, 10, (1,)) == 5
    return path


def story_numbers(path: Path) -> list[int | None]:
    """The stories of reports 1, 2 and 5."""
    db = open_archive(path)
    found = [story_number(db, article_id) for article_id in (1, 2, 5)]
    db.close()
    return found


def alerts(path: Path, article_id: int) -> list[str]:
    """The kinds of a report's alerts."""
    db = open_archive(path)
    found = db.execute("SELECT kind FROM alerts WHERE article_id = ? ORDER BY id", [article_id]).fetchall()
    db.close()
    return [row[0] for row in found]


def test_a_report_is_taken_out_and_has_an_alert_of_its_own(server: Server, archive: Path, monitor: Browser) -> None:
    monitor.decide(1, "confirm")
    assert alerts(archive, 5) == []
    assert correct(monitor, 1, action="split", member=5, note="another man") == 303
    assert story_numbers(archive) == [1, 2, 5]
    assert alerts(archive, 5) == ["new"]
    found = items(server)
    assert (found[1].members, found[1].status, found[5].members, found[5].status) == (1, "confirmed", 1, "new")
    page = plain(monitor.get("/reports/5?corrected=1").text)
    assert "monitor removed reports from the story: #5 another man" in page
    assert "The reports are now a separate story" in page
    monitor.submit("/queue", "/language", language="ru", next="/queue")
    page = plain(monitor.get("/reports/5").text)
    assert "материалы вынесены из сюжета (monitor): #5 another man" in page


def test_the_first_report_is_taken_out_of_its_story(server: Server, archive: Path, monitor: Browser) -> None:
    assert correct(monitor, 5, action="split", member=1) == 303
    assert story_numbers(archive) == [1, 2, 5]
    assert sorted(items(server)) == [1, 2, 3, 5]


def test_two_stories_are_put_together_and_taken_apart_again(server: Server, archive: Path, monitor: Browser) -> None:
    assert correct(monitor, 1, action="merge", other="#2") == 303
    assert story_numbers(archive) == [1, 1, 1]
    assert items(server)[1].members == 3
    assert "merged by a person" in monitor.get("/reports/1").text
    assert correct(monitor, 2, undo=1) == 303
    assert story_numbers(archive) == [1, 2, 1]
    assert {number: item.members for number, item in items(server).items()} == {1: 2, 2: 1, 3: 1}
    assert "monitor undid a correction of the story" in plain(monitor.get("/reports/2").text)


def test_a_split_is_undone(server: Server, archive: Path, monitor: Browser) -> None:
    correct(monitor, 1, action="split", member=5)
    assert correct(monitor, 5, undo=1) == 303
    assert story_numbers(archive) == [1, 2, 1]
    assert correct(monitor, 5, undo=1) == 400


def test_only_the_newest_correction_and_only_ones_own_is_undone(
    server: Server, archive: Path, monitor: Browser
) -> None:
    correct(monitor, 1, action="split", member=5)
    correct(monitor, 5, action="merge", other=2)
    assert story_numbers(archive) == [1, 2, 2]
    assert correct(monitor, 1, undo=1) == 400
    assert correct(server.browser("second"), 5, undo=2) == 400
    assert correct(server.browser("lead"), 5, undo=2) == 303
    assert story_numbers(archive) == [1, 2, 5]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"action": "split"}, "choose the reports to remove"),
        ({"action": "split", "member": 2}, "leave one in it"),
        ({"action": "split", "member": [2, 5]}, "not in one story"),
        ({"action": "merge", "other": 5}, "already part of this story"),
        ({"action": "merge", "other": "x"}, "enter the number of a report"),
        ({"action": "merge", "other": 4711}, "enter the number of a report"),
        ({"undo": 9}, "decision not found"),
        ({}, "choose a decision"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(
    archive: Path, monitor: Browser, fields: dict[str, object], problem: str
) -> None:
    page = 2 if fields.get("member") else 1
    shown = monitor.get(f"/reports/{page}").text
    data = {"csrftoken": TOKEN.findall(shown)[0], **fields}
    answer = monitor.request("POST", f"/reports/{page}/story", data=data)
    assert (answer.status_code, problem in answer.text) == (400, True)
    assert story_numbers(archive) == [1, 2, 1]


def test_a_reader_corrects_nothing(server: Server, archive: Path) -> None:
    reader = server.browser("reader")
    page = reader.get("/reports/1").text
    assert "Correct the story" not in page
    data = {"csrftoken": TOKEN.findall(page)[0], "action": "split", "member": 5}
    assert reader.request("POST", "/reports/1/story", data=data).status_code == 403
