"""A real server on loopback and a real Chromium, driven as a monitor would."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
    here = f"{Path(__file__).parent}{os.sep}"
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One Chromium for this folder's tests, gone with its event loop before other tests run loops of their own."""
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


@pytest.fixture(scope="package")
def desk_to_read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewServer]:
    """The same server for all tests that change nothing."""
    with reviewing(tmp_path_factory.mktemp("read")) as server:
        yield server


@dataclass(frozen=True)
class Window:
    """A page in a context of its own, and whatever its console complained of or it asked for elsewhere."""

    page: Page
    complaints: list[str]

    @classmethod
    def open(cls, chromium: Browser, desk: ReviewServer, user: str | None, **context: Any) -> Window:
        """Open one, and sign in if a user is named."""
        one = chromium.new_context(base_url=desk.address, locale=context.pop("locale", "en-GB"), **context)
        window = cls(one.new_page(), [])
        page, complain = window.page, window.complaints.append
        page.set_default_timeout(15_000)
        page.on("console", lambda message: complain(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complain(str(error)))
        page.on("request", lambda request: None if _is_ours(request.url, desk) else complain(f"left for {request.url}"))
        if user:
            sign_in(page, user)
        return window

    def check(self) -> None:
        """Fail the test if there were complaints; forget them."""
        complaints = [text for text in self.complaints if "status of 40" not in text]
        self.complaints.clear()
        assert complaints == []


@pytest.fixture
def window(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens windows on a server; whatever one complains of fails the test."""
    opened: list[Window] = []

    def open_window(desk: ReviewServer, user: str | None = "monitor", **context: Any) -> Page:
        opened.append(Window.open(chromium, desk, user, **context))
        return opened[-1].page

    yield open_window
    for one in opened:
        one.page.context.close()
    for one in opened:
        one.check()


@pytest.fixture(scope="package")
def kept(chromium: Browser) -> dict[str, Window]:
    """The windows of `glance` by what they were opened with, closed with the browser."""
    return {}


@pytest.fixture
def glance(chromium: Browser, desk_to_read: ReviewServer, kept: dict[str, Window]) -> Iterator[Callable[..., Page]]:
    """Lends tests windows to read in: to open one and sign in takes as long as to load ten pages."""
    lent: list[Window] = []

    def lend(user: str | None = "monitor", **context: Any) -> Page:
        key = repr((user, sorted(context.items())))
        if key not in kept:
            kept[key] = Window.open(chromium, desk_to_read, user, **context)
        lent.append(kept[key])
        return kept[key].page

    yield lend
    for one in lent:
        one.check()


def _is_ours(url: str, desk: ReviewServer) -> bool:
    return url.startswith((desk.address, "data:"))


def sign_in(page: Page, user: str) -> None:
    """Sign in by password."""
    page.goto("/sign-in")
    page.fill("#name", user)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue" if user != "reader" else "**/overview")
