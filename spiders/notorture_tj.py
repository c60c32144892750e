"""Civil Society Coalition against Torture and Impunity in Tajikistan; Drupal."""

from dataclasses import replace

from acca_crawler.discovery import Feed
from acca_crawler.outlets import Expected
from spiders._drupal import DrupalSpider


class NoTortureTajikistanSpider(DrupalSpider):
    """Civil Society Coalition against Torture and Impunity in Tajikistan."""

    name = "notorture_tj"
    outlet = replace(
        DrupalSpider.outlet,
        title="Civil Society Coalition against Torture and Impunity in Tajikistan",
        home="https://notorturetj.org/",
        hosts=("notorturetj.org", "www.notorturetj.org"),
        countries=("TJ",),
        languages=("en", "ru", "tg"),
        kind="ngo",
        article_path=r"^/(?P<lang>en|ru|tj)/(?:news|press|node)/(?P<slug>[^/?]+)/?$",
        identity=("{lang}/{slug}",),
        timezone="Asia/Dushanbe",
        expected=Expected(articles_per_week=2, min_words=30, max_silence_days=90),
        note=(
            "No feed is known: the default address of Drupal is tried. /node/<id> is the same article as the readable "
            "address: the page's canonical address decides."
        ),
    )
    ways = (
        Feed(("/ru/rss.xml", "/en/rss.xml", "/rss.xml")),
        *DrupalSpider.ways[1:],
    )
