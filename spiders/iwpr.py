"""Institute for War and Peace Reporting: worldwide; Drupal."""

from dataclasses import replace

from acca_crawler.outlets import REGION, Expected, Selectors
from spiders._drupal import DrupalSpider


class IwprSpider(DrupalSpider):
    """Institute for War and Peace Reporting."""

    name = "iwpr"
    outlet = replace(
        DrupalSpider.outlet,
        title="Institute for War and Peace Reporting",
        home="https://iwpr.net/global-voices",
        hosts=("iwpr.net", "www.iwpr.net"),
        countries=REGION,
        languages=("en", "ru"),
        article_path=r"^/(?:(?P<ru>ru)/)?(?:global-voices|news)/(?P<slug>[^/?]+)/?$",
        identity=("{ru}/{slug}", "{slug}"),
        timezone="Europe/London",
        expected=Expected(articles_per_week=2, min_words=60, max_silence_days=45),
        concerns="region",
        verified="unseen",
        selectors=Selectors(),
        note="No feed is known. Fetched: articles whose title, lead or address names the region.",
    )
