"""Zakon.kz: Kazakh news and law site; its own CMS."""

from dataclasses import replace

from acca_crawler.discovery import Feed, Listing
from acca_crawler.outlets import Expected, Poll
from spiders._generic import GenericSpider


class ZakonSpider(GenericSpider):
    """Zakon.kz."""

    name = "zakon"
    outlet = replace(
        GenericSpider.outlet,
        title="Zakon.kz",
        home="https://www.zakon.kz/",
        hosts=("www.zakon.kz", "zakon.kz", "online.zakon.kz"),
        countries=("KZ",),
        languages=("ru", "kk"),
        article_path=r"^/(?:[a-z-]+/)?(?P<id>\d+)-(?P<slug>[^/?]+)\.html$",
        identity=("{id}",),
        timezone="Asia/Almaty",
        expected=Expected(articles_per_week=500, min_words=15, max_silence_days=3),
        poll=Poll(min_minutes=20, max_minutes=360),
        enabled=False,
        note=(
            "To check before switching it on: the form of its addresses (from memory), and the feed, which has not "
            "been tried."
        ),
    )
    ways = (
        Feed(("/rss/news.xml",)),
        Listing(("/news/",), links=".news-item a.newscard_link"),
    )
