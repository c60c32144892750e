"""Bir Duino Kyrgyzstan: human rights movement, Bishkek; its own CMS."""

from dataclasses import replace

from acca_crawler.discovery import Listing
from acca_crawler.outlets import Expected
from spiders._generic import GenericSpider


class BirDuinoSpider(GenericSpider):
    """Its slugs contain spaces, commas and curly quotes, percent-encoded once."""

    name = "birduino"
    outlet = replace(
        GenericSpider.outlet,
        title="Bir Duino Kyrgyzstan",
        home="https://birduino.kg/",
        hosts=("birduino.kg", "www.birduino.kg"),
        countries=("KG",),
        languages=("ru", "ky", "en"),
        kind="ngo",
        article_path=r"^/(?P<lang>en|ru|kg)/(?P<section>press|news|novosti)/(?P<slug>[^?]+?)/?$",
        identity=("{lang}/{slug}",),
        timezone="Asia/Bishkek",
        expected=Expected(articles_per_week=2, min_words=30, max_silence_days=90),
        note="No feed is known.",
    )
    ways = (
        Listing(
            ("/ru/press", "/en/press", "/ru/news"), links='a[href*="/press/"], a[href*="/news/"], a[href*="/novosti/"]'
        ),
    )
