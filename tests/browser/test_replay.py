"""A pack made from a crawl opens in a real browser with ReplayWeb.page, and passes `wacz validate`."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from acca_crawler.newsroom import Newsroom
from tests.support.desk import Desk
from tests.support.programs import EVIDENCE_TOOLS
from tests.support.replay import replaying

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.evidence_tools

SECONDS = 60
"""How long a loaded machine may take to start the replay."""


@pytest.fixture(scope="module")
def wacz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The WACZ of a report's pack."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    with Newsroom(sites=["acca"]) as newsroom:
        desk.configure(f'[crawl]\ndelay = 0\n[outlets.acca]\nhome = "{newsroom.sites["acca"].url}/en/"\n')
        desk.acca("crawl", "acca", "--limit", "2")
    desk.acca("pack", "1", "-o", "pack.zip")
    with zipfile.ZipFile(desk.directory / "pack.zip") as pack:
        return Path(pack.extract("captures.wacz", desk.directory))


def test_a_packed_page_is_replayed(wacz: Path, chromium: Browser) -> None:
    with zipfile.ZipFile(wacz) as archive:
        page = json.loads(archive.read("pages/pages.jsonl").decode().splitlines()[1])
    context = chromium.new_context()
    try:
        window = context.new_page()
        with replaying(wacz.read_bytes(), page["url"]) as address:
            window.goto(address)
            replayed = window.frame_locator("replay-web-page iframe").frame_locator("iframe")
            replayed.get_by_role("heading", name=page["title"]).first.wait_for(timeout=SECONDS * 1000)
    finally:
        context.close()


def test_the_archive_is_a_valid_wacz(wacz: Path) -> None:
    command = [str(EVIDENCE_TOOLS / "wacz/bin/wacz"), "validate", "-f", str(wacz)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Validation succeeded" in done.stdout
