"""World Organisation Against Torture (OMCT): worldwide; its own CMS."""

from dataclasses import replace

from acca_crawler.discovery import Listing, Sitemap
from acca_crawler.outlets import REGION, Expected
from spiders._generic import GenericSpider


class OmctSpider(GenericSpider):
    """World Organisation Against Torture."""

    name = "omct"
    outlet = replace(
        GenericSpider.outlet,
        title="World Organisation Against Torture",
        home="https://www.omct.org/en",
        hosts=("www.omct.org", "omct.org"),
        countries=REGION,
        languages=("en", "ru"),
        kind="ngo",
        article_path=r"^/(?P<lang>en|ru|fr|es)/resources/(?P<kind>[a-z-]+)/(?P<slug>[^/?]+)/?$",
        identity=("{lang}/{kind}/{slug}",),
        timezone="Europe/Zurich",
        expected=Expected(articles_per_week=1, min_words=60, max_silence_days=90),
        concerns="region",
        note="No feed is known. Fetched: articles whose title, lead or address names the region.",
    )
    ways = (
        Sitemap(("/sitemap.xml",), lists_all=False),
        Listing(("/en/resources", "/ru/resources"), links='a[href*="/resources/"]', pages="?page={page}"),
    )
