"""The Russian archive of RFE/RL's Uzbek service."""

from dataclasses import replace

from acca_crawler.discovery import Sitemap
from acca_crawler.outlets import Expected
from spiders._pangea import PangeaSpider


class OzodlikRussianSpider(PangeaSpider):
    """Ozodlik in Russian (RFE/RL Uzbek)."""

    name = "ozodlik_ru"
    outlet = replace(
        PangeaSpider.outlet,
        title="Ozodlik in Russian (RFE/RL Uzbek)",
        home="https://rus.ozodlik.org/",
        hosts=("rus.ozodlik.org",),
        mirrors=("www.azattyqasia.org",),
        countries=("UZ",),
        languages=("ru",),
        timezone="Asia/Tashkent",
        expected=Expected(articles_per_week=0, least_words=25, greatest_silence=36500),
        enabled=False,
        note=(
            "Its front page leads to www.azattyqasia.org since 2026, which carries what is new: "
            "crawled only when named, for its archive, whose addresses keep this host. To check: "
            "whether /sitemap.xml still answers here."
        ),
    )
    ways = (Sitemap(("/sitemap.xml",)),)
