"""Cases, following and corrected stories in a browser: on a desktop, on a phone in Russian, without JavaScript."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.articles import write
from storage.schema.database import open_archive, transaction
from tests.browser.test_accessible import axe as axe  # the fixture
from tests.browser.test_accessible import violations_in_both_schemes
from tests.support.archive import AT, BEATEN, RUSSIAN
from tests.support.serving import ReviewServer
from tests.web.test_cases import REPORTS, report
from tests.web.test_stories import COPY, place, store

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "ru-RU"}
PICTURES = os.environ.get("ACCA_PICTURES")


@pytest.fixture
def numbers(desk: ReviewServer) -> list[int]:
    """Reports about one person and a namesake, and a story of two reports; returns the numbers of the former."""
    for number, one in enumerate((BEATEN, RUSSIAN), start=1):
        place(desk.archive, number, one)
    store(desk.archive, COPY, 10, (1,))
    db = open_archive(desk.archive)
    numbers = []
    with transaction(db):
        for number, told_of in enumerate(REPORTS, start=1):
            numbers.append(write.insert_article(db, report(number, *told_of), 1, None, AT).article_id)
    db.close()
    return numbers


def look(page: Page, name: str) -> None:
    """Keep a picture where ACCA_PICTURES names a directory."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("context", [{}, PHONE, {"java_script_enabled": False}], ids=["desktop", "phone", "no script"])
def test_a_case_from_the_report_to_the_timeline(
    desk: ReviewServer, window: Callable[..., Page], numbers: list[int], axe: str, context: dict[str, object]
) -> None:
    page = window(desk, **context)
    name = str(context.get("locale", "desktop"))
    page.goto(f"/reports/{numbers[2]}")
    page.locator(".thread summary").click()
    look(page, f"report-{name}")
    page.locator(".thread form[action='/cases'] button").click()
    page.wait_for_url("**/cases/1")
    assert page.locator("input[id^=suggested-]:checked").count() == 2
    if "java_script_enabled" not in context:
        assert violations_in_both_schemes(page, axe) == []
    look(page, f"case-suggested-{name}")
    page.locator("button.confirm[value=confirm]").click()
    page.wait_for_load_state()
    assert page.locator("input[id^=confirmed-]").count() == 3
    look(page, f"case-{name}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".follow button").first.click()
    page.wait_for_url("**/follows")
    look(page, f"follows-{name}")
    for address in ("/follows", "/cases", "/queue?view=followed&sort=newest", "/about/region?key=naryn", "/account"):
        page.goto(address)
        if "java_script_enabled" not in context:
            assert violations_in_both_schemes(page, axe) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        look(page, f"{address.strip('/').replace('/', '-').split('?')[0]}-{name}")


@pytest.mark.parametrize("context", [{}, PHONE], ids=["desktop", "phone"])
def test_a_report_is_taken_out_of_its_story_and_put_back(
    desk: ReviewServer, window: Callable[..., Page], numbers: list[int], axe: str, context: dict[str, object]
) -> None:
    page = window(desk, **context)
    page.goto("/reports/1")
    page.locator(".correct-story summary").click()
    page.locator("#member-5").check()
    assert violations_in_both_schemes(page, axe) == []
    look(page, f"story-{context.get('locale', 'desktop')}")
    page.locator("button[value=split]").click()
    page.locator("p.done").wait_for()
    page.wait_for_load_state()
    assert page.locator("#member-5").count() == 0
    page.goto("/reports/5")
    page.locator(".correct-story summary").click()
    page.locator("button[name=undo][value='1']").click()
    page.locator("p.done").wait_for()
    page.wait_for_load_state()
    assert page.locator("#member-1").count() == 1
