"""Eurasianet: Eurasian politics, New York; Drupal, the Russian edition on its own host."""

from dataclasses import replace

from acca_crawler.discovery import Feed
from acca_crawler.outlets import REGION, Expected, Selectors
from spiders._drupal import DrupalSpider


class EurasianetSpider(DrupalSpider):
    """Eurasianet."""

    name = "eurasianet"
    outlet = replace(
        DrupalSpider.outlet,
        title="Eurasianet",
        home="https://eurasianet.org/",
        hosts=("eurasianet.org", "www.eurasianet.org", "russian.eurasianet.org"),
        countries=REGION,
        languages=("en", "ru"),
        article_path=r"^/(?!(?:region|topics|latest|about|taxonomy|search|user|sites)(?:/|$))(?:(?:node|s)/)?(?P<slug>[a-z0-9-]{8,})/?$",
        identity=("{edition}:{slug}", "{slug}"),
        timezone="America/New_York",
        expected=Expected(articles_per_week=20, min_words=60, max_silence_days=7),
        verified="unseen",
        selectors=Selectors(),
        note="No selector is known. Many articles are on the Caucasus: all are fetched, and detection decides.",
    )
    ways = (
        Feed(("/rss", "https://russian.eurasianet.org/rss")),
        Feed(("/rss.xml",), name="rss.xml"),
        *DrupalSpider.ways[1:],
    )
