"""Committee to Protect Journalists: worldwide; WordPress."""

from dataclasses import replace

from acca_crawler.outlets import REGION, Expected
from spiders._wordpress import WordPressSpider


class CpjSpider(WordPressSpider):
    """Committee to Protect Journalists."""

    name = "cpj"
    outlet = replace(
        WordPressSpider.outlet,
        title="Committee to Protect Journalists",
        home="https://cpj.org/europe/",
        hosts=("cpj.org",),
        countries=REGION,
        languages=("en", "ru"),
        kind="ngo",
        article_path=r"^/(?:(?P<lang>ru)/)?(?P<y>\d{4})/(?P<m>\d\d)/(?P<slug>[^/?]+)/?$",
        identity=("{lang}/{y}/{m}/{slug}", "{y}/{m}/{slug}"),
        timezone="America/New_York",
        expected=Expected(articles_per_week=2, min_words=60, max_silence_days=45),
        concerns="region",
        note="Fetched: from everything that the site lists, articles whose title, lead or address names the region.",
    )
