"""RSS and sitemap documents shared by several sites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from acca_crawler.newsroom.exchange import Response, xml
from acca_crawler.newsroom.sites.base import iso


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed.

    `published` is aware, `content` is HTML; `permalink` is whether `guid` is an address of the article.
    """

    title: str
    link: str
    guid: str
    published: datetime | None
    summary: str
    content: str = ""
    author: str = ""
    categories: tuple[str, ...] = ()
    permalink: bool = False


def rss(title: str, link: str, language: str, items: Iterable[Item]) -> Response:
    """Return an RSS 2.0 feed, valid even without items."""
    body = "\n".join(_item(item) for item in items)
    return xml(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{escape(title)}</title>\n<link>{escape(link)}</link>\n<description></description>\n"
        f"<language>{language}</language>\n{body}\n</channel>\n</rss>\n",
        "application/rss+xml; charset=UTF-8",
    )


def _item(item: Item) -> str:
    lines = [f"<title>{escape(item.title)}</title>", f"<link>{escape(item.link)}</link>"]
    if item.author:
        lines.append(f"<dc:creator><![CDATA[{item.author}]]></dc:creator>")
    if item.published is not None:
        lines.append(f"<pubDate>{format_datetime(item.published)}</pubDate>")
    lines += [f"<category><![CDATA[{category}]]></category>" for category in item.categories]
    lines.append(f'<guid isPermaLink="{str(item.permalink).lower()}">{escape(item.guid)}</guid>')
    lines.append(f"<description><![CDATA[{item.summary}]]></description>")
    if item.content:
        lines.append(f"<content:encoded><![CDATA[{item.content}]]></content:encoded>")
    return "<item>" + "\n".join(lines) + "</item>"


def urlset(entries: Iterable[tuple[str, datetime | None]]) -> Response:
    """Return a sitemap of addresses with their last change, if known."""
    return _sitemap("urlset", "url", entries)


def sitemap_index(entries: Iterable[tuple[str, datetime | None]]) -> Response:
    """Return a sitemap index."""
    return _sitemap("sitemapindex", "sitemap", entries)


def _sitemap(root: str, tag: str, entries: Iterable[tuple[str, datetime | None]]) -> Response:
    rows = "\n".join(
        f"<{tag}><loc>{escape(address)}</loc>" + (f"<lastmod>{iso(changed)}</lastmod>" if changed else "") + f"</{tag}>"
        for address, changed in entries
    )
    return xml(
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}\n</{root}>\n'
    )


def robots(edition_url: str, sitemaps: Iterable[str], *, disallow: str, crawl_delay: float | None) -> Response:
    """Return a robots.txt; `disallow` is the path forbidden to all crawlers."""
    lines = ["User-agent: *", f"Disallow: {disallow}"]
    if crawl_delay is not None:
        lines.append(f"Crawl-delay: {crawl_delay:g}")
    lines += ["", *(f"Sitemap: {edition_url}{path}" for path in sitemaps)]
    return Response("\n".join(lines).encode() + b"\n", "text/plain; charset=utf-8")
