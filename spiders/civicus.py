"""CIVICUS Monitor: civic space in every country of the world; its own CMS."""

from dataclasses import replace

from acca_crawler.discovery import Listing, Sitemap
from acca_crawler.outlets import REGION, Expected
from spiders._generic import GenericSpider


class CivicusSpider(GenericSpider):
    """CIVICUS Monitor."""

    name = "civicus"
    outlet = replace(
        GenericSpider.outlet,
        title="CIVICUS Monitor",
        home="https://monitor.civicus.org/",
        hosts=("monitor.civicus.org",),
        countries=REGION,
        languages=("en",),
        kind="ngo",
        article_path=r"^/(?:explore|updates/\d{4}/\d\d/\d\d)/(?P<slug>[^/?]+)/?$",
        identity=("{slug}",),
        expected=Expected(articles_per_week=1, min_words=60, max_silence_days=90),
        concerns="region",
        note="No feed is known. Fetched: articles whose title, lead or address names the region.",
    )
    ways = (
        Sitemap(("/sitemap.xml",), lists_all=False),
        Listing(("/explore/",), links='a[href*="/explore/"]'),
    )
