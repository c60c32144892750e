"""Orda.kz: Kazakh independent newsroom; its own CMS."""

from dataclasses import replace

from acca_crawler.discovery import Listing
from acca_crawler.outlets import Expected
from spiders._generic import GenericSpider


class OrdaSpider(GenericSpider):
    """Orda.kz."""

    name = "orda"
    outlet = replace(
        GenericSpider.outlet,
        title="Orda.kz",
        home="https://orda.kz/",
        hosts=("orda.kz", "en.orda.kz", "kaz.orda.kz"),
        countries=("KZ",),
        languages=("ru", "kk", "en"),
        telegram=("orda_kz",),
        article_path=r"^/(?!(?:category|tag|author|page|search|news)(?:/|$))(?P<slug>[a-z0-9-]*-[a-z0-9-]*-[a-z0-9-]*?)(?:-(?P<id>\d+))?/?$",
        identity=("{id}", "{edition}:{slug}", "{slug}"),
        timezone="Asia/Almaty",
        expected=Expected(articles_per_week=150, min_words=20, max_silence_days=5),
        enabled=False,
        note=(
            "To check before switching it on: the form of its addresses, which is too general to tell articles from "
            "other pages. Until then only the listing leads to articles."
        ),
    )
    ways = (Listing(links="h2 a, h3 a"),)
