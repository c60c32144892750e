"""A crawl takes pictures of flagged reports with a real Chromium, which asks nobody for anything."""

from __future__ import annotations

import struct
import subprocess
import sys
import zipfile
from pathlib import Path

from acca_crawler.crawl.screenshots import LIST_SIZE, SIZE, render
from acca_crawler.newsroom import Newsroom
from acca_crawler.newsroom.sites import telegram
from tests.support.desk import Desk
from tests.support.local import Answer, served


def size_of(picture: bytes) -> tuple[int, int]:
    """Return a PNG's width and height."""
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def test_pictures_of_flagged_reports_are_evidence(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with Newsroom(sites=["acca"]) as newsroom:
        home = newsroom.sites["acca"].url
        desk.configure(f'[crawl]\ndelay = 0\n[outlets.acca]\nhome = "{home}/en/"\n[evidence]\nscreenshots = true\n')
        desk.acca("crawl", "acca", "--limit", "4")
    flagged = desk.rows(
        "SELECT revisions.article_id, url FROM alerts JOIN revisions ON revisions.id = revision_id "
        "JOIN captures ON captures.id = capture_id ORDER BY 1"
    )
    assert flagged
    pictures = desk.rows("SELECT url, route, payload_sha256 FROM captures WHERE kind = 'other'")
    assert {f"urn:view:{row['url']}" for row in flagged} <= {row["url"] for row in pictures}
    assert desk.value("SELECT value FROM run_counts WHERE name = 'screenshot'") == len(pictures)
    assert "everything matches" in desk.acca("verify")
    desk.acca("pack", str(flagged[0]["article_id"]), "-o", "pack.zip")
    with zipfile.ZipFile(desk.directory / "pack.zip") as archive:
        archive.extractall(desk.directory / "pack")
    (picture,) = (desk.directory / "pack/screenshots").iterdir()
    assert size_of(picture.read_bytes()) == SIZE
    command = [sys.executable, "-I", "-S", "verify.py"]
    folder = desk.directory / "pack"
    assert subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False).returncode == 0


def test_one_picture_of_a_channels_list_serves_all_its_flagged_posts(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with Newsroom(sites=["telegram", "semdorog"]) as newsroom:
        home = f"{newsroom.sites['telegram'].url}/s/{telegram.CHANNEL}"
        desk.configure(
            "[crawl]\ndelay = 0\n[evidence]\nscreenshots = true\n"
            f'[[outlet]]\nname = "posts"\nbase = "telegram"\nhome = "{home}"\ncountries = ["KG"]\nlanguages = ["ru"]\n'
        )
        desk.acca("crawl", "posts")
    lists = desk.tuples(
        "SELECT DISTINCT capture_id FROM alerts JOIN revisions ON revisions.id = revision_id ORDER BY capture_id"
    )
    routes = desk.tuples("SELECT route FROM captures WHERE kind = 'other' AND url LIKE 'urn:view:%' ORDER BY id")
    assert lists and routes == [(f"screenshot of capture {number}",) for (number,) in lists]
    desk.acca("pack", desk.value("SELECT CAST(min(article_id) AS TEXT) FROM alerts"), "-o", "pack.zip")
    with zipfile.ZipFile(desk.directory / "pack.zip") as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".png"))
        assert size_of(archive.read(name)) == LIST_SIZE


def test_a_hostile_page_reaches_nothing() -> None:
    with served(lambda asked: Answer("<h1>reached</h1>")) as site:
        page = (
            f'<meta http-equiv="refresh" content="0;url={site.home}"><img src="{site.home}a.png">'
            f'<iframe src="{site.home}b"></iframe><link rel="stylesheet" href="{site.home}c.css">'
            f'<script>fetch("{site.home}d")</script><iframe src="file:///etc/passwd"></iframe><p>text</p>'
        )
        assert size_of(render(page.encode(), "text/html; charset=utf-8")) == SIZE
        assert site.asked == []
