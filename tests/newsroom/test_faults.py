"""What can be made to go wrong, each seen from the client's side."""

from __future__ import annotations

import gzip
import http.client
import time

import feedparser
import pytest

from acca_crawler.newsroom import Newsroom
from acca_crawler.newsroom.answers import BOMB_BYTES
from tests.newsroom.conftest import Get
from tests.support.desk import TIMEOUT

ARTICLE = "/ru/14210/v-bishkeke-zaderzhana-zhurnalistka-ajzhan-turatbekova/"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_rest_switched_off(newsroom: Newsroom, get: Get, status: int) -> None:
    newsroom.sites["acca"].faults.rest_off = status
    for path in ("/wp-json/", "/wp-json/wp/v2/posts", "/?rest_route=/wp/v2/posts"):
        answer = get(path)
        assert answer.status == status
        assert answer.json["data"]["status"] == status
    assert get("/feed/").status == get(ARTICLE).status == 200


def test_rest_answers_200_with_an_error(newsroom: Newsroom, get: Get) -> None:
    newsroom.sites["acca"].faults.rest_json_error = True
    answer = get("/wp-json/wp/v2/posts")
    assert answer.status == 200
    assert answer.json["code"] == "internal_server_error"


@pytest.mark.parametrize("death", ["html", "empty", "404-as-200"])
@pytest.mark.parametrize(("site", "path"), [("acca", "/en/feed/"), ("semdorog", "/rss.xml")])
def test_dead_feeds_answer_200(newsroom: Newsroom, get: Get, site: str, path: str, death: str) -> None:
    newsroom.sites[site].faults.feed_dead = death  # type: ignore[assignment]
    answer = get(path, site=site)
    assert answer.status == 200
    assert feedparser.parse(answer.body).entries == []
    if death == "empty":
        assert answer.body.startswith(b"<?xml") and b"<channel>" in answer.body
    else:
        assert b"<html" in answer.body


def test_sitemaps_as_html_and_without_dates_and_compressed(newsroom: Newsroom, get: Get) -> None:
    faults = newsroom.sites["acca"].faults
    faults.sitemap_gzip = True
    assert "/wp-sitemap.xml.gz\n" in get("/robots.txt").text
    faults.sitemap_undated = True
    assert "<lastmod>" not in get("/post-sitemap1.xml").text + get("/wp-sitemap.xml").text
    faults.sitemap_html = True
    answer = get("/wp-sitemap.xml")
    assert answer.status == 200 and b"<html" in answer.body


def test_only_one_way_left(newsroom: Newsroom, get: Get) -> None:
    faults = newsroom.sites["acca"].faults
    ways = {"rest": "/wp-json/wp/v2/posts", "feed": "/feed/", "sitemap": "/wp-sitemap.xml", "listing": "/en/"}
    for way in ways:
        faults.only(way)  # type: ignore[arg-type]
        assert {other for other, path in ways.items() if get(path).status == 200} == {way}
        assert get(ARTICLE).status == get("/robots.txt").status == 200


def test_a_status_for_a_path_or_a_pattern(newsroom: Newsroom, get: Get) -> None:
    faults = newsroom.sites["acca"].faults
    faults.status[ARTICLE] = 500
    faults.status["/en/14*"] = 429
    faults.retry_after = 7
    assert get(ARTICLE).status == 500
    limited = get("/en/14212/kazakhstan-three-men-say-they-were-tortured-in-taraz-police-department/")
    assert (limited.status, limited.headers["Retry-After"]) == (429, "7")
    assert get("/en/").status == 200
    faults.status.clear()
    assert get(ARTICLE).status == 200


def test_faults_that_pass(newsroom: Newsroom, get: Get) -> None:
    faults = newsroom.sites["acca"].faults
    faults.fail_times[ARTICLE] = 2
    assert [get(ARTICLE).status for _ in range(3)] == [503, 503, 200]
    faults.status["/feed/"] = 500
    faults.fail_times["/feed/"] = 1
    assert [get("/feed/").status for _ in range(2)] == [500, 200]
    faults.truncate.add("/en/")
    faults.fail_times["/en/"] = 1
    with pytest.raises(http.client.IncompleteRead):
        get("/en/")
    assert get("/en/").status == 200


def test_no_answer_comes(newsroom: Newsroom, get: Get) -> None:
    newsroom.sites["acca"].faults.timeout.add(ARTICLE)
    with pytest.raises(TimeoutError):
        get(ARTICLE, timeout=0.3)
    assert newsroom.requests[-1].status == 0


def test_a_hanging_answer_ends_with_the_newsroom(newsroom: Newsroom) -> None:
    site = newsroom.sites["acca"]
    site.faults.timeout.add("*")
    connection = http.client.HTTPConnection(site.url.removeprefix("http://"), timeout=TIMEOUT)
    connection.request("GET", "/en/")
    newsroom.stop()
    with pytest.raises((http.client.HTTPException, ConnectionError)):  # and no TimeoutError
        connection.getresponse()
    connection.close()


def test_fewer_bytes_than_promised(newsroom: Newsroom, get: Get) -> None:
    whole = get(ARTICLE).body
    newsroom.sites["acca"].faults.truncate.add("/ru/*")
    with pytest.raises(http.client.IncompleteRead) as caught:
        get(ARTICLE)
    assert caught.value.partial == whole[: len(whole) // 2]
    assert caught.value.expected == len(whole) - len(caught.value.partial)


def test_the_connection_is_reset(newsroom: Newsroom, get: Get) -> None:
    newsroom.sites["acca"].faults.reset.add(ARTICLE)
    with pytest.raises(ConnectionResetError):
        get(ARTICLE)
    assert get("/en/").status == 200


def test_redirects_without_end(newsroom: Newsroom, get: Get) -> None:
    newsroom.sites["acca"].faults.redirect_loop.add(ARTICLE)
    seen: set[str] = set()
    address = ARTICLE
    for _ in range(30):
        answer = get(address)
        assert answer.status == 302
        address = answer.headers["Location"]
        seen.add(address)
    assert len(seen) == 30


def test_a_bomb_is_small_on_the_wire(newsroom: Newsroom, get: Get) -> None:
    newsroom.sites["acca"].faults.bomb.add(ARTICLE)
    answer = get(ARTICLE)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.body) < 100_000
    assert len(gzip.decompress(answer.body)) == BOMB_BYTES


def test_slow_answers(newsroom: Newsroom, get: Get) -> None:
    newsroom.sites["acca"].faults.slow = 0.3
    started = time.monotonic()
    assert get("/robots.txt").status == 200
    assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize("status", [200, 403])
def test_a_challenge_in_the_articles_place(newsroom: Newsroom, get: Get, status: int) -> None:
    newsroom.sites["acca"].faults.challenge["*"] = status
    answer = get(ARTICLE)
    assert answer.status == status
    assert answer.headers["cf-mitigated"] == "challenge"
    assert answer.headers.get_all("Server") == ["cloudflare"]
    assert "Just a moment..." in answer.text and "Туратбекову" not in answer.text
    assert get("/robots.txt").text.startswith("User-agent")


@pytest.mark.parametrize("site", ["acca", "semdorog"])
def test_robots_forbids_everything(newsroom: Newsroom, get: Get, site: str) -> None:
    faults = newsroom.sites[site].faults
    faults.robots_disallow = True
    faults.crawl_delay = 2.5
    assert get("/robots.txt", site=site).text.startswith("User-agent: *\nDisallow: /\nCrawl-delay: 2.5\n")


def test_faults_of_one_site_leave_the_other_alone(newsroom: Newsroom, get: Get) -> None:
    newsroom.sites["acca"].faults.status["*"] = 500
    assert get("/en/").status == 500
    assert get("/news/", site="semdorog").status == 200


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-16"])
def test_pages_in_another_encoding(newsroom: Newsroom, get: Get, charset: str) -> None:
    faults = newsroom.sites["acca"].faults
    faults.charset = charset
    right = get(ARTICLE)
    assert right.headers["Content-Type"] == f"text/html; charset={charset}"
    assert f'<meta charset="{charset}">' in right.body.decode(charset)
    assert "Журналистку издания" in right.body.decode(charset)
    faults.charset_declared = "none"
    silent = get(ARTICLE)
    assert silent.headers["Content-Type"] == "text/html"
    assert "<meta charset" not in silent.body.decode(charset)
    faults.charset_declared = "wrong"
    wrong = get(ARTICLE)
    assert wrong.headers["Content-Type"] == "text/html; charset=UTF-8"
    assert '<meta charset="UTF-8">' in wrong.body.decode(charset)
    assert get("/feed/").body.decode().startswith("<?xml")
