"""What ten tasks of a morning cost in clicks, keys and page loads: docs/monitor.md has the table, measured here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from storage.articles import write
from storage.schema.database import open_archive, transaction
from tests.browser.conftest import reviewing
from tests.support.archive import AT, RUSSIAN, add
from tests.support.local import Answer, Asked, served
from tests.support.serving import ReviewServer
from tests.web.test_cases import REPORTS, report

if TYPE_CHECKING:
    from playwright.sync_api import Page

NOISY = 60
PAGE = Path(__file__).parents[2] / "docs/monitor.md"


@dataclass
class Hand:
    """A monitor's hand on a page: counts clicks, keys and loads of documents."""

    page: Page
    clicks: int = 0
    keys: int = 0
    loads: int = 0

    def __post_init__(self) -> None:
        self.page.on("domcontentloaded", lambda page: self._loaded())

    def _loaded(self) -> None:
        self.loads += 1

    def click(self, selector: str, loads: bool = True) -> None:
        """Click on the first match, and wait for the next document if there is one."""
        self.clicks += 1
        with self._waiting(loads):
            self.page.locator(selector).first.click()

    def press(self, key: str, loads: bool = False) -> None:
        """Press a key."""
        self.keys += 1
        with self._waiting(loads):
            self.page.keyboard.press(key)

    @contextmanager
    def _waiting(self, loads: bool) -> Iterator[None]:
        if loads:
            with self.page.expect_navigation():
                yield
        else:
            yield

    def taken(self) -> tuple[int, int, int]:
        """What was counted since the last time."""
        found = self.clicks, self.keys, self.loads
        self.clicks = self.keys = self.loads = 0
        return found


def documented() -> dict[str, tuple[int, int, int]]:
    """The figures of the table in the docs, by task."""
    table = PAGE.read_text(encoding="utf-8").partition("| task | clicks | keys | page loads |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \| (\d+) \| (\d+) \|", table, re.MULTILINE)
    return {task: (int(clicks), int(keys), int(loads)) for task, clicks, keys, loads in rows}


def translator(asked: Asked) -> Answer:
    """A LibreTranslate that repeats what it is sent."""
    return Answer(json.dumps({"translatedText": asked.document["q"]}), "application/json")


def fill(desk: ReviewServer) -> list[int]:
    """Store look-alike alerts, and reports about one person; returns the latter's numbers."""
    db = open_archive(desk.archive)
    with transaction(db):
        for number in range(NOISY):
            add(db, replace(RUSSIAN, title=f"Драка {number}", word="дома", category="ill_treatment"), 100 + number)
        numbers = [
            write.insert_article(db, report(number, *one), 1, None, AT).article_id
            for number, one in enumerate(REPORTS, start=1)
        ]
    db.close()
    return numbers


def test_ten_tasks(tmp_path: Path, window: Callable[..., Page]) -> None:
    with served(translator) as service, reviewing(tmp_path, f'[translation]\nurl = "{service.home}"\n') as desk:
        person = fill(desk)
        page = window(desk)
        measured = dict(tasks(page, person))
        page.close()  # before its server ends
    assert measured == documented()


def tasks(page: Page, person: list[int]) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Do each task and yield what it took."""
    hand = Hand(page)

    def begin(address: str) -> None:
        page.goto(address)
        hand.taken()

    begin("/queue")
    hand.click(".row-decide button[value^=confirm]")
    yield "Confirm the first story of the queue", hand.taken()

    begin("/queue?country=KG")
    hand.press("j")
    hand.press("Enter", loads=True)
    hand.press("c", loads=True)
    yield "Open the first story, read it and confirm it", hand.taken()

    def open_noisy() -> None:
        begin("/queue?country=UZ")
        hand.click("[data-open]:has-text('Драка')")
        hand.taken()

    open_noisy()
    hand.press("f")
    hand.press("ArrowDown")
    hand.press("Enter", loads=True)
    yield "Call a report a false alarm, with a reason", hand.taken()

    open_noisy()
    hand.press("m", loads=True)
    hand.press("*")
    hand.press(".", loads=True)
    assert f"{NOISY - 1} stories: marked as false alarm." in page.inner_text(".done")
    yield "Call 59 more that look like it false alarms", hand.taken()

    hand.press("u", loads=True)
    yield "Undo that for all of them", hand.taken()

    begin(f"/reports/{person[2]}")
    hand.click(".thread summary", loads=False)
    yield "See the earlier reports about a report's person", hand.taken()

    hand.click(".thread form[action='/cases'] button")
    yield "Open a case with them", hand.taken()

    begin("/search?country=KG")
    hand.click("form[action='/follows'] button")
    yield "Follow a search", hand.taken()

    begin("/queue?country=KG")
    with page.expect_download():
        hand.click("a[href^='/queue/export.xlsx']", loads=False)
    yield "Export the filtered queue as an Excel file", hand.taken()

    begin("/reports/2")
    hand.click("#translation button")
    yield "Translate a report", hand.taken()
