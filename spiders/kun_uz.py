"""Kun.uz: Uzbekistan's most-read news site; its own CMS."""

from dataclasses import replace

from acca_crawler.discovery import Feed, Listing, Sitemap
from acca_crawler.outlets import Expected, Poll
from spiders._generic import GenericSpider


class KunUzSpider(GenericSpider):
    """Kun.uz."""

    name = "kun_uz"
    outlet = replace(
        GenericSpider.outlet,
        title="Kun.uz",
        home="https://kun.uz/",
        hosts=("kun.uz", "www.kun.uz"),
        countries=("UZ",),
        languages=("uz", "ru", "en"),
        telegram=("kunuzofficial",),
        article_path=r"^/(?:(?P<lang>uz|ru|en|kr)/)?news/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/(?P<slug>[^/?]+)/?$",
        identity=("{lang}/{y}/{m}/{d}/{slug}", "{y}/{m}/{d}/{slug}"),
        timezone="Asia/Tashkent",
        expected=Expected(articles_per_week=400, min_words=20, max_silence_days=3),
        poll=Poll(min_minutes=20, max_minutes=360),
        note="The feed has not been seen to work, and one search for a feed found none.",
    )
    ways = (
        Feed(("/news/rss",)),
        Sitemap(("/sitemap.xml",), lists_all=False),
        Listing(("/news/list", "/en/news/list", "/ru/news/list"), links='a[href*="/news/20"]'),
    )
