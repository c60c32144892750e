"""Each way of discovery carries the outlet alone; what answers 200 with something else counts as failed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from acca_crawler.newsroom import Newsroom
from acca_crawler.newsroom.faults import Faults, Way
from tests.e2e.conftest import Requested, counts
from tests.support.desk import Desk


@pytest.mark.parametrize("way", ["rest", "feed", "sitemap", "listing"])
def test_each_way_carries_the_outlet_alone(desk: Desk, newsroom: Newsroom, requested: Requested, way: Way) -> None:
    newsroom.sites["acca"].faults.only(way)
    desk.acca("crawl", "acca")
    assert desk.value("SELECT count(*) FROM articles") == len(newsroom.posts("acca"))
    assert desk.value("SELECT way FROM run_outlets") == way
    requested()
    desk.acca("crawl", "acca")
    assert requested() == []
    newsroom.set_day(2)
    if way in ("feed", "listing"):  # show the newest only: what is gone below is noticed when its visit is due
        desk.execute("UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z'")
    desk.acca("crawl", "acca")
    changes = newsroom.changes("acca")
    assert counts(desk)["new"] == len(changes.new)
    assert counts(desk)["missing"] == len(changes.removed)


def rest_is_html(faults: Faults) -> None:
    faults.challenge["/wp-json/*"] = faults.challenge["/"] = 200  # `/?rest_route=` is the same interface


def rest_is_an_error(faults: Faults) -> None:
    faults.rest_json_error = True


def feed_is_html(faults: Faults) -> None:
    faults.rest_off = 404
    faults.feed_dead = "html"


def feed_is_empty(faults: Faults) -> None:
    faults.rest_off = 401
    faults.feed_dead = "empty"


def feed_is_a_404_page(faults: Faults) -> None:
    faults.rest_off = 403
    faults.feed_dead = "404-as-200"


def sitemap_is_html(faults: Faults) -> None:
    faults.rest_off = faults.feed_off = 404
    faults.sitemap_html = True


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize(
    ("fault", "answers", "complaint"),
    [
        (rest_is_html, "feed", "rest blocked: "),
        (rest_is_an_error, "feed", "rest failed"),
        (feed_is_html, "sitemap", "HTML instead of a feed"),
        (feed_is_empty, "sitemap", "a feed without items"),
        (feed_is_a_404_page, "sitemap", "HTML instead of a feed"),
        (sitemap_is_html, "listing", "HTML instead of a sitemap"),
    ],
)
def test_a_way_that_answers_with_something_else_has_failed(
    desk: Desk, newsroom: Newsroom, fault: Callable[[Faults], None], answers: str, complaint: str
) -> None:
    fault(newsroom.sites["acca"].faults)
    out = desk.acca("crawl", "acca")
    assert complaint in out
    assert complaint in desk.acca("status")
    assert desk.value("SELECT way FROM run_outlets") == answers
    assert desk.value("SELECT count(*) FROM articles") == len(newsroom.posts("acca"))


@pytest.mark.usefixtures("brief")
def test_a_sitemap_without_times_is_read(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.sites["acca"].faults.only("sitemap")
    newsroom.sites["acca"].faults.sitemap_undated = True
    desk.acca("crawl", "acca")
    assert desk.value("SELECT count(*) FROM articles") == len(newsroom.posts("acca"))


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize("sitemap", ["/wp-sitemap.xml.gz", "/sitemap_index.xml.gz"])
def test_a_packed_sitemap_is_read(desk: Desk, newsroom: Newsroom, sitemap: str) -> None:
    with (desk.directory / "acca.toml").open("a") as file:
        file.write(
            f'\n[[outlet]]\nname = "packed"\nbase = "wordpress"\nhome = "{newsroom.sites["acca"].url}/"\n'
            f'countries = ["KG"]\nlanguages = ["en", "ru"]\nsitemaps = ["{sitemap}"]\n'
        )
    desk.acca("crawl", "packed")
    assert desk.value("SELECT count(*) FROM articles") == len(newsroom.posts("acca"))


def test_no_way_at_all_fails_the_outlet_and_says_why(desk: Desk, newsroom: Newsroom) -> None:
    faults = newsroom.sites["acca"].faults
    faults.rest_off = faults.feed_off = faults.sitemap_off = faults.listing_off = 500
    out = desk.acca("crawl", "acca", code=1)
    assert "acca: failed" in out
    for way in ("rest", "feed", "sitemap", "listing"):
        assert f"{way} failed" in out


def test_the_feed_of_the_second_outlet_dies_and_its_listing_carries_it(desk: Desk, newsroom: Newsroom) -> None:
    (desk.directory / "acca.toml").write_text(
        f"""[crawl]
delay = 0
[[outlet]]
name = "semdorog"
base = "generic"
home = "{newsroom.sites["semdorog"].url}/"
countries = ["KZ", "KG"]
languages = ["ru"]
article_path = '^/news/(?P<slug>[^/?]+)\\.html$'
feeds = ["/rss.xml"]
listings = ["/news/"]
links = "a.feed__link"
pages = "?page={{page}}"
"""
    )
    desk.acca("crawl", "semdorog")
    assert desk.value("SELECT way FROM run_outlets") == "feed"
    newsroom.set_day(2)
    out = desk.acca("crawl", "semdorog")
    assert "HTML instead of a feed" in out
    assert desk.value("SELECT way FROM run_outlets WHERE run_id = 2") == "listing"
    titles = {row["title"] for row in desk.rows("SELECT title FROM revisions")}
    assert {post.title for post in newsroom.changes("semdorog").new} <= titles
