"""Take the pictures of the review pages in README and docs, from the sample newsroom's archive.

    python docs/screenshots.py [directory]

Needs Chromium, playwright and the files of ReplayWeb.page (`.ci/evidence-tools`). Every name and event in the pictures
is invented.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
IMAGES = Path(__file__).with_name("images")
PORT = 8769
SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-quic"]  # fmt: skip
REVIEWED = (("confirm", None), ("watch", None), ("false_alarm", "policy_only"))


def main() -> None:
    """Crawl the sample newsroom, serve its archive, decide a little, and take the pictures."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    target.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="acca-pictures-"))
    try:
        acca("demo", "--directory", str(directory / "demo"))
        config = next((directory / "demo").rglob("acca.toml"))
        take(config, target)
        replay(config, target / "replay.png")
    finally:
        shutil.rmtree(directory)


def acca(*arguments: str) -> str:
    """Run a subcommand to its end; returns what it printed."""
    command = [sys.executable, "-m", "acca_crawler", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=600, encoding="utf-8")
    return done.stdout


def take(config: Path, target: Path) -> None:
    """Serve the archive and take every picture."""
    command = [sys.executable, "-u", "-m", "acca_crawler", "--config", str(config), "serve", "--port", str(PORT)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        server.stdout.readline()
        link = re.search(r"http\S+", server.stdout.readline())
        assert link is not None, "no sign-in link was printed"
        wait()
        with sync_playwright() as playwright:
            chromium = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
            wide = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
            state = sign_in(wide.new_page(), link[0])
            wide_pictures(wide.new_page(), target)
            wide.storage_state(path=state)
            narrow = browser.new_context(viewport={"width": 390, "height": 844}, storage_state=state)
            picture(narrow.new_page(), "/queue", target / "phone.png")
            browser.close()
    finally:
        server.terminate()
        server.wait(10)


def replay(config: Path, path: Path) -> None:
    """A packed page in ReplayWeb.page, as its reader sees it."""
    sys.path.insert(0, str(ROOT))
    from tests.support.replay import replaying

    target = config.with_name("pack.zip")
    listed = acca("--config", str(config), "alerts", "--view", "all", "--outlet", "acca", "--limit", "1", "--json")
    number = json.loads(listed.splitlines()[0])["article_id"]
    acca("--config", str(config), "pack", str(number), "--output", str(target))
    with zipfile.ZipFile(target) as pack:
        wacz = pack.read("captures.wacz")
    with zipfile.ZipFile(io.BytesIO(wacz)) as archive:
        packed = json.loads(archive.read("pages/pages.jsonl").decode().splitlines()[1])
    with sync_playwright() as playwright, replaying(wacz, packed["url"]) as address:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.goto(address)
        replayed = page.frame_locator("replay-web-page iframe").frame_locator("iframe")
        replayed.get_by_role("heading", name=packed["title"]).first.wait_for(timeout=120_000)
        page.screenshot(path=path)
        browser.close()


def wait() -> None:
    """Wait until the server answers."""
    for attempt in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/sign-in", timeout=5):
                return
        except OSError:
            if attempt == 99:
                raise
            time.sleep(0.2)


def sign_in(page: Page, link: str) -> Path:
    """Come in by the printed link; returns where the session is kept for a second window."""
    page.goto(link)
    page.click("button.main")
    return Path(tempfile.mkdtemp(prefix="acca-state-")) / "state.json"


def wide_pictures(page: Page, target: Path) -> None:
    """The main pages, with a few decisions taken."""
    page.goto(f"http://127.0.0.1:{PORT}/queue?sort=newest")
    reports = page.eval_on_selector_all("[data-open]", "links => links.map(link => link.href)")
    for address, (verdict, reason) in zip(reports[-3:], REVIEWED, strict=True):
        page.goto(address)
        if reason:
            page.select_option("#reason", reason)
        page.click(f"button[value={verdict}]")
    picture(page, "/queue", target / "queue.png")
    story(page, target / "story.png")
    picture(page, reports[0].partition(str(PORT))[2], target / "report.png")
    picture(page, "/overview", target / "overview.png")
    picture(page, "/search?q=задерж*", target / "search.png")
    page.click("button[value=ru]")
    picture(page, "/queue", target / "queue-ru.png")
    page.click("button[value=en]")


def story(page: Page, path: Path) -> None:
    """A story that another outlet developed: the update, with what it is the first to report."""
    page.goto(f"http://127.0.0.1:{PORT}/queue?view=all&sort=newest")
    page.locator(".report", has=page.locator(".newest q")).first.screenshot(path=path)


def picture(page: Page, address: str, path: Path) -> None:
    """One page, as much of it as the window shows."""
    page.goto(f"http://127.0.0.1:{PORT}{address}")
    page.screenshot(path=path)


if __name__ == "__main__":
    main()
