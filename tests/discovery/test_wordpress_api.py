"""What is asked of WordPress' REST interface, and what its answers are taken for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from acca_crawler.discovery import Fetched, WordPressApi
from acca_crawler.discovery.base import Batch
from acca_crawler.discovery.wordpress_api import parse_posts
from acca_crawler.exceptions import DiscoveryError
from acca_crawler.items import CaptureKind

HOME = "https://outlet.example/en/"


def post(number: int) -> dict[str, object]:
    return {
        "id": number,
        "link": f"https://outlet.example/en/{number}/a-b-c/",
        "date_gmt": "2026-11-20T06:00:00",
        "modified_gmt": "2026-11-21T06:00:00",
        "title": {"rendered": "Tom &amp; <i>others</i>"},
        "content": {"rendered": "<p>Text.</p>"},
    }


class Posts:
    """A site of so many posts, at the pretty address or only at the plain one."""

    def __init__(self, count: int, pretty: bool = True) -> None:
        self.count = count
        self.pretty = pretty
        self.asked: list[str] = []

    async def fetch(self, url: str, kind: CaptureKind) -> Fetched:
        self.asked.append(url)
        if not self.pretty and "rest_route" not in url:
            return Fetched(url, 404, {}, b"<html></html>")
        query = parse_qs(urlsplit(url).query)
        page, size = int(query.get("page", ["1"])[0]), int(query["per_page"][0])
        if (page - 1) * size >= max(self.count, 1):
            return Fetched(url, 400, {}, b'{"code":"rest_post_invalid_page_number"}')
        numbers = range(1, self.count + 1)[(page - 1) * size : page * size]
        return Fetched(url, 200, {"x-wp-total": str(self.count)}, json.dumps([post(n) for n in numbers]).encode())


def walk(site: Posts, since: str | None = None) -> list[int | None]:
    async def collect() -> list[int | None]:
        return [batch.total async for batch in WordPressApi().walk(site.fetch, HOME, since)]

    return asyncio.run(collect())


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (99, 1), (100, 1), (101, 2), (250, 3)])
def test_every_page_is_read_and_the_end_is_no_failure(count: int, pages: int) -> None:
    assert walk(Posts(count)) == [count] * pages


def test_only_what_is_needed_is_asked_for_with_a_day_of_overlap() -> None:
    site = Posts(1)
    walk(site, since="2026-11-20T06:00:00Z")
    query = parse_qs(urlsplit(site.asked[0]).query)
    assert query["per_page"] == ["100"]
    assert query["modified_after"] == ["2026-11-19T06:00:00Z"]
    assert set(query["_fields"][0].split(",")) >= {"link", "date_gmt", "modified_gmt", "title", "content"}


def test_the_plain_address_is_tried_where_the_pretty_one_is_off() -> None:
    site = Posts(1, pretty=False)
    assert walk(site) == [1]
    assert "rest_route=/wp/v2/posts" in site.asked[-1]


def test_a_post_is_read_as_it_is_meant() -> None:
    (listed,) = parse_posts(Fetched(HOME, 200, {}, json.dumps([post(7)]).encode())).listed
    assert (listed.title, listed.published, listed.modified, listed.body_html) == (
        "Tom & others", "2026-11-20T06:00:00Z", "2026-11-21T06:00:00Z", "<p>Text.</p>",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<!DOCTYPE html><html></html>", "HTML instead of JSON"),
        (b"", "no JSON"),
        (b'{"code":"rest_forbidden","message":"no"}', "REST error: rest_forbidden"),
        (b'"posts"', "no JSON list of posts"),
        (b"[1]", "no JSON list of posts"),
        (b'[{"id": 1}]', "not a list of posts: KeyError: 'link'"),
        (b"[" * 100_000, "no JSON"),
    ],
)
def test_what_is_no_list_of_posts_has_failed(body: bytes, why: str) -> None:
    with pytest.raises(DiscoveryError, match=why):
        parse_posts(Fetched(HOME, 200, {}, body))


def test_a_list_that_php_numbered_is_a_list() -> None:
    posts = {"1": post(7), "3": post(9) | {"title": "Tom"}}
    batch = parse_posts(Fetched(HOME, 200, {}, json.dumps(posts).encode()))
    assert [one.title for one in batch.listed] == ["Tom & others", "Tom"]


@pytest.mark.parametrize("written", ['{{"posts": {}, "total": 1}}', "[null, {}"])
def test_a_list_that_a_plugin_wrapped_or_left_a_hole_in_is_a_list(written: str) -> None:
    listed = json.dumps([post(1)])
    body = written.format(listed if "posts" in written else listed[1:]).encode()
    assert len(parse_posts(Fetched(HOME, 200, {}, body)).listed) == 1


def test_a_notice_before_the_json_and_a_remark_after_it_are_left_out() -> None:
    body = f"<br />\n<b>Notice</b>: x in <b>/y.php</b><br />\n{json.dumps([post(7)])}\n<!-- kept by a cache -->"
    assert len(parse_posts(Fetched(HOME, 200, {}, body.encode())).listed) == 1


def test_one_bad_post_is_skipped_and_counted_and_half_an_emoji_is_dropped() -> None:
    cut = post(7) | {"title": {"rendered": "Cut \ud83d"}, "date_gmt": "9999-12-31T23:59:59"}
    bad = post(8) | {"link": "https://outlet.example:port/en/8/"}
    batch = parse_posts(Fetched(HOME, 200, {"x-wp-total": "²"}, json.dumps([cut, bad, post(9)]).encode()))
    assert [(one.title, one.published) for one in batch.listed] == [
        ("Cut ", None),
        ("Tom & others", "2026-11-20T06:00:00Z"),
    ]
    assert len(batch.skipped) == 1
    assert batch.total is None


@pytest.mark.parametrize("says", [True, False])
def test_a_site_that_gives_fewer_posts_a_page_than_asked_for_is_read_to_its_end(says: bool) -> None:
    async def fetch(url: str, kind: CaptureKind) -> Fetched:
        page = int(parse_qs(urlsplit(url).query).get("page", ["1"])[0])
        numbers = range(1, 26)[(page - 1) * 10 : page * 10]
        headers = {"x-wp-total": "25", "x-wp-totalpages": "3"} if says else {}
        return Fetched(url, 200, headers, json.dumps([post(n) for n in numbers]).encode())

    async def collect() -> list[str]:
        return [one.url async for batch in WordPressApi().walk(fetch, HOME, None) for one in batch.listed]

    assert len(set(asyncio.run(collect()))) == 25


def test_large_answers_are_parsed_apart_each_once() -> None:
    site, apart = Posts(150), []

    async def parse_apart(parse: Callable[[Fetched], Batch], answer: Fetched) -> Batch:
        apart.append(answer.url)
        return parse(answer)

    async def fetch(url: str, kind: CaptureKind) -> Fetched:
        return replace(await site.fetch(url, kind), apart=parse_apart)

    async def collect() -> list[Batch]:
        return [batch async for batch in WordPressApi().walk(fetch, HOME, None)]

    assert [len(batch.listed) for batch in asyncio.run(collect())] == [100, 50]
    assert apart == site.asked[:2]


def test_a_wrong_number_of_pages_ends_no_walk_before_the_total() -> None:
    site = Posts(250)
    fetch = site.fetch

    async def one_page_it_says(url: str, kind: CaptureKind) -> Fetched:
        answer = await fetch(url, kind)
        return replace(answer, headers={**answer.headers, "x-wp-totalpages": "1"})

    site.fetch = one_page_it_says  # type: ignore[method-assign]
    assert len(walk(site)) == 3


def test_a_number_too_long_to_be_one_costs_only_its_post() -> None:
    posts = [json.dumps(post(1)), json.dumps(post(2)).replace('"id": 2', f'"id": {"9" * 5000}'), json.dumps(post(3))]
    batch = parse_posts(Fetched(HOME, 200, {}, f"[{','.join(posts)}]".encode()))
    assert [one.url[-8:-7] for one in batch.listed] == ["1", "2", "3"]


def test_a_post_without_a_date_in_gmt_has_the_sites_own() -> None:
    odd = {**post(1), "date": "2026-11-20T12:00:00", "date_gmt": "0000-00-00T00:00:00"}
    answer = Fetched(HOME, 200, {}, json.dumps([odd]).encode(), timezone="Asia/Bishkek")
    assert [one.published for one in parse_posts(answer).listed] == ["2026-11-20T06:00:00Z"]
