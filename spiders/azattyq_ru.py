"""The Russian archive of RFE/RL's Kazakh service."""

from dataclasses import replace

from acca_crawler.discovery import Sitemap
from acca_crawler.outlets import Expected
from spiders._pangea import PangeaSpider


class AzattyqRussianSpider(PangeaSpider):
    """Azattyq in Russian (RFE/RL Kazakh)."""

    name = "azattyq_ru"
    outlet = replace(
        PangeaSpider.outlet,
        title="Azattyq in Russian (RFE/RL Kazakh)",
        home="https://rus.azattyq.org/",
        hosts=("rus.azattyq.org",),
        mirrors=("www.azattyqasia.org",),
        countries=("KZ",),
        languages=("ru",),
        timezone="Asia/Almaty",
        expected=Expected(articles_per_week=0, least_words=25, greatest_silence=36500),
        enabled=False,
        note=(
            "Its front page leads to www.azattyqasia.org since 2026, which carries what is new: "
            "crawled only when named, for its archive, whose addresses keep this host. To check: "
            "whether /sitemap.xml still answers here."
        ),
    )
    ways = (Sitemap(("/sitemap.xml",)),)
