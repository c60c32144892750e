"""Daryo: Uzbek private news site; its own CMS."""

from dataclasses import replace

from acca_crawler.discovery import Feed, Listing, Sitemap
from acca_crawler.outlets import Expected, Poll
from spiders._generic import GenericSpider


class DaryoSpider(GenericSpider):
    """Daryo."""

    name = "daryo"
    outlet = replace(
        GenericSpider.outlet,
        title="Daryo",
        home="https://daryo.uz/",
        hosts=("daryo.uz", "www.daryo.uz"),
        countries=("UZ",),
        languages=("uz", "ru", "en"),
        telegram=("daryo",),
        article_path=r"^/(?:(?P<lang>ru|en|k|uz)/)?(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/(?P<slug>[^/?]+)/?$",
        identity=("{lang}/{y}/{m}/{d}/{slug}", "{y}/{m}/{d}/{slug}"),
        timezone="Asia/Tashkent",
        expected=Expected(articles_per_week=300, min_words=20, max_silence_days=3),
        poll=Poll(min_minutes=20, max_minutes=360),
        note="The feed was empty in 2026, so the listings are what is left.",
    )
    ways = (
        Feed(("/feed/", "/en/feed", "/ru/feed")),
        Sitemap(("/sitemap.xml",), lists_all=False),
        Listing(("/", "/en/", "/ru/"), links='a[href*="/20"]'),
    )
