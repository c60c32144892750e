"""The generic family: sites without a known CMS, read by JSON-LD, meta tags and the generic extractor."""

from typing import ClassVar

from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.discovery import Feed, Listing, Sitemap, Way
from acca_crawler.outlets import Expected, Outlet


class GenericSpider(OutletSpider):
    """Base of every outlet with its own CMS. Declare selectors only for pages that you have seen."""

    family: ClassVar[str] = "generic"
    ways: tuple[Way, ...] = (
        Feed(("/rss", "/feed/", "/rss.xml"), every=False),
        Sitemap(("/sitemap.xml",)),
        Listing(links="article a, h2 a, h3 a"),
    )
    outlet = Outlet(
        title="",
        home="",
        hosts=(),
        countries=(),
        languages=(),
        article_path=(
            r"^(?!/(?:category|tag|author|page|search)(?:/|$))"
            r"[^?]*(?:[^/?]{8}|(?<!/page)/(?!(?:19|20)\d\d(?:[/?]|$))[^/?]*\d{3}|\?(?:.*&)?(?:\w*id|p)=\d)"
        ),
        verified="unseen",
        expected=Expected(articles_per_week=10, min_words=25),
    )
