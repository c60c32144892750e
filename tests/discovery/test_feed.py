"""Feeds as sites write them: odd dates, wrong encodings, one item that is broken."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from acca_crawler.discovery import FeedCatalogue, Fetched
from acca_crawler.discovery.base import Batch
from acca_crawler.discovery.feed import parse_feed
from acca_crawler.exceptions import DiscoveryError
from acca_crawler.items import CaptureKind

HERE = "https://outlet.example/feed.xml"


def feed(*items: str, encoding: str = "utf-8") -> str:
    listed = "".join(f"<item>{item}</item>" for item in items)
    channel = f"<channel><title>T</title>{listed}</channel>"
    return f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0">{channel}</rss>'


def answer(body: str | bytes) -> Fetched:
    data = body if isinstance(body, bytes) else body.encode()
    return Fetched(HERE, 200, {}, data, timezone="Asia/Bishkek", fetched_at="2026-11-28T19:00:00Z")


def test_a_less_than_sign_in_a_title_costs_no_item() -> None:
    first = "<title>5 &lt; 7 & 7 < 9</title><link>https://outlet.example/1?a=1&b=2</link>"
    second = "<title><![CDATA[Two]]></title><link>https://outlet.example/2</link>"
    listed = parse_feed(answer(feed(first, second))).listed
    assert [(one.url, one.title) for one in listed] == [
        ("https://outlet.example/1?a=1&b=2", "5 < 7 & 7 < 9"), ("https://outlet.example/2", "Two"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Fri, 27 Nov 2026 10:00:00 +0600", "2026-11-27T04:00:00Z"),
        ("2026-11-27 10:00:00", "2026-11-27T04:00:00Z"),
        ("2026/11/27 10:00:00", "2026-11-27T04:00:00Z"),
        ("08-11-2026 10:00", "2026-11-08T04:00:00Z"),
        ("1795752000", "2026-11-27T04:00:00Z"),
        ("Пт, 27 ноя 2026 10:00:00 MSK", "2026-11-27T07:00:00Z"),
        ("0000-00-00 00:00:00", None),
        ("Sun, 27 Nov 2062 10:00:00 +0600", None),
        ("9999-12-31T23:59:59-06:00", None),
    ],
)
def test_dates_are_read_as_on_pages(written: str, value: str | None) -> None:
    items = (f"<link>/news/1</link><pubDate>{written}</pubDate>", "<link>/news/2</link>")
    first, second = parse_feed(answer(feed(*items))).listed
    assert (first.published, second.published) == (value, None)


def test_one_bad_item_is_skipped_and_counted() -> None:
    links = ("/news/1", "http://outlet.example:port/news/2", "http://[site]/3", "/news/4")
    batch = parse_feed(answer(feed(*(f"<link>{link}</link>" for link in links))))
    assert [one.url for one in batch.listed] == ["https://outlet.example/news/1", "https://outlet.example/news/4"]
    assert len(batch.skipped) == 2
    with pytest.raises(DiscoveryError, match="items that have an address"):
        parse_feed(answer(feed("<link>http://outlet.example:port/</link>")))


@pytest.mark.parametrize(("declared", "real"), [("utf-8", "cp1251"), ("windows-1251", "utf-8"), ("utf-8", "utf-8")])
def test_a_declared_encoding_is_believed_only_where_it_fits(declared: str, real: str) -> None:
    text = feed("<title>Житель посёлка рассказал о дороге и воде</title><link>/news/1</link>", encoding=declared)
    (one,) = parse_feed(answer(text.encode(real))).listed
    assert one.title == "Житель посёлка рассказал о дороге и воде"


def test_ampersands_in_addresses_stay_as_they_are_written() -> None:
    links = ("/?id=1&copy=2&lt=3", "<![CDATA[/?id=1&copy=2]]>", "/?id=1&amp;copy=2")
    found = [one.url for one in parse_feed(answer(feed(*(f"<link>{link}</link>" for link in links)))).listed]
    root = "https://outlet.example/?id=1&copy=2"
    assert found == [f"{root}&lt=3", root, root]


@pytest.mark.parametrize("lost", [20, 45, 90])
def test_a_feed_that_breaks_off_gives_its_whole_items(lost: int) -> None:
    whole = feed(*(f"<title>A</title><link>/news/a-long-address-{number}</link>" for number in (1, 2, 3)))
    batch = parse_feed(answer(whole[: whole.rindex("</item>") + 7 - lost]))
    assert {one.url[-1] for one in batch.listed} <= {"1", "2"}
    assert batch.skipped[-1] == "the feed breaks off in the middle"


TEXT = "<p>One.</p><p>Two.</p><p>Three.</p>"


@pytest.mark.parametrize(
    ("element", "body"),
    [
        (f"<yandex:full-text><![CDATA[{TEXT}]]></yandex:full-text>", TEXT),
        ("<yandex:full-text>One.\nTwo.</yandex:full-text>", "<p>One.</p><p>Two.</p>"),
        (f"<turbo:content><![CDATA[{TEXT}]]></turbo:content>", TEXT),
        (f"<description><![CDATA[{TEXT}]]></description>", TEXT),
        (f"<description><![CDATA[{TEXT[:-4]}… <a href=/1>More</a></p>]]></description>", None),
        (f"<description><![CDATA[{TEXT[:-4]} [&#8230;]</p>]]></description>", None),
        ("<description>One. Two. Three.</description>", None),
    ],
)
def test_the_whole_text_is_found_where_sites_put_it(element: str, body: str | None) -> None:
    spaces = 'xmlns:yandex="http://news.yandex.ru" xmlns:turbo="http://turbo.yandex.ru"'
    written = feed(f"<link>/news/1</link>{element}").replace("<rss", f"<rss {spaces}")
    assert [one.body_html for one in parse_feed(answer(written)).listed] == [body]


def test_an_identifier_that_is_an_address_serves_as_the_link() -> None:
    guid = '<guid isPermaLink="false">https://outlet.example/?p=1</guid>'
    assert [one.url for one in parse_feed(answer(feed(guid))).listed] == ["https://outlet.example/?p=1"]


def test_a_catalogue_that_fails_is_reported_beside_the_feeds_that_are_always_read() -> None:
    async def fetch(url: str, kind: CaptureKind) -> Fetched:
        return answer(feed("<link>/news/1</link>")) if kind == "feed" else Fetched(url, 500, {}, b"")

    async def walked() -> list[Batch]:
        way = FeedCatalogue("/feeds", "a", always=("/always/",))
        return [batch async for batch in way.walk(fetch, "https://outlet.example/", None)]

    read, failed = asyncio.run(walked())
    assert len(read.listed) == 1
    assert failed == Batch((), unread=("no catalogue at /feeds: HTTP 500",))


ENTRY = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>The road</title>{}<id>x</id></entry></feed>'
JSON = '{"version": "https://jsonfeed.org/version/1.1", "items": [%s]}'
ROAD = "https://outlet.example/news/the-road"


@pytest.mark.parametrize(
    "written",
    [
        feed(f"<title>The road</title><link>https://outlet.example/</link><guid>{ROAD}</guid>"),
        feed("<title>The road</title><link>outlet.example/news/the-road</link>"),
        feed("<title>The road</title><link>https://outlet.example\\news\\the-road</link>"),
        feed(f"<title>&lt;b&gt;The&lt;/b&gt;&amp;nbsp;road</title><link>{ROAD}</link><author><link>/a</link></author>"),
        ENTRY.format(f'<link rel="alternate" href="{ROAD}"/><link rel="alternate" hreflang="ky" href="/ky/1"/>'),
        gzip.compress(feed(f"<title>The road</title><link>{ROAD}</link>").encode(), mtime=0),
        JSON % f'{{"id": "1", "url": "{ROAD}", "title": "The road"}}',
    ],
)
def test_the_articles_address_and_title_are_found_however_they_are_written(written: str | bytes) -> None:
    listed = parse_feed(answer(written)).listed
    assert [(one.url, one.title) for one in listed] == [(ROAD, "The road")]
