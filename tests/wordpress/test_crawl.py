"""`acca crawl` over a real WordPress, whose posts are written, edited and removed by WordPress itself."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.desk import Desk
from tests.wordpress.site import Draft, Feature, Post, WordPress

pytestmark = pytest.mark.wordpress

ARTICLE_PATH = re.compile(r"/en/\d+/")
START = datetime.now(UTC).replace(microsecond=0)
BEATEN = (
    "<p>Officers in Karakol beat Asan Testov, 34, for two days and used electric shocks on him, his lawyer said.</p>\n"
    "<p>“He was tortured until he signed,” the lawyer told the «Steppe Courier» — no doctor was let in.</p>"
)
WEATHER = "<p>Rain is expected in the north of the country on Friday.</p>\n<p>The passes stay open.</p>"


@dataclass(frozen=True)
class Crawls(Desk):
    """The desk of an operator who crawls WordPress."""

    wp: WordPress

    def crawl(self, outlet: str = "wp") -> list[str]:
        """Crawl once, which must go well; returns the articles' paths that were asked for."""
        before = len(self.wp.requests())
        self.acca("crawl", outlet)
        return [asked.target for asked in self.wp.requests()[before:] if ARTICLE_PATH.match(asked.target)]

    def revisions(self) -> list[sqlite3.Row]:
        """Every revision with its article's address, the oldest first."""
        return self.rows("SELECT r.*, a.url FROM revisions r JOIN articles a ON a.id = r.article_id ORDER BY r.id")


@pytest.fixture
def desk(tmp_path: Path, wp: WordPress) -> Crawls:
    (tmp_path / "acca.toml").write_text(
        f"""
        [crawl]
        contact = "desk@newsroom.invalid"
        delay = 0

        [outlets.acca]
        home = "{wp.url}en/"

        [[outlet]]
        name = "wp"
        base = "wordpress"
        home = "{wp.url}"
        countries = ["KG"]
        languages = ["en"]
        timezone = "Asia/Bishkek"
        """
    )
    return Crawls(tmp_path, wp)


@pytest.fixture
def posts(wp: WordPress) -> Iterator[list[Post]]:
    """The posts of one test, gone after it."""
    drafts = [
        Draft(f"Lawyer: client number {number} tortured in Karakol", BEATEN, _ago(hours=number), ("News", "Torture"))
        for number in range(1, 4)
    ]
    made = wp.create_posts([*drafts, Draft("Rain in the north", WEATHER, _ago(hours=5), ("News",), ("weather",))])
    yield made
    wp.delete_all(made)


def test_the_first_crawl_stores_every_post_as_it_was_written(desk: Crawls, posts: list[Post]) -> None:
    assert sorted(desk.crawl()) == sorted(_path(post) for post in posts)
    stored = {revision["url"].rstrip("/"): revision for revision in desk.revisions()}
    assert set(stored) == {post.url.rstrip("/") for post in posts}

    rain = stored[posts[3].url.rstrip("/")]
    assert rain["title"] == "Rain in the north"
    assert rain["text"] == "Rain is expected in the north of the country on Friday.\n\nThe passes stay open."
    assert rain["published_at"] == _ago(hours=5).replace(" ", "T") + "Z"
    assert (rain["categories"], rain["tags"]) == ('["News"]', '["weather"]')
    assert rain["rest_agreement"] == 1.0
    (run,) = desk.rows("SELECT * FROM run_outlets")
    assert (run["status"], run["way"]) == ("ok", "rest")


@pytest.mark.parametrize("off", [(), ("rest",)])
def test_the_spider_of_acca_reads_its_theme_s_pages(
    desk: Crawls, posts: list[Post], wp: WordPress, off: tuple[Feature, ...]
) -> None:
    """Without REST the trap is real: WordPress answers /en/feed/ with a feed of comments, and no article in it."""
    with wp.without(*off):
        assert sorted(desk.crawl("acca")) == sorted(_path(post) for post in posts)
    rain = next(found for found in desk.revisions() if found["title"] == "Rain in the north")
    assert rain["text"] == "Rain is expected in the north of the country on Friday.\n\nThe passes stay open."
    assert json.loads(rain["categories"]) == ["News"]
    assert rain["published_at"] == _ago(hours=5).replace(" ", "T") + "Z"
    assert rain["printed_date"] == datetime.now(ZoneInfo("Asia/Bishkek")).date().isoformat()
    assert "administrator" not in rain["authors"]
    rules = {row["rule"] for row in desk.rows("SELECT rule FROM stripped WHERE revision_id = ?", rain["id"])}
    assert len(rules) >= 2, "the author box and the feedback form are kept beside the text"


def test_torture_is_told_from_weather(desk: Crawls, posts: list[Post]) -> None:
    desk.crawl()
    levels = desk.rows(
        "SELECT a.url, f.level FROM flags f JOIN revisions r ON r.id = f.revision_id "
        "JOIN articles a ON a.id = r.article_id WHERE f.current"
    )
    alerted = {row["url"].rstrip("/") for row in levels if row["level"] == "alert"}
    assert alerted == {post.url.rstrip("/") for post in posts[:3]}


def test_an_unchanged_site_is_asked_for_no_article(desk: Crawls, posts: list[Post]) -> None:
    desk.crawl()
    before = desk.revisions()
    assert desk.crawl() == []
    assert desk.revisions() == before


def test_an_edit_becomes_a_revision_of_the_same_article(desk: Crawls, posts: list[Post], wp: WordPress) -> None:
    desk.crawl()
    wp.edit_post(posts[0], html=BEATEN + "\n<p>The ministry opened a case on Tuesday.</p>")
    assert desk.crawl() == [_path(posts[0])]
    first, second = [found for found in desk.revisions() if found["url"].rstrip("/") == posts[0].url.rstrip("/")]
    assert (first["number"], second["number"]) == (1, 2)
    assert second["text"] == first["text"] + "\n\nThe ministry opened a case on Tuesday."
    assert len(desk.revisions()) == len(posts) + 1


def test_a_new_post_is_the_only_one_fetched(desk: Crawls, posts: list[Post], wp: WordPress) -> None:
    desk.crawl()
    posts.append(wp.create_post(Draft("Second day of rain in the north", WEATHER, _ago(hours=0), ("News",))))
    assert desk.crawl() == [_path(posts[-1])]
    assert desk.revisions()[-1]["title"] == "Second day of rain in the north"


def test_a_scheduled_post_is_not_missed(desk: Crawls, posts: list[Post], wp: WordPress) -> None:
    """Published now, last modified when it was written: a filter on the time of modification alone never sees it."""
    desk.crawl()
    written = _ago(hours=5 * 24)
    posts.append(wp.create_post(Draft("Statement on Monday's verdict", WEATHER, _ago(hours=0), written_gmt=written)))
    assert desk.crawl() == [_path(posts[-1])]
    assert desk.crawl() == []


def test_removed_posts_are_noticed_and_nothing_of_them_is_lost(desk: Crawls, posts: list[Post], wp: WordPress) -> None:
    desk.crawl()
    before = desk.revisions()
    wp.delete_post(posts[0])
    wp.trash_post(posts[1])
    assert set(desk.crawl()) == {_path(posts[0]), _path(posts[1])}
    missing = desk.rows("SELECT url FROM articles WHERE missing_since IS NOT NULL")
    assert {row["url"].rstrip("/") for row in missing} == {post.url.rstrip("/") for post in posts[:2]}
    assert desk.revisions() == before


@pytest.mark.parametrize(
    ("off", "way"),
    [(("rest",), "feed"), (("rest", "feed"), "sitemap"), (("rest", "feed", "sitemap"), "listing")],
)
def test_every_other_way_in_carries_the_outlet_alone(
    desk: Crawls, posts: list[Post], wp: WordPress, off: tuple[Feature, ...], way: str
) -> None:
    with wp.without(*off):
        assert sorted(desk.crawl()) == sorted(_path(post) for post in posts)
        assert desk.crawl() == []
    assert {row["way"] for row in desk.rows("SELECT way FROM run_outlets")} == {way}


def _ago(*, hours: int) -> str:
    return (START - timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")


def _path(post: Post) -> str:
    return "/" + post.url.split("/", 3)[3]
