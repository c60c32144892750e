"""Asia-Plus: Tajikistan's largest independent newsroom; similar to Drupal."""

from dataclasses import replace

from acca_crawler.discovery import Feed
from acca_crawler.outlets import Expected, Selectors
from spiders._drupal import DrupalSpider


class AsiaplusSpider(DrupalSpider):
    """Asia-Plus."""

    name = "asiaplus"
    outlet = replace(
        DrupalSpider.outlet,
        title="Asia-Plus",
        home="https://asiaplustj.info/",
        hosts=("asiaplustj.info", "www.asiaplustj.info", "old.asiaplustj.info", "asiaplus.news", "news.tj"),
        countries=("TJ",),
        languages=("ru", "en", "tg"),
        article_path=r"^/(?:(?P<lang>ru|en|tj)/)?news/(?P<section>[a-z/-]+)/(?P<ymd>\d{8})/(?P<slug>[^?]+?)/?$",
        identity=("{lang}/{ymd}/{slug}", "ru/{ymd}/{slug}"),
        timezone="Asia/Dushanbe",
        expected=Expected(articles_per_week=120, min_words=25, max_silence_days=4),
        verified="unseen",
        selectors=Selectors(),
        note=(
            "An article is identified without its section. The feed has been malformed at times. The date is in the "
            "address."
        ),
    )
    ways = (
        Feed(("/rss/", "/ru/rss.xml")),
        *DrupalSpider.ways[1:],
    )
