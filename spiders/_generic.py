"""The generic family: no CMS that we know; the usual feeds and sitemaps, JSON-LD, meta tags, generic extraction."""

from typing import ClassVar

from acca_crawler.discovery import Feed, Listing, Sitemap, Way
from acca_crawler.outlet_spider import OutletSpider
from acca_crawler.outlets import Outlet


class GenericSpider(OutletSpider):
    """Base of every outlet whose markup nobody has seen, or that is one of a kind."""

    family: ClassVar[str] = "generic"
    ways: tuple[Way, ...] = (
        Feed(("/rss", "/feed/", "/rss.xml")),
        Sitemap(("/sitemap.xml", "/sitemap_index.xml")),
        Listing(links="h2 a, h3 a, article a"),
    )
    outlet = Outlet(
        title="",
        home="",
        hosts=(),
        countries=(),
        languages=(),
        article_path=r"^/(?:[^?]*/)?[^/?]+(?:-[^/?-]+){2,}/?$|^/[^?]*\d{4,}[^?]*$",
        standing="unseen",
    )
