"""Amnesty International: news worldwide; WordPress."""

from dataclasses import replace

from acca_crawler.discovery import Feed, Sitemap
from acca_crawler.outlets import REGION, Expected
from spiders._wordpress import SITEMAPS, WordPressSpider


class AmnestySpider(WordPressSpider):
    """Amnesty International."""

    name = "amnesty"
    outlet = replace(
        WordPressSpider.outlet,
        title="Amnesty International",
        home="https://www.amnesty.org/en/location/europe-and-central-asia/",
        hosts=("www.amnesty.org", "eurasia.amnesty.org", "amnesty.org.ru"),
        countries=REGION,
        languages=("en", "ru"),
        kind="ngo",
        article_path=(
            r"^/(?:(?P<lang>en|ru)/latest/(?:news|press-release|research|campaigns)/"
            r"(?P<y>\d{4})/(?P<m>\d\d)/(?P<slug>[^/?]+)"
            r"|(?P<day>\d{4}/\d\d/\d\d)/(?P<post>[^/?]+)"
            r"|(?P<yearly>(?:kazakhstan|kyrgyzstan|tajikistan|turkmenistan|uzbekistan)-\d{4})"
            r"|(?:(?:en|ru)/)?documents/(?P<document>[^?]+?))/?$"
        ),
        identity=("{lang}/{y}/{m}/{slug}", "{day}/{post}", "{yearly}", "documents/{document}"),
        timezone="Europe/London",
        expected=Expected(articles_per_week=1, min_words=60, max_silence_days=90),
        concerns="region",
        note="Fetched: from the whole site's feed and sitemap, articles whose title, lead or address names the region.",
    )
    ways = (
        Feed(("/en/latest/news/feed/", "/en/feed/"), further="paged={page}"),
        Sitemap(SITEMAPS, lists_all=False),
    )
