"""Pages, feeds, sitemaps and listings of the ACCA-shaped site."""

from __future__ import annotations

import gzip
import json
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree

from acca_crawler.newsroom import Newsroom, Post
from acca_crawler.newsroom.sites.acca_pages import link, numbered
from tests.newsroom.conftest import Get, xpath

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def locations(xml: bytes) -> list[str]:
    return [str(node.text) for node in etree.fromstring(xml).iterfind(".//s:loc", SITEMAP)]


def find(newsroom: Newsroom, post_id: int) -> Post:
    return next(post for post in newsroom.posts("acca") if post.id == post_id)


# Pages


def test_the_page_is_shaped_like_the_themes(newsroom: Newsroom, get: Get) -> None:
    post = find(newsroom, 14212)
    page = get(numbered(post)).page
    (article,) = page.cssselect("main#main > div#post-14212 > .main-wrap")
    assert [node.text_content() for node in article.cssselect(".entry-header > h1.entry-title")] == [post.title]
    categories = article.cssselect(".entry-header > span.entry-categories a")
    assert tuple(node.text_content() for node in categories) == post.categories
    body = article.cssselect("div.entry-content")[0]
    own = xpath(body, "./p[not(@class)] | ./h2 | ./blockquote/p")
    assert "\n\n".join(node.text_content() for node in own) == post.text
    assert tuple(node.text_content() for node in article.cssselect(".entry-footer .meta-tags a")) == tuple(
        sorted(post.tags)
    )


def test_around_the_article_stands_what_must_go(newsroom: Newsroom, get: Get) -> None:
    page = get(numbered(find(newsroom, 14212))).page
    text = page.text_content()
    for boilerplate in (
        "Leave feedback about this",
        "Актуальность",
        "PROS",
        "Add Field",
        "Skip to content",
        "can apply",
    ):
        assert boilerplate in text
    assert page.cssselect(".about-author .author-designation")[0].text_content() == "administrator"
    assert page.cssselect(".author-title")[0].text_content() == "ACCA"
    assert page.cssselect('[name="rt_pros[]"]') and page.cssselect(".share-box-area a")
    assert len(page.cssselect(".related-post div.entry-content")) == 3


def test_the_printed_date_is_not_the_publication_date(newsroom: Newsroom, get: Get) -> None:
    post = find(newsroom, 14212)
    page = get(numbered(post)).page
    assert page.cssselect(".entry-header .post-date")[0].text_content() in ("20.08.2022", "21.08.2022", "22.08.2022")
    (document,) = page.cssselect('script[type="application/ld+json"]')
    published = f"{post.published:%Y-%m-%dT%H:%M:%S}+00:00"
    assert json.loads(document.text_content())["@graph"][0]["datePublished"] == published
    assert xpath(page, '//meta[@property="article:published_time"]/@content') == [published]


def test_some_old_pages_tell_no_date_at_all(newsroom: Newsroom, get: Get) -> None:
    page = get(link(find(newsroom, 6120))).text
    assert "article:published_time" not in page and "ld+json" not in page
    assert ".08.2022" in page


def test_every_form_of_address_gives_one_article(newsroom: Newsroom, get: Get) -> None:
    for post in (find(newsroom, 14212), find(newsroom, 6120), find(newsroom, 14210)):
        forms = (f"/{post.language}/{post.slug}/", numbered(post), f"/?p={post.id}", numbered(post) + "?utm_source=x")
        for form in (*forms, numbered(post) + "amp/"):
            page = get(form).page
            assert xpath(page, '//link[@rel="canonical"]/@href') == [newsroom.sites["acca"].url + link(post)]
            assert post.lead in page.text_content()
        assert len({get(form).body for form in forms}) == 1


def test_an_address_without_its_slash_is_redirected(newsroom: Newsroom, get: Get) -> None:
    answer = get(numbered(find(newsroom, 14212)).rstrip("/"))
    assert (answer.status, answer.headers["Location"]) == (
        301,
        newsroom.sites["acca"].url + numbered(find(newsroom, 14212)),
    )


def test_wrong_ids_languages_and_removed_articles_are_not_found(newsroom: Newsroom, get: Get) -> None:
    post = find(newsroom, 14190)
    assert get(numbered(post)).status == 200
    assert get(f"/ru/1/{post.slug}/").status == get(f"/en/{post.slug}/").status == get("/?p=77").status == 404
    newsroom.set_day(2)
    gone = get(numbered(post))
    assert gone.status == 404
    assert gone.page.cssselect(".error-404 div.entry-content")  # even this page shows cards


def test_hreflang_joins_the_translations(newsroom: Newsroom, get: Get) -> None:
    english, russian = find(newsroom, 14212), find(newsroom, 14213)
    for post in (english, russian):
        pairs = xpath(get(numbered(post)).page, "//link[@hreflang]")
        assert {(node.get("hreflang"), urlsplit(node.get("href")).path) for node in pairs} == {
            ("en", link(english)),
            ("ru", link(russian)),
        }
    assert not xpath(get("/?p=14210").page, "//link[@hreflang]")


def test_infinite_scroll_appends_another_article(get: Get) -> None:
    posts = get("/?p=14209").page.cssselect("main#main > div[id^=post-]")
    assert len(posts) == 2
    assert posts[0].get("id") == "post-14209"


def test_second_day_pages(newsroom: Newsroom, get: Get) -> None:
    assert "handcuffed me to a radiator" in get("/?p=14205").text
    newsroom.set_day(2)
    softened = get("/?p=14205").text
    assert "handcuffed me to a radiator" not in softened and "treated him roughly" in softened
    again, original = find(newsroom, 14227), find(newsroom, 14201)
    assert again.text == original.text and again.slug != original.slug
    assert get(numbered(again)).status == get(numbered(original)).status == 200


def test_pictures_and_style_answer(get: Get) -> None:
    picture = get("/wp-content/uploads/cover-1.png")
    assert picture.headers["Content-Type"] == "image/png" and picture.body.startswith(b"\x89PNG")
    assert get("/wp-content/themes/neeon/assets/css/style.css").status == 200


# Ways of discovery


@pytest.mark.parametrize("path", ["/feed/", "/en/feed/", "/ru/feed/"])
def test_feeds_page_to_the_end(newsroom: Newsroom, get: Get, path: str) -> None:
    language = path.split("/")[1] if path.count("/") == 3 else None
    expected = [post for post in newsroom.posts("acca") if language in (None, post.language)]
    found: list[str] = []
    for page in range(1, 20):
        answer = get(f"{path}?paged={page}")
        if answer.status == 404:
            break
        found += [entry.link for entry in feedparser.parse(answer.body).entries]
    assert found == [newsroom.sites["acca"].url + link(post) for post in expected]


def test_a_feed_item(newsroom: Newsroom, get: Get) -> None:
    post = find(newsroom, 14212)
    entries = {entry.id: entry for entry in feedparser.parse(get("/en/feed/").body).entries}
    entry = entries[f"{newsroom.sites['acca'].url}/?p=14212"]
    assert entry.title == post.title
    assert entry.published_parsed[:6] == post.published.timetuple()[:6]
    assert tuple(tag.term for tag in entry.tags) == post.categories
    assert "plastic bag" in entry.content[0].value
    assert get("/en/feed/").headers["Content-Type"] == "application/rss+xml; charset=UTF-8"


def test_category_feeds_and_the_plain_address(get: Get) -> None:
    entries = feedparser.parse(get("/en/category/torture-kazakhstan/feed/").body).entries
    assert [entry.id.rpartition("=")[2] for entry in entries] == ["14212"]
    assert get("/?feed=rss2").body == get("/feed/").body


def test_what_was_published_again_comes_with_tracking_arguments(newsroom: Newsroom, get: Get) -> None:
    newsroom.set_day(2)
    links = [entry.link for entry in feedparser.parse(get("/en/feed/").body).entries]
    (tracked,) = [address for address in links if "utm_source=rss" in address]
    assert get(tracked).body == get(numbered(find(newsroom, 14227))).body


@pytest.mark.parametrize("index", ["/wp-sitemap.xml", "/sitemap_index.xml"])
@pytest.mark.parametrize("gz", ["", ".gz"])
def test_sitemaps_lead_to_every_article(newsroom: Newsroom, get: Get, index: str, gz: str) -> None:
    def xml(address: str) -> bytes:
        answer = get(address)
        assert answer.status == 200
        return gzip.decompress(answer.body) if gz else answer.body

    children = locations(xml(index + gz))
    assert len(children) == 3  # two of articles, one of categories
    found = [address for child in children for address in locations(xml(child))]
    articles = {newsroom.sites["acca"].url + link(post) for post in newsroom.posts("acca")}
    assert articles < set(found)
    assert len(found) == len(set(found))
    assert all("/category/" in address for address in set(found) - articles)


def test_sitemaps_tell_the_last_change(newsroom: Newsroom, get: Get) -> None:
    newsroom.set_day(2)
    edited = find(newsroom, 14205)
    sitemap = get("/post-sitemap1.xml").text + get("/post-sitemap2.xml").text
    row = next(row for row in sitemap.split("<url>") if edited.slug in row)
    assert f"<lastmod>{edited.modified:%Y-%m-%dT%H:%M:%S}+00:00</lastmod>" in row
    assert get("/post-sitemap9.xml").status == 404


def test_robots_names_the_sitemaps(newsroom: Newsroom, get: Get) -> None:
    robots = get("/robots.txt")
    assert robots.headers["Content-Type"].startswith("text/plain")
    url = newsroom.sites["acca"].url
    assert f"Sitemap: {url}/wp-sitemap.xml\n" in robots.text and f"Sitemap: {url}/sitemap_index.xml\n" in robots.text
    assert "Disallow: /wp-admin/" in robots.text


@pytest.mark.parametrize("home", ["/", "/en/", "/ru/"])
def test_listings_page_to_the_end(newsroom: Newsroom, get: Get, home: str) -> None:
    language = home.strip("/") or None
    expected = [post for post in newsroom.posts("acca") if language in (None, post.language)]
    found: list[str] = []
    for page in range(1, 20):
        answer = get(home if page == 1 else f"{home}page/{page}/")
        if answer.status == 404:
            break
        found += xpath(
            answer.page,
            '//*[contains(@class, "blog-layout-1")]//*[@class="blog-box"]//h3[@class="entry-title"]/a/@href',
        )
        assert answer.page.cssselect(".blog-box li.post-date")
    assert found == [newsroom.sites["acca"].url + numbered(post) for post in expected]


def test_category_listings(newsroom: Newsroom, get: Get) -> None:
    found = get("/en/category/prisons/").page.cssselect(".blog-box h3.entry-title a")
    expected = [post.title for post in newsroom.posts("acca") if "Prisons" in post.categories]
    assert [node.text_content() for node in found] == expected
    assert get("/en/category/nothing/").status == 404
