"""Human Rights Watch: worldwide; Drupal."""

from dataclasses import replace

from acca_crawler.discovery import Feed, Listing, Sitemap
from acca_crawler.outlets import REGION, Expected, Selectors
from spiders._drupal import DrupalSpider


class HrwSpider(DrupalSpider):
    """Human Rights Watch."""

    name = "hrw"
    outlet = replace(
        DrupalSpider.outlet,
        title="Human Rights Watch",
        home="https://www.hrw.org/europe/central-asia",
        hosts=("www.hrw.org",),
        countries=REGION,
        languages=("en", "ru", "ky"),
        kind="ngo",
        article_path=r"^/(?:(?P<lang>ru|ky|fr|de)/)?(?P<kind>news|report|reports)/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/(?P<slug>[^/?]+)/?$",
        identity=("{lang}/{y}/{m}/{d}/{slug}", "{y}/{m}/{d}/{slug}"),
        timezone="America/New_York",
        expected=Expected(articles_per_week=3, min_words=60, max_silence_days=45),
        concerns="region",
        verified="unseen",
        selectors=Selectors(),
        note=(
            "Answers requests from data centres with 403. Fetched: from the feed and the region's page, articles whose "
            "title, lead or address names the region."
        ),
    )
    ways = (
        Feed(("/rss/news",)),
        Listing(links='a[href*="/news/"], a[href*="/report"]', pages="?page={page}", first_page=1),
        Sitemap(("/sitemap.xml",), lists_all=False),
    )
