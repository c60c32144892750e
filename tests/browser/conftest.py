"""A real server on loopback and a real Chromium, driven as a monitor would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from acca_crawler.config.loading import ArchiveSection, Config
from tests.support.archive import BEATEN, KYRGYZ, QUIET, RUSSIAN, build
from tests.support.programs import CHROMIUM, find
from tests.support.serving import ReviewServer, serving
from tests.web.conftest import PASSWORD, make_users

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for a file's tests, gone with its event loop before other files run loops of their own."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find(*CHROMIUM), args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ReviewServer]:
    """A server on a small archive."""
    with reviewing(tmp_path) as server:
        yield server


@contextmanager
def reviewing(directory: Path, settings: str = "") -> Iterator[ReviewServer]:
    """A server on a small archive, with more in its acca.toml."""
    build(directory / "archive" / "acca.db", BEATEN, RUSSIAN, KYRGYZ, QUIET)
    make_users(Config(archive=ArchiveSection(directory=directory / "archive")))
    (directory / "acca.toml").write_text(f'[archive]\ndirectory = "archive"\n{settings}', encoding="utf-8")
    with serving(directory) as server:
        yield server


@pytest.fixture
def window(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens windows; in each whatever the console complains of, or a request elsewhere, fails the test."""
    opened: list[Any] = []
    complaints: list[str] = []

    def open_window(desk: ReviewServer, user: str | None = "monitor", **context: Any) -> Page:
        one = chromium.new_context(base_url=desk.address, locale=context.pop("locale", "en-GB"), **context)
        opened.append(one)
        page = one.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: _note_foreign(request.url, desk, complaints))
        if user:
            sign_in(page, user)
        return page

    yield open_window
    for one in opened:
        one.close()
    assert [text for text in complaints if "status of 40" not in text] == []


def _note_foreign(url: str, desk: ReviewServer, complaints: list[str]) -> None:
    if not url.startswith((desk.address, "data:")):
        complaints.append(f"a request left for {url}")


def sign_in(page: Page, user: str) -> None:
    """Sign in by password."""
    page.goto("/sign-in")
    page.fill("#name", user)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue" if user != "reader" else "**/overview")
