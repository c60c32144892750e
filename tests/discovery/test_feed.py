"""Feeds as sites write them: odd dates, wrong encodings, one item that is broken."""

from __future__ import annotations

import pytest

from acca_crawler.discovery import Fetched
from acca_crawler.discovery.feed import parse_feed
from acca_crawler.exceptions import DiscoveryError

HERE = "https://outlet.example/feed.xml"


def feed(*items: str, encoding: str = "utf-8") -> str:
    told = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>T</title>{told}</channel></rss>'
    )


def answer(body: str | bytes) -> Fetched:
    data = body if isinstance(body, bytes) else body.encode()
    return Fetched(HERE, 200, {}, data, timezone="Asia/Bishkek", fetched_at="2026-11-28T19:00:00Z")


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
