"""`acca elsewhere` against servers on loopback that answer like Save Page Now, archive.today and the Wayback index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from acca_crawler.archives.polite import PoliteClient
from acca_crawler.archives.saving import ArchiveToday, SavePageNow
from acca_crawler.exceptions import WebArchiveError
from acca_crawler.newsroom import Newsroom
from tests.support.desk import Desk, all_but
from tests.support.local import Answer, Asked, LocalSite, served

STAMP = "20261128120000"


@dataclass
class OtherArchives:
    """Both archives in one server. `refused` makes them refuse; `known` are captures in the index, by URL."""

    site: LocalSite = field(init=False)
    refused: bool = False
    known: dict[str, list[str] | None] = field(default_factory=dict)
    polls: int = 2

    @property
    def home(self) -> str:
        """The address without a trailing slash."""
        return self.site.home.rstrip("/")

    def answer(self, asked: Asked) -> Answer:
        """Answer as the archives do."""
        if asked.path == "/cdx/search/cdx":
            (url,) = parse_qs(urlsplit(asked.target).query)["url"]
            stamps = self.known.get(url, [])
            if stamps is None:
                return Answer("broken", "text/plain", 503)
            names = ["timestamp", "original", "mimetype", "statuscode", "digest"]
            rows = [[stamp, url, "text/html", "200", "ABC"] for stamp in stamps]
            return Answer(json.dumps([names, *rows] if rows else []), "application/json")
        if self.refused:
            return Answer(json.dumps({"message": "This host has been excluded."}), "application/json", 403)
        if asked.path == "/save" and asked.method == "POST":
            assert asked.headers["Authorization"] == "LOW access:secret"
            return Answer(json.dumps({"url": "x", "job_id": "job-1"}), "application/json")
        if asked.path == "/save/status/job-1":
            self.polls -= 1
            done = {"status": "success", "timestamp": STAMP, "original_url": "https://khabar.example/1"}
            return Answer(json.dumps(done if self.polls < 0 else {"status": "pending"}), "application/json")
        if asked.path.startswith("/save/"):
            return Answer(status=302, headers={"Location": f"/web/{STAMP}/{asked.path.removeprefix('/save/')}"})
        if asked.path == "/submit/":
            return Answer(headers={"Refresh": f"0;url={self.home}/wip/Ab3dE"})
        return Answer("<h1>kept</h1>")


@contextmanager
def other_archives() -> Iterator[OtherArchives]:
    """Run the server."""
    state = OtherArchives()
    with served(state.answer) as state.site:
        yield state


@pytest.fixture
def archives() -> Iterator[OtherArchives]:
    """Archives that keep what they are asked to."""
    with other_archives() as state:
        yield state


def client() -> PoliteClient:
    """A client that does not wait."""
    return PoliteClient("test", delay=0, retries=0, sleep=lambda seconds: None)


def test_save_page_now_with_and_without_a_key(archives: OtherArchives) -> None:
    copy = SavePageNow(client(), archives.home).save("https://khabar.example/1")
    assert copy.address == f"{archives.home}/web/{STAMP}/https://khabar.example/1"
    assert copy.captured_at == "2026-11-28T12:00:00Z"
    assert SavePageNow(client(), archives.home, "access:secret").save("https://khabar.example/1") == copy
    archives.refused = True
    for key in ("", "access:secret"):
        with pytest.raises(WebArchiveError, match=r"excluded|HTTP 403, and no copy"):
            SavePageNow(client(), archives.home, key).save("https://khabar.example/1")


def test_archive_today_names_the_address_of_the_copy(archives: OtherArchives) -> None:
    copy = ArchiveToday(client(), archives.home).save("https://khabar.example/1")
    assert copy.address == f"{archives.home}/Ab3dE"
    archives.refused = True
    with pytest.raises(WebArchiveError, match="CAPTCHA"):
        ArchiveToday(client(), archives.home).save("https://khabar.example/1")


def test_flagged_reports_are_kept_elsewhere_and_removed_ones_looked_for(
    tmp_path: Path, archives: OtherArchives
) -> None:
    desk = Desk(tmp_path)
    with Newsroom(sites=["acca"]) as newsroom:
        desk.configure(
            '[crawl]\ncontact = "test@example.org"\ndelay = 0\n'
            f'[outlets.acca]\nhome = "{newsroom.sites["acca"].url}/en/"\n'
            f'[archives]\nwayback = "{archives.home}"\ndelay = 0\nretries = 0\n'
            f'[evidence]\nwayback = true\narchive_today = true\narchive_today_url = "{archives.home}"\n'
            f"{all_but('acca')}"
        )
        desk.acca("crawl", "acca", "--limit", "12")
    flagged = desk.value("SELECT count(DISTINCT revision_id) FROM flags WHERE current AND level IN ('alert', 'digest')")
    assert flagged > 2
    archives.refused = True
    refusing = desk.acca("run")
    assert "; 0 copies elsewhere, wayback: " in refusing
    assert "archive.today: " in refusing
    assert "not kept" in desk.acca("elsewhere", code=1)
    assert f"{2 * flagged} waiting, 0 given up; the last try failed" in desk.acca("status")
    archives.refused = False
    configured = (desk.directory / "acca.toml").read_text()
    desk.configure(configured.replace("[evidence]", "[evidence]\nelsewhere_minutes = 0"))
    assert "elsewhere" not in desk.acca("run"), "nothing is begun after the run's minutes for it"
    desk.configure(configured)
    assert f"; {2 * (flagged - 2)} copies elsewhere; " in desk.acca("run"), "what failed waits before it is tried again"
    desk.execute("UPDATE elsewhere SET tried_at = '2026-01-01T00:00:00Z' WHERE status = 'waiting'")
    assert "; 4 copies elsewhere; " in desk.acca("run")
    assert f"elsewhere: {2 * flagged} saved, 0 found, 0 waiting" in desk.acca("status")
    assert desk.acca("elsewhere") == "", "nothing is asked twice"
    article, url = desk.rows("SELECT article_id, articles.url FROM alerts JOIN articles ON articles.id = article_id")[0]
    desk.execute("UPDATE articles SET missing_since = '2026-11-28T00:00:00Z' WHERE id = ?", article)
    archives.known[url] = None
    assert "not kept" in desk.acca("elsewhere", code=1)
    assert "1 searches failed; the last try failed: search: " in desk.acca("status")
    archives.known[url] = ["20250101000000", "20260101000000"]
    assert desk.acca("elsewhere").count(f"{article}  wayback  {archives.home}/web/202") == 2
    assert desk.acca("elsewhere") == "", "not searched again for a month"
    desk.acca("pack", str(article), "-o", "pack.zip")
    copies = desk.rows("SELECT address FROM elsewhere WHERE article_id = ?", article)
    assert len(copies) == 4


def test_nobody_is_asked_by_default(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with Newsroom(sites=["acca"]) as newsroom:
        desk.configure(f'[crawl]\ndelay = 0\n[outlets.acca]\nhome = "{newsroom.sites["acca"].url}/en/"\n')
        desk.acca("crawl", "acca", "--limit", "3")
    assert "no other archive is turned on" in desk.acca("elsewhere", code=2)
    assert desk.value("SELECT count(*) FROM elsewhere") == 0
