"""K-News: Kyrgyz news site; WordPress with a tagDiv theme."""

from dataclasses import replace

from acca_crawler.discovery import Sitemap
from acca_crawler.outlets import Expected, Selectors
from spiders._wordpress import WordPressSpider


class KNewsSpider(WordPressSpider):
    """K-News."""

    name = "knews"
    outlet = replace(
        WordPressSpider.outlet,
        title="K-News",
        home="https://knews.kg/",
        hosts=("knews.kg",),
        countries=("KG",),
        languages=("ru",),
        article_path=r"^/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/(?P<slug>[^/?]+)/?$",
        identity=("{y}/{m}/{d}/{slug}",),
        timezone="Asia/Bishkek",
        expected=Expected(articles_per_week=150, min_words=20, max_silence_days=5),
        selectors=Selectors(
            title="h1.entry-title, h1.tdb-title-text",
            body=".td-post-content",
            published=(
                ".td-post-header time.entry-date[datetime], .td-post-title time.entry-date[datetime], "
                ".tdb_single_date time.entry-date[datetime]"
            ),
            captions="figcaption, .wp-caption-text",
        ),
        enabled=False,
        note="To check before switching it on: the form of its addresses (from memory) and its sitemap.",
    )
    ways = (Sitemap(("/sitemap-news.xml",), lists_all=False), *WordPressSpider.ways)
