"""The real WordPress answers as the outlets' do; what the crawl relies on is seen here first, without the crawl."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest
from lxml import etree
from parsel import Selector

from tests.support.desk import TIMEOUT
from tests.wordpress.site import Draft, Post, WordPress

pytestmark = pytest.mark.wordpress

FLASH = "<p>Two activists were detained in Karakol on Monday.</p>\n<p>Their lawyer was not let in.</p>"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    def text(self, css: str) -> list[str]:
        """The words inside every element that a CSS selector finds."""
        return [found.xpath("normalize-space()").get("") for found in Selector(self.body.decode()).css(css)]

    def addresses(self) -> list[str]:
        """What a sitemap lists."""
        return [found.text or "" for found in etree.fromstring(self.body).iter("{*}loc")]


def get(url: str) -> Answer:
    try:
        with urlopen(url, timeout=30) as response:
            return Answer(response.status, response.headers, response.read())
    except HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


@pytest.fixture(scope="module")
def posts(wp: WordPress) -> list[Post]:
    return wp.create_posts(
        Draft(
            f"Report {day} from «Karakol»", FLASH, f"2026-03-{day:02} 20:30:00", ("News", "Torture Kazakhstan"),
            ("prison",),
        )
        for day in range(1, 13)
    )  # fmt: skip


@pytest.fixture
def passing_post(wp: WordPress) -> Iterator[Post]:
    """A post that a test may do away with."""
    yield wp.create_post(Draft("Here today", FLASH, "2026-02-01 08:00:00"))


def test_addresses_carry_language_id_and_slug(wp: WordPress, posts: list[Post]) -> None:
    assert posts[0].url == f"{wp.url}en/{posts[0].id}/report-1-from-karakol/"
    assert get(posts[0].url).status == 200


def test_rest_counts_and_pages(wp: WordPress, posts: list[Post]) -> None:
    answer = get(f"{wp.url}wp-json/wp/v2/posts?per_page=5&_fields=id,date,date_gmt,link")
    assert (answer.headers["X-WP-Total"], answer.headers["X-WP-TotalPages"]) == ("12", "3")
    newest = json.loads(answer.body)[0]
    assert newest["link"] == posts[-1].url
    assert (newest["date_gmt"], newest["date"]) == ("2026-03-12T20:30:00", "2026-03-13T02:30:00")

    beyond = get(f"{wp.url}wp-json/wp/v2/posts?per_page=5&page=4")
    assert (beyond.status, json.loads(beyond.body)["code"]) == (400, "rest_post_invalid_page_number")


def test_rest_answers_without_pretty_addresses_too(wp: WordPress, posts: list[Post]) -> None:
    assert get(f"{wp.url}?rest_route=/wp/v2/posts").headers["X-WP-Total"] == str(len(posts))


def test_modified_after_names_only_what_an_editor_touched(wp: WordPress, posts: list[Post]) -> None:
    since = f"{wp.url}wp-json/wp/v2/posts?modified_after=2026-04-01T00:00:00"
    assert json.loads(get(since).body) == []
    wp.edit_post(posts[2], html=FLASH + "\n<p>One of them was let go.</p>")
    assert [found["id"] for found in json.loads(get(since).body)] == [posts[2].id]
    assert "One of them was let go." in get(posts[2].url).text("div.entry-content")[0]


def test_feed_has_pages_and_an_end(wp: WordPress, posts: list[Post]) -> None:
    first, second, third = (get(f"{wp.url}feed/?paged={page}") for page in (1, 2, 3))
    assert "rss+xml" in first.headers["Content-Type"]
    counts = [len(etree.fromstring(answer.body).findall(".//item")) for answer in (first, second)]
    assert counts == [10, len(posts) - 10]
    assert third.status == 404


def test_sitemap_is_an_index_that_leads_to_every_post(wp: WordPress, posts: list[Post]) -> None:
    index = get(f"{wp.url}wp-sitemap.xml")
    assert f"{wp.url}wp-sitemap-posts-post-1.xml" in index.addresses()
    assert set(get(f"{wp.url}wp-sitemap-posts-post-1.xml").addresses()) >= {post.url for post in posts}
    assert f"Sitemap: {wp.url}wp-sitemap.xml" in get(f"{wp.url}robots.txt").body.decode()


def test_page_has_the_theme_s_markup(posts: list[Post]) -> None:
    page = get(posts[0].url)
    article = f"main#main div#post-{posts[0].id} .main-wrap"
    assert page.text(f"{article} .entry-header > span.entry-categories a") == ["News", "Torture Kazakhstan"]
    assert page.text(f"{article} h1.entry-title") == ["Report 1 from «Karakol»"]
    assert page.text(f"{article} div.entry-content p") == [
        "Two activists were detained in Karakol on Monday.",
        "Their lawyer was not let in.",
    ]
    assert page.text(f"{article} ul.entry-meta li") == [datetime.now(ZoneInfo("Asia/Bishkek")).strftime("%d.%m.%Y")], (
        "the printed date is the day of the visit"
    )
    assert len(page.text("div.entry-content")) == 3, "two related cards reuse the body's class"
    assert page.text(".about-author .author-designation") == ["administrator"]
    assert page.text("main#main a[rel=tag]") == ["prison"]


def test_listing_pages_lead_to_posts(wp: WordPress, posts: list[Post]) -> None:
    listing = Selector(get(f"{wp.url}page/2/").body.decode())
    links = listing.css(".blog-layout-1 .blog-box h3.entry-title a::attr(href)").getall()
    assert links == [posts[1].url, posts[0].url]


@pytest.mark.parametrize("remove", [WordPress.trash_post, WordPress.delete_post])
def test_a_removed_post_is_gone_everywhere(
    wp: WordPress, passing_post: Post, remove: Callable[[WordPress, Post], None]
) -> None:
    assert get(passing_post.url).status == 200
    remove(wp, passing_post)
    assert get(passing_post.url).status == 404
    assert passing_post.url not in get(f"{wp.url}wp-sitemap-posts-post-1.xml").addresses()
    assert get(f"{wp.url}wp-json/wp/v2/posts/{passing_post.id}").status in (401, 404)


def test_each_way_in_can_be_switched_off(wp: WordPress, posts: list[Post]) -> None:
    rest, feed, sitemap = f"{wp.url}wp-json/wp/v2/posts", f"{wp.url}feed/", f"{wp.url}wp-sitemap.xml"
    with wp.without("rest", "feed", "sitemap"):
        assert get(rest).status == 401
        dead = get(feed)
        assert (dead.status, etree.fromstring(dead.body).findall(".//item")) == (200, [])
        assert get(sitemap).status == 404
        assert get(posts[0].url).status == 200
    assert [get(url).status for url in (rest, feed, sitemap)] == [200, 200, 200]


def test_a_mistake_is_reported(wp: WordPress) -> None:
    with pytest.raises(RuntimeError, match="edit_post"):
        wp.edit_post(Post(999_999, ""), title="Nobody")


def test_nothing_outlives_a_killed_test_run(tmp_path: Path) -> None:
    """Servers end with the process that started them, even when it is killed."""
    script = (
        "from tests.wordpress.site import running_wordpress\n"
        "with running_wordpress() as site:\n"
        "    print(site.access_log.parent, site.url, flush=True)\n"
        "    input()\n"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert run.stdout
    home, url = run.stdout.readline().split()
    assert get(url).status == 200
    run.kill()
    run.communicate()
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline and (servers := _processes_naming(home)):
        time.sleep(0.1)
    assert servers == []


def _processes_naming(text: str) -> list[str]:
    lines = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
        except OSError:  # it ended meanwhile
            continue
        if text in command:
            lines.append(command)
    return lines
