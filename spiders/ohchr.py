"""UN Human Rights Office (OHCHR): worldwide; Drupal."""

from dataclasses import replace

from acca_crawler.discovery import Feed, Listing
from acca_crawler.outlets import REGION, Expected, Selectors
from spiders._drupal import DrupalSpider


class OhchrSpider(DrupalSpider):
    """UN Human Rights Office."""

    name = "ohchr"
    outlet = replace(
        DrupalSpider.outlet,
        title="UN Human Rights Office",
        home="https://www.ohchr.org/en/press-releases",
        hosts=("www.ohchr.org",),
        countries=REGION,
        languages=("en", "ru"),
        kind="un",
        article_path=r"^/(?P<lang>en|ru)/(?P<kind>press-releases|statements|news|media-advisories|stories)/(?P<y>\d{4})/(?P<m>\d\d)/(?P<slug>[^/?]+)/?$",
        identity=("{lang}/{y}/{m}/{slug}",),
        timezone="Europe/Zurich",
        expected=Expected(articles_per_week=2, min_words=60, max_silence_days=45),
        concerns="region",
        verified="unseen",
        selectors=Selectors(),
        note=(
            "Answers crawlers with 403. Fetched: articles whose title, lead or address names the region. "
            "Communications are on spcommreports.ohchr.org, which is not crawled."
        ),
    )
    ways = (
        Feed(("/en/rss.xml",)),
        Listing(links='a[href*="/press-releases/"], a[href*="/statements/"]', pages="?page={page}", first_page=1),
    )
