"""A whole morning in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.schema.database import open_archive, transaction
from tests.browser.conftest import reviewing
from tests.support.archive import BEATEN, KYRGYZ, RUSSIAN, add, revise
from tests.support.serving import ReviewServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

Window = Callable[..., "Page"]

ON_TOP = """name => {
    const element = document.querySelector(name);
    element.scrollIntoView({block: "center"});
    const box = element.getBoundingClientRect();
    return element === document.elementFromPoint(box.x + 9, box.y + 9);
}"""


def heading(page: Page) -> str:
    """The page's main heading."""
    return page.locator("h1").inner_text()


def listed(page: Page) -> list[str]:
    """The reports in the queue, once the page is whole: a click only waits until the next page begins."""
    page.wait_for_load_state()
    return page.locator("[data-open]").all_inner_texts()


def test_the_keyboard_is_enough(desk: ReviewServer, window: Window) -> None:
    page = window(desk)
    assert listed(page) == [BEATEN.title, RUSSIAN.title, KYRGYZ.title]
    press = page.keyboard.press
    press("j")
    press("j")
    press("k")
    assert page.evaluate("document.activeElement.textContent") == BEATEN.title
    press("Enter")
    page.wait_for_url(re.compile(r"/reports/1"))
    press("n")
    page.keyboard.type("call the sister: c f d w u")
    press("Escape")
    with page.expect_navigation():
        press("c")
    assert "Report #1: you confirmed." in page.inner_text("main")
    assert heading(page) == RUSSIAN.title
    press("f")
    page.keyboard.type("elsewhere")
    with page.expect_navigation():
        press("Enter")
    assert heading(page) == KYRGYZ.title
    with page.expect_navigation():
        press("u")
    assert heading(page) == RUSSIAN.title
    assert page.locator(".head .status").inner_text() == "Not reviewed"
    press("d")
    page.keyboard.type("1")
    with page.expect_navigation():
        press("Enter")
    assert heading(page) == KYRGYZ.title
    with page.expect_navigation():
        press("w")
    page.wait_for_url(re.compile(r"/queue"))
    assert "Nothing to review." in page.inner_text("main")
    with page.expect_navigation():
        press("u")
    assert page.locator(".head .status").inner_text() == "Not reviewed"
    with page.expect_navigation():
        press("?")
    assert heading(page) == "Shortcuts"
    page.goto("/reports/1")
    assert "call the sister: c f d w u" in page.inner_text(".history")


def test_keys_in_the_queue_open_a_report_where_they_say(glance: Window) -> None:
    page = glance()
    for key, place in (("c", "confirm"), ("f", "reason"), ("d", "duplicate"), ("w", "watch"), ("n", "note")):
        page.goto("/queue")
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press(key)
        assert page.evaluate("document.activeElement.id") == place


def test_keys_mean_the_same_on_a_russian_layout(glance: Window) -> None:
    page = glance()
    page.goto("/queue")
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))")
    assert page.evaluate("document.activeElement.textContent") == BEATEN.title


def test_the_mouse_is_enough(desk: ReviewServer, window: Window) -> None:
    page = window(desk)
    page.click("summary:has-text('Filters')")
    page.select_option("#by-country", "UZ")
    page.click("text=Show")
    assert listed(page) == [RUSSIAN.title]
    assert page.locator(".filters summary").inner_text() == "Filters (1)"
    assert not page.locator("#by-country").is_visible()
    assert page.locator(".tally").inner_text() == "1 story · Uzbekistan"
    page.click(f"text={RUSSIAN.title}")
    mark = page.locator("mark.for", has_text="избили")
    assert mark.get_attribute("title") == "beating: beaten up (ru.beating: избили)"
    page.click(".deciding >> text=избили")
    assert page.url.endswith("#w0")
    page.select_option("#assignee", "second")
    page.click(".assign button")
    assert "→ second" in page.inner_text(".labels")
    page.select_option("#reason", "abroad")
    page.click("#false-alarm")
    assert "marked as false alarm" in page.inner_text(".done")
    page.click(".done button")
    assert page.locator(".head .status").inner_text() == "Not reviewed"
    page.click("text=Sign out")
    assert heading(page) == "Sign in"
    page.goto("/queue")
    assert heading(page) == "Sign in"


def test_two_monitors_at_once(desk: ReviewServer, window: Window) -> None:
    first, second = window(desk, "monitor"), window(desk, "second")
    first.goto("/reports/1")
    second.goto("/reports/1")
    second.fill("#note", "I think it is old")
    first.click("#confirm")
    second.click("#watch")
    assert "This story changed while you were reading" in second.inner_text("[role=alert]")
    assert second.input_value("#note") == "I think it is old"
    assert "monitor confirmed" in second.inner_text(".history")
    second.click("#watch")
    assert "you put on watch" in second.inner_text(".done")


def test_a_second_reviewer_confirms(tmp_path_factory: pytest.TempPathFactory, window: Window) -> None:
    with reviewing(tmp_path_factory.mktemp("strict"), "[web]\nsecond_reviewer = true\n") as strict:
        first, second = window(strict, "monitor"), window(strict, "second")
        first.goto("/reports/1")
        first.click("#confirm")
        second.goto("/queue")
        assert "Needs second confirmation" in second.inner_text(".report >> nth=0")
        second.goto("/reports/1")
        second.click("#confirm")
        second.goto("/reports/1")
        assert second.locator(".head .status").inner_text() == "Confirmed"


def test_a_revised_article_comes_back_with_its_change(desk: ReviewServer, window: Window) -> None:
    page = window(desk)
    page.goto("/reports/1")
    page.click("#confirm")
    revise(desk.archive, BEATEN, 1, BEATEN.text.replace("The ministry denied it.", "The ministry apologised."))
    page.goto("/queue")
    assert "Reopened" in page.inner_text(".report >> nth=0")
    page.click(f"text={BEATEN.title}")
    page.click("text=Changed since the decision")
    assert "denied it" in page.inner_text("del")
    assert "apologised" in page.inner_text("ins")


def test_everything_works_without_javascript(desk: ReviewServer, window: Window) -> None:
    page = window(desk, java_script_enabled=False)
    page.click("summary:has-text('Filters')")
    page.select_option("#sort", "oldest")
    page.click("text=Show")
    page.click(f"text={BEATEN.title}")
    page.fill("#note", "by form")
    page.click("#confirm")
    assert "Report #1: you confirmed." in page.inner_text("main")
    page.click(".done button")
    page.fill("#duplicate", "2")
    page.click("#is-duplicate")
    page.goto("/queue?view=all")
    assert "Duplicate" in page.inner_text(".report >> nth=0")
    page.goto("/acca?sql=select+title+from+revisions+order+by+id")
    assert BEATEN.title in page.inner_text("main")


@pytest.mark.parametrize("address", ["/queue", "/reports/1", "/overview", "/search?q=beaten", "/keys", "/account"])
def test_nothing_sticks_out_on_a_phone(glance: Window, address: str) -> None:
    page = glance(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = page.evaluate(
        "Array.from(document.querySelectorAll('main button, main select, main input:not([type=hidden])'))"
        ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 38).map(e => e.outerHTML)"
    )
    assert small == []


def test_the_first_story_is_near_the_top_of_a_phone(glance: Window) -> None:
    page = glance(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto("/queue?sort=newest")
    row = page.locator(".report").first.bounding_box()
    assert row and row["y"] < 0.45 * 844
    page.goto("/search?q=beaten")
    hit = page.locator(".found li").first.bounding_box()
    assert hit and hit["y"] < 0.6 * 844


@pytest.mark.parametrize("viewport", [{"width": 1400, "height": 900}, {"width": 390, "height": 844}])
def test_deciding_is_in_reach_and_covers_nothing(glance: Window, viewport: dict[str, int]) -> None:
    page = glance(viewport=viewport)
    page.goto("/reports/1")
    for name in ("#text-title", "#why-title", "#facts-title", "#history-title", "#members-title"):
        seen = page.evaluate(ON_TOP, name)
        assert seen, name
        for button in ("#confirm", "#watch", ".to-reason"):
            box = page.locator(button).bounding_box()
            assert box and 0 <= box["y"] < viewport["height"] - 20, f"{button} at {name}"
    page.click(".to-reason")
    box = page.locator("#reason").bounding_box()
    assert box and 0 <= box["y"] < viewport["height"] - 100


@pytest.mark.parametrize("locale", ["en-GB", "ru-RU"])
def test_tables_are_not_cut_off(desk: ReviewServer, window: Window, locale: str) -> None:
    db = open_archive(desk.archive)
    with transaction(db):
        add(db, replace(BEATEN, category="forced_labour_custody_conditions"), 90)
        message = f"feed failed: https://acca.example/{'long-address/' * 6}: HTTP 404"
        db.execute("UPDATE run_outlets SET message = ?", [message])
    db.close()
    page = window(desk, locale=locale, viewport={"width": 1400, "height": 900})
    for address, tables in (("/overview", 3), ("/status", 1)):
        page.goto(address)
        cut = page.evaluate("[...document.querySelectorAll('.scroll')].map(e => e.scrollWidth > e.clientWidth)")
        assert cut == [False] * tables, address


def test_sixty_noisy_alerts_take_three_keys(desk: ReviewServer, window: Window) -> None:
    page = window(desk)
    page.goto("/reports/3")
    page.select_option("#reason", "abroad")
    page.click("#false-alarm")
    page.goto("/queue")
    press = page.keyboard.press
    press("*")
    assert page.locator("[data-select]:checked").count() == 2
    with page.expect_navigation():
        press(".")
    assert "2 stories: marked as false alarm." in page.inner_text(".done")
    with page.expect_navigation():
        press("u")
    assert len(listed(page)) == 2


def test_rows_are_selected_by_key_and_by_range(desk: ReviewServer, window: Window) -> None:
    page = window(desk)
    press = page.keyboard.press
    press("j")
    press("x")
    assert page.locator("[data-select]:checked").count() == 1
    page.locator("[data-select]").nth(2).click(modifiers=["Shift"])
    assert page.locator("[data-select]:checked").count() == 3
    press("*")
    page.locator("[data-select]").nth(1).uncheck()  # "all" is not all any more
    with page.expect_navigation():
        page.click("#bulk button[value=watch]")
    assert "2 stories: put on watch." in page.inner_text(".done")
    assert len(listed(page)) == 1


def test_a_phone_can_decide(desk: ReviewServer, window: Window) -> None:
    page = window(desk, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.tap(f"text={BEATEN.title}")
    page.tap("#watch")
    assert "you put on watch" in page.inner_text(".done")


def test_a_morning_in_russian(desk: ReviewServer, window: Window) -> None:
    page = window(desk, locale="ru-RU")
    assert heading(page) == "Очередь"
    assert page.locator("html").get_attribute("lang") == "ru"
    page.click(f"text={KYRGYZ.title}")
    assert "избиение" in page.inner_text(".deciding")
    page.click("#confirm")
    assert "подтверждено" in page.inner_text(".done")
    page.click("button[value=en]")
    assert heading(page) == "Queue"


def test_the_focus_begins_with_a_way_past_the_menu(glance: Window) -> None:
    page = glance()
    page.goto("/reports/1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
