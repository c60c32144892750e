"""Of an answer with a million links, the first are read."""

from __future__ import annotations

from acca_crawler.discovery import Fetched
from acca_crawler.discovery.bounds import MAX_ITEMS, MAX_LINKS, bounded
from acca_crawler.discovery.feed import parse_feed
from acca_crawler.discovery.listing import links_on

HOME = "https://outlet.example/"


def test_a_listing_of_more_links_than_news_has_is_cut_and_says_so() -> None:
    page = "<body>" + "".join(f'<a href="/n/{n}">Report {n}</a>' for n in range(MAX_LINKS + 7)) + "</body>"
    body, cut = bounded(page.encode(), "listing")
    assert cut == ("links",)
    assert len(links_on(Fetched(HOME, 200, {}, body), "a").listed) == MAX_LINKS


def test_a_feed_of_more_items_than_news_has_is_cut_and_still_read() -> None:
    item = "<item><title>Report</title><link>https://outlet.example/n</link></item>"
    feed = f"<rss version='2.0'><channel><title>x</title>{item * 5}</channel></rss>".encode()
    assert bounded(feed, "feed") == (feed, ())
    body, cut = bounded(feed.replace(item.encode() * 5, item.encode() * (MAX_ITEMS + 1)), "feed")
    assert cut == ("items",)
    assert body.count(b"<item") == MAX_ITEMS
    assert len(parse_feed(Fetched(HOME, 200, {}, body[:2000])).listed) > 1


def test_other_answers_stay_as_they_are() -> None:
    body = b'{"a": "<a "}' * (MAX_LINKS + 1)
    assert bounded(body, "rest") == (body, ())
