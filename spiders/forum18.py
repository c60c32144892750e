"""Forum 18: freedom of religion or belief, Oslo; its own CMS in PHP."""

from dataclasses import replace

from acca_crawler.discovery import Feed, Listing
from acca_crawler.outlets import REGION, Expected
from spiders._generic import GenericSpider


class Forum18Spider(GenericSpider):
    """The query string is the article's identity."""

    name = "forum18"
    outlet = replace(
        GenericSpider.outlet,
        title="Forum 18",
        home="https://www.forum18.org/",
        hosts=("www.forum18.org", "forum18.org"),
        countries=REGION,
        languages=("en", "ru"),
        kind="ngo",
        article_path=r"^/[Aa]rchive\.php\?(?:[^#]*&)?article_id=(?P<id>\d+)(?:&[^#]*)?$",
        identity=("{id}",),
        keep_query=("article_id",),
        timezone="Europe/Oslo",
        expected=Expected(articles_per_week=3, min_words=60, max_silence_days=30),
        note="Also covers Russia, Belarus and Azerbaijan: everything is fetched.",
    )
    ways = (
        Feed(("/syndication/forum18.xml",)),
        Listing(("/", "/archive.php"), links='a[href*="article_id="]'),
    )
