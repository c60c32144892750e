"""An outlet whose articles only scripts put together is read through a real Chromium without a network of its own."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from acca_crawler.crawl.screenshots import SIZE
from tests.browser.test_screenshots import size_of
from tests.support.desk import TIMEOUT, Desk
from tests.support.local import Answer, Asked, LocalSite, served

TEXT = (
    "Officers of the district police beat the detained farmer Azamat Example on the square of Kara-Suu on Friday.",
    "His lawyer says that he was held overnight without a protocol, and that a doctor found broken ribs.",
    "The police department of the province has begun an inquiry. Relatives have filed a complaint with the prosecutor.",
)
SCRIPT = """
fetch("/api/1.json").then(answer => answer.json()).then(found => {
  document.title = found.title;
  document.querySelector("main").innerHTML =
    `<article><h1>${found.title}</h1><time datetime="2026-11-20">20.11.2026</time>` +
    found.text.map(one => `<p>${one}</p>`).join("") + "</article>";
});
fetch("http://other.example/tracker").catch(() => {});
"""
SHELL = (
    '<html><head><title>Loading</title><script src="/app.js" defer></script><link rel="stylesheet" href="/style.css">'
    '<script src="http://127.0.0.1:9/private.js"></script></head><body><main>Please turn scripts on.</main>'
    '<img src="/picture.png"></body></html>'
)


@contextmanager
def site_of_scripts() -> Iterator[LocalSite]:
    """A newspaper whose pages are shells."""

    def answer(asked: Asked) -> Answer:
        if asked.path == "/app.js":
            return Answer(SCRIPT, "text/javascript")
        if asked.path == "/api/1.json":
            return Answer(json.dumps({"title": "Farmer beaten", "text": TEXT}), "application/json")
        if asked.path == "/robots.txt":
            return Answer("User-agent: *\nDisallow: /secret", "text/plain")
        if asked.path == "/news/":
            return Answer('<h3><a href="/news/farmer-beaten">Farmer beaten</a></h3>')
        return Answer(SHELL) if asked.path.startswith("/news/") else Answer("none", status=404)

    with served(answer) as site:
        yield site


def desk_for(directory: Path, site: LocalSite, more: str = "") -> Desk:
    """A desk with the newspaper alone."""
    desk = Desk(directory)
    desk.configure(
        f'[crawl]\ndelay = 0\nretries = 0\n[evidence]\nscreenshots = true\n[[outlet]]\nname = "shells"\n'
        f'base = "generic"\nhome = "{site.home}"\ncountries = ["KG"]\nlanguages = ["en"]\nlistings = ["/news/"]\n'
        f'article_path = "^/news/[a-z-]+$"\n{more}'
    )
    return desk


def test_a_page_of_scripts_is_read_and_all_of_it_is_evidence(tmp_path: Path) -> None:
    with site_of_scripts() as site:
        desk = desk_for(tmp_path, site, 'render = "browser"\n')
        desk.acca("crawl", "shells")
        asked = [one.path for one in site.asked]
    assert desk.tuples("SELECT title, text FROM revisions") == [("Farmer beaten", "\n\n".join(TEXT))]
    captures = {row["url"].removeprefix(site.home): row for row in desk.rows("SELECT * FROM captures ORDER BY id")}
    assert captures["news/farmer-beaten"]["route"] == "rendered by Chromium"
    assert {"app.js", "api/1.json", "robots.txt"} <= captures.keys(), "what the scripts asked for is evidence too"
    assert sorted(set(asked)) == ["/api/1.json", "/app.js", "/news/", "/news/farmer-beaten", "/robots.txt"]
    assert asked.count("/news/farmer-beaten") == 1, "Chromium renders what was fetched"
    counted = {row["name"]: row["value"] for row in desk.rows("SELECT name, value FROM run_counts")}
    assert counted["rendered"] == 1
    assert counted["render_refused"] >= 3, "styles, pictures, and what is on other hosts"
    assert "everything matches" in desk.acca("verify")
    assert "0 would be read differently" in desk.acca("reprocess", "--dry-run", "--jobs", "1")
    picture = desk.rows("SELECT payload_bytes, route FROM captures WHERE url LIKE 'urn:view:%'")
    assert [row["route"] for row in picture] == [f"screenshot of capture {captures['news/farmer-beaten']['id']}"]
    article = desk.value("SELECT id FROM articles")
    desk.acca("pack", str(article), "-o", "pack.zip")
    with zipfile.ZipFile(desk.directory / "pack.zip") as pack:
        (png,) = (pack.read(name) for name in pack.namelist() if name.startswith("screenshots/"))
        packed = [json.loads(line)["row"] for line in pack.read("proof/captures.jsonl").splitlines()]
    assert size_of(png) == SIZE
    routes = [(row[3].removeprefix(site.home), row[5].split()[0]) for row in packed]
    assert routes == [
        ("robots.txt", "origin"), ("news/farmer-beaten", "origin"), ("app.js", "origin"),
        ("api/1.json", "origin"), ("news/farmer-beaten", "rendered"),
        (f"urn:view:{site.home}news/farmer-beaten", "screenshot"),
    ]  # fmt: skip


def test_without_a_browser_that_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "chromium").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with site_of_scripts() as site:
        desk = desk_for(tmp_path, site, 'render = "browser"\n')
        process = desk.start("crawl", "shells")
        _, errors = process.communicate(timeout=TIMEOUT)
    assert "was not rendered: " in errors
    assert desk.value("SELECT value FROM run_counts WHERE name = 'render_failed'") == 1
