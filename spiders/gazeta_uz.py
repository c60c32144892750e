"""Gazeta.uz: Uzbek private newsroom in Russian, Uzbek (Latin and Cyrillic) and English; its own CMS."""

from dataclasses import replace

from acca_crawler.discovery import Feed
from acca_crawler.outlets import Expected, Poll
from spiders._generic import GenericSpider


class GazetaUzSpider(GenericSpider):
    """Gazeta.uz."""

    name = "gazeta_uz"
    outlet = replace(
        GenericSpider.outlet,
        title="Gazeta.uz",
        home="https://www.gazeta.uz/",
        hosts=("www.gazeta.uz", "gazeta.uz"),
        countries=("UZ",),
        languages=("ru", "uz", "en"),
        telegram=("gazetauz", "gazetauz_uzb"),
        article_path=r"^/(?P<lang>ru|uz|oz|en)/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/(?P<slug>[^/?]+)/?$",
        identity=("{lang}/{y}/{m}/{d}/{slug}",),
        timezone="Asia/Tashkent",
        expected=Expected(articles_per_week=250, min_words=20, max_silence_days=3),
        poll=Poll(min_minutes=20, max_minutes=360),
        note="Only the Russian feed is known to work.",
    )
    ways = (Feed(("/ru/rss/", "/uz/rss/", "/en/rss/")), *GenericSpider.ways[1:])
