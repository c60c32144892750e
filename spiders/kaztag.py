"""KazTAG: Kazakh news agency; Bitrix behind Cloudflare."""

from dataclasses import replace

from acca_crawler.discovery import Listing
from acca_crawler.outlets import Expected
from spiders._generic import GenericSpider


class KazTagSpider(GenericSpider):
    """KazTAG."""

    name = "kaztag"
    outlet = replace(
        GenericSpider.outlet,
        title="KazTAG",
        home="https://kaztag.kz/ru/",
        hosts=("kaztag.kz", "www.kaztag.kz"),
        mirrors=("kaztag.info", "www.kaztag.info"),
        countries=("KZ",),
        languages=("ru", "kk", "en"),
        article_path=r"^/(?P<lang>ru|kz|en)/news/(?P<slug>[^?]+?)/?$",
        identity=("{lang}/{slug}",),
        timezone="Asia/Almaty",
        expected=Expected(articles_per_week=200, min_words=15, max_silence_days=3),
        note="Articles are behind Cloudflare's challenge at times; kaztag.info has the same ones.",
    )
    ways = (Listing(("/ru/news/",), links='a[href*="/news/"]', pages="?PAGEN_1={page}"),)
