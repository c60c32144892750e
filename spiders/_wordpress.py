"""The WordPress family: the CMS's own REST interface, feeds, sitemaps and default markup."""

from typing import ClassVar

from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.discovery import Feed, Listing, Sitemap, Way, WordPressApi
from acca_crawler.outlets import Outlet, Selectors

SITEMAPS = ("/wp-sitemap.xml", "/sitemap_index.xml", "/sitemap.xml")


class WordPressSpider(OutletSpider):
    """Base of every WordPress outlet."""

    family: ClassVar[str] = "wordpress"
    ways: tuple[Way, ...] = (
        WordPressApi(),
        Feed(("/feed/",), further="paged={page}"),
        Sitemap(SITEMAPS),
        Listing(links=".entry-title a, h2 a[rel=bookmark], article h2 a, article h3 a", pages="page/{page}/"),
    )
    outlet = Outlet(
        title="",
        home="",
        hosts=(),
        countries=(),
        languages=(),
        article_path=r"^/(?!(?:category|tag|author|page|feed|wp-[a-z]+)(?:/|$))(?:[^?]*/)?(?P<slug>[^/?]+)/?$",
        verified="family",
        selectors=Selectors(
            scope="article:has(h1), div[id^=post-]:has(h1), .hentry:has(h1)",
            title="h1.entry-title, h1.wp-block-post-title",
            body=".entry-content, .wp-block-post-content, .td-post-content",
            author=".entry-meta .author a, .byline .author a, .author.vcard a",
            categories=".entry-categories a, .cat-links a, .entry-category a, a[rel~=category]",
            tags=".tags-links a, .meta-tags a, a[rel=tag]",
            published="time.entry-date.published, time.entry-date",
            modified="time.updated",
            captions="figcaption, .wp-caption-text",
        ),
    )
