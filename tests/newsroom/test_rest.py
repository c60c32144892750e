"""The WordPress REST interface of the ACCA-shaped site."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest

from acca_crawler.newsroom import Newsroom
from tests.newsroom.conftest import Get

POSTS = "/wp-json/wp/v2/posts"


def test_a_page_of_posts_with_the_totals(newsroom: Newsroom, get: Get) -> None:
    count = len(newsroom.posts("acca"))
    answer = get(f"{POSTS}?per_page=20&page=2")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert answer.headers["X-WP-Total"] == str(count)
    assert answer.headers["X-WP-TotalPages"] == str(-(-count // 20))
    assert [row["id"] for row in answer.json] == [post.id for post in newsroom.posts("acca")[20:40]]


def test_a_post_has_wordpress_fields(newsroom: Newsroom, get: Get) -> None:
    post = next(post for post in newsroom.posts("acca") if post.id == 14212)
    (row,) = get(f"{POSTS}?include=14212").json
    assert row["date_gmt"] == post.published.strftime("%Y-%m-%dT%H:%M:%S")
    assert row["date"] == (post.published + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M:%S")
    assert row["modified_gmt"] == row["date_gmt"]
    assert row["slug"] == post.slug
    assert row["link"] == f"{newsroom.sites['acca'].url}/en/14212/{post.slug}/"
    assert html.unescape(row["title"]["rendered"]) == post.title
    assert row["content"]["protected"] is False
    assert "<p>Three residents of Taraz say" in row["content"]["rendered"]
    assert row["excerpt"]["rendered"].startswith("<p>Three residents")
    assert row["categories"] == [2, 3, 11, 20, 21]
    assert row["yoast_head_json"]["canonical"] == row["link"]


def test_titles_are_escaped_as_wordpress_does(get: Get) -> None:
    (row,) = get(f"{POSTS}?include=14189").json
    assert row["title"]["rendered"].startswith("&#8220;A daily torture&#8221;: residents")


def test_fields_narrow_the_answer(get: Get) -> None:
    (row,) = get(f"{POSTS}?per_page=1&_fields=id,link,title.rendered,nonsense").json
    assert set(row) == {"id", "link", "title"}
    assert set(row["title"]) == {"rendered"}


def test_past_the_end_is_wordpress_own_error(get: Get) -> None:
    answer = get(f"{POSTS}?per_page=100&page=2")
    assert answer.status == 400
    assert answer.json["code"] == "rest_post_invalid_page_number"
    assert answer.json["data"] == {"status": 400}


def test_the_pages_together_are_the_whole(newsroom: Newsroom, get: Get) -> None:
    pages = int(get(f"{POSTS}?per_page=7").headers["X-WP-TotalPages"])
    ids = [row["id"] for page in range(1, pages + 1) for row in get(f"{POSTS}?per_page=7&page={page}&_fields=id").json]
    assert ids == [post.id for post in newsroom.posts("acca")]


@pytest.mark.parametrize(
    "query", ["per_page=101", "per_page=0", "page=x", "orderby=colour", "after=yesterday", "modified_after=2026-08-31"]
)
def test_wrong_arguments_are_refused(get: Get, query: str) -> None:
    answer = get(f"{POSTS}?{query}")
    assert (answer.status, answer.json["code"]) == (400, "rest_invalid_param")


def test_order(newsroom: Newsroom, get: Get) -> None:
    newsroom.set_day(2)
    by_change = get(f"{POSTS}?orderby=modified&order=desc&per_page=100&_fields=modified_gmt").json
    assert by_change == sorted(by_change, key=lambda row: str(row["modified_gmt"]), reverse=True)
    by_id = get(f"{POSTS}?orderby=id&order=asc&per_page=100&_fields=id").json
    assert [row["id"] for row in by_id] == sorted(post.id for post in newsroom.posts("acca"))


def test_include_and_slug(get: Get) -> None:
    assert [row["id"] for row in get(f"{POSTS}?include[]=14212&include[]=14180&_fields=id").json] == [14212, 14180]
    assert [row["id"] for row in get(f"{POSTS}?include=14180,14212&orderby=include&_fields=id").json] == [14180, 14212]
    assert [row["id"] for row in get(f"{POSTS}?slug=kazakhstan-will-count-its-snow-leopards").json] == [6044]
    assert get(f"{POSTS}?include=999999").json == []


def test_moments_without_an_offset_are_the_sites_local_time(newsroom: Newsroom, get: Get) -> None:
    newest = newsroom.posts("acca")[0]
    local = newest.published + timedelta(hours=6)
    just_before = (local - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
    assert [row["id"] for row in get(f"{POSTS}?after={just_before}").json] == [newest.id]
    assert get(f"{POSTS}?after={local:%Y-%m-%dT%H:%M:%S}").json == []
    utc = (newest.published - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert [row["id"] for row in get(f"{POSTS}?after={utc}").json] == [newest.id]
    older = get(f"{POSTS}?before={just_before}&per_page=100&_fields=id").json
    assert len(older) == len(newsroom.posts("acca")) - 1


def test_modified_after_finds_new_and_edited(newsroom: Newsroom, get: Get) -> None:
    newsroom.set_day(2)
    found = get(f"{POSTS}?modified_after=2026-09-01T00:00:00Z&per_page=100&_fields=id").json
    changes = newsroom.changes("acca")
    assert {row["id"] for row in found} == {post.id for post in (*changes.new, *changes.republished, *changes.edited)}


def test_categories_with_parents_and_counts(newsroom: Newsroom, get: Get) -> None:
    answer = get("/wp-json/wp/v2/categories?per_page=100")
    terms = {term["id"]: term for term in answer.json}
    assert answer.headers["X-WP-Total"] == str(len(terms))
    assert terms[21]["name"] == "Torture Kazakhstan" and terms[21]["parent"] == 20
    assert terms[120]["name"] == "Пытки"
    expected = sum("Torture" in post.categories for post in newsroom.posts("acca"))
    assert terms[20]["count"] == expected > 0
    assert [row["id"] for row in get(f"{POSTS}?categories=21&_fields=id").json] == [14212]


def test_tags_and_single_posts_and_the_index(newsroom: Newsroom, get: Get) -> None:
    tags = {tag["name"]: tag["id"] for tag in get("/wp-json/wp/v2/tags?per_page=100").json}
    assert [row["id"] for row in get(f"{POSTS}?tags={tags['Uralsk']}&_fields=id").json] == [14201]
    assert get(f"{POSTS}/14212").json["id"] == 14212
    assert get(f"{POSTS}/1").json["code"] == "rest_post_invalid_id"
    assert "wp/v2" in get("/wp-json/").json["namespaces"]
    assert get("/wp-json/wp/v2/users").json["code"] == "rest_no_route"


def test_the_plain_address_answers_too(get: Get) -> None:
    plain = get("/?rest_route=/wp/v2/posts&per_page=3&_fields=id")
    assert plain.json == get(f"{POSTS}?per_page=3&_fields=id").json
    assert plain.headers["X-WP-Total"]


def test_pages_announce_the_interface(newsroom: Newsroom, get: Get) -> None:
    expected = f'<{newsroom.sites["acca"].url}/wp-json/>; rel="https://api.w.org/"'
    assert get("/en/").headers["Link"] == expected
    assert get("/?p=14212").headers["Link"] == expected


def test_a_removed_post_is_gone(newsroom: Newsroom, get: Get) -> None:
    assert len(get(f"{POSTS}?include=14190").json) == 1
    newsroom.set_day(2)
    assert get(f"{POSTS}?include=14190").json == []
