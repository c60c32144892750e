"""The Diplomat: Asia-Pacific magazine, its Central Asia section; WordPress."""

from dataclasses import replace

from acca_crawler.discovery import Feed, Listing
from acca_crawler.outlets import REGION, Expected
from spiders._wordpress import WordPressSpider


class DiplomatSpider(WordPressSpider):
    """The Diplomat."""

    name = "diplomat"
    outlet = replace(
        WordPressSpider.outlet,
        title="The Diplomat",
        home="https://thediplomat.com/regions/central-asia/",
        hosts=("thediplomat.com",),
        countries=REGION,
        languages=("en",),
        article_path=r"^/(?P<y>\d{4})/(?P<m>\d\d)/(?P<slug>[^/?]+)/?$",
        identity=("{y}/{m}/{slug}",),
        timezone="America/New_York",
        expected=Expected(articles_per_week=8, min_words=60, max_silence_days=14),
        concerns="region",
        note=(
            "Fetched: the section's feed; if it fails, from the whole site's feed, articles whose title, lead or "
            "address names the region."
        ),
    )
    ways = (
        Feed(("feed/",), further="paged={page}"),
        Feed(("/feed/",), name="feed of the whole site", further="paged={page}"),
        Listing(links="h2 a, h3 a, h4 a", pages="page/{page}/"),
    )
