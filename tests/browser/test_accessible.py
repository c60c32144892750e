"""What axe-core finds: nothing serious on any page, in light and dark, wide and narrow, and to a screen reader."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.archive import BEATEN, revise
from tests.support.serving import ReviewServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

OURS = (
    "/queue",
    "/queue?view=all",
    "/reports/1",
    "/reports/2",
    "/overview",
    "/status",
    "/search?q=beaten",
    "/keys",
    "/account",
    "/cases",
    "/follows",
    "/queue?sort=newest",
    "/decisions",
    "/search/figures?level=alert",
)
DATASETTES = (
    "/acca", "/acca/articles", "/acca/articles/1", "/acca?sql=select+title+from+revisions", "/acca/v_reports",
    "/acca/reports_about?name=Asel", "/acca/alerts_by_month", "/acca?sql=nonsense", "/acca/revisions?_facet=language",
    "/acca/articles?outlet__exact=acca",
)  # fmt: skip
LEADS = ("/team", "/users")
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's script."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("axe-playwright-python is not installed")
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, axe: str) -> list[str]:
    """The serious ones, each with the elements it is about."""
    page.evaluate(axe)  # the policy keeps a page from loading it; the debugger may
    return _found(page)


def violations_in_both_schemes(page: Page, axe: str) -> list[str]:
    """The serious ones of one load of the page, in light and in dark."""
    found = violations(page, axe)
    page.emulate_media(color_scheme="dark")
    found += [f"in dark: {one}" for one in _found(page)]
    page.emulate_media(color_scheme="light")
    return found


def _found(page: Page) -> list[str]:
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [
        f"{one['id']}: {[node['html'][:200] for node in one['nodes']]}" for one in found if one["impact"] in SERIOUS
    ]


def test_our_pages_have_no_serious_violation(desk: ReviewServer, window: Callable[..., Page], axe: str) -> None:
    page = window(desk)
    page.goto("/reports/1")
    page.click("#confirm")
    revise(desk.archive, BEATEN, 1, BEATEN.text.replace("beaten", "pushed"))
    for address in OURS:
        page.goto(address)
        assert violations_in_both_schemes(page, axe) == [], address
    page.goto("/reports/1")
    page.click("#false-alarm")
    assert page.locator("[role=alert]").count() == 1
    assert violations_in_both_schemes(page, axe) == []


def test_a_leads_pages_have_no_serious_violation(glance: Callable[..., Page], axe: str) -> None:
    page = glance("lead")
    for address in LEADS:
        page.goto(address)
        assert violations_in_both_schemes(page, axe) == [], address


def test_datasettes_pages_have_no_serious_violation(glance: Callable[..., Page], axe: str) -> None:
    """Its tables, queries, rows and forms, in the frame that we put around them."""
    page = glance()
    for address in DATASETTES:
        page.goto(address)
        assert violations_in_both_schemes(page, axe) == [], address


def test_narrow_pages_have_no_serious_violation(glance: Callable[..., Page], axe: str) -> None:
    page = glance(viewport={"width": 360, "height": 740}, locale="ru-RU")
    for address in OURS:
        page.goto(address)
        assert violations(page, axe) == [], address


def test_signing_in_has_no_serious_violation(glance: Callable[..., Page], axe: str) -> None:
    page = glance(None)
    for address in ("/sign-in", "/sign-in/link?token=x"):
        page.goto(address)
        assert violations(page, axe) == [], address


def test_what_a_screen_reader_hears(glance: Callable[..., Page]) -> None:
    """Landmarks, headings in order without a gap, a name for every control, a language for foreign text."""
    page = glance()
    for address in OURS:
        page.goto(address)
        assert page.locator("main").count() == page.locator("h1").count() == 1, address
        levels = [int(tag[1]) for tag in page.eval_on_selector_all("h1,h2,h3,h4", "e => e.map(x => x.tagName)")]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), address
        names = page.eval_on_selector_all(
            "main select, main input:not([type=hidden]), main textarea", "e => e.map(x => x.labels.length)"
        )
        assert all(names), address
    page.goto("/reports/3")
    assert page.locator("h1").get_attribute("lang") == "ky"
    assert page.locator(".text").get_attribute("lang") == "ky"
